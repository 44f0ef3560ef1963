package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;
import static org.isthmus.comm.program.Verify.raises;
import static org.isthmus.comm.program.Verify.that;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import mpi.Info;
import mpi.Intercomm;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;
import mpi.Status;

/** Main of the ranks of {@link DynamicTest}: the first argument says what they do. */
public final class DynamicMain {
    private static final int LARGE = 3 << 20;

    private DynamicMain() {}

    public static void main(String[] args) throws Throwable {
        MPI.Init(args);
        try {
            DynamicMain.class.getDeclaredMethod(args[0], String[].class).invoke(null, (Object) args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        MPI.Finalize();
        System.out.println("finalized");
    }

    /** Opens a port and tells it by a file. */
    static void accept(String[] args) throws Throwable {
        String port = null;
        if (MPI.COMM_WORLD.getRank() == 0) {
            port = Intracomm.openPort();
            Path draft = Path.of(args[1] + ".draft");
            Files.writeString(draft, port);
            Files.move(draft, Path.of(args[1]), StandardCopyOption.ATOMIC_MOVE);
        }
        Intercomm inter = MPI.COMM_WORLD.accept(port, 0);
        everything(inter);
        inter.disconnect();
        that(inter.isNull(), "disconnected");
        // The same two jobs meet once more, at the same port.
        Intercomm again = MPI.COMM_WORLD.accept(port, null, 0);
        messages(again);
        again.disconnect();
        if (port != null) {
            Intracomm.closePort(port);
        }
    }

    static void connect(String[] args) throws Throwable {
        String port = null;
        int root = MPI.COMM_WORLD.getSize() - 1;
        if (MPI.COMM_WORLD.getRank() == root) {
            while (!Files.exists(Path.of(args[1]))) {
                Thread.sleep(10);
            }
            port = Files.readString(Path.of(args[1]));
        }
        Intercomm inter = MPI.COMM_WORLD.connect(port, root);
        everything(inter);
        inter.disconnect();
        Intercomm again = MPI.COMM_WORLD.connect(port, null, root);
        messages(again);
        again.disconnect();
    }

    /** Every use of an intercommunicator between jobs. */
    private static void everything(Intercomm inter) throws Throwable {
        messages(inter);
        merged(inter);
        IntercommPrograms.runOver(inter);
        Method[] programs = IntercommPrograms.class.getDeclaredMethods();
        Arrays.sort(programs, Comparator.comparing(Method::getName));
        for (Method program : programs) {
            if (program.isAnnotationPresent(Program.class)) {
                try {
                    program.invoke(null);
                } catch (InvocationTargetException e) {
                    throw new AssertionError("program " + program.getName(), e.getCause());
                }
                System.out.println("passed " + program.getName());
            }
        }
    }

    /** Messages of all protocols between all pairs, in both directions at the same time. */
    static void messages(Intercomm inter) throws MPIException {
        int remote = inter.getRemoteSize();
        int rank = inter.getRank();
        for (int bytes : new int[] {0, 1, 1000, 5000, 60_000, LARGE}) {
            Request[] requests = new Request[2 * remote];
            ByteBuffer[] in = new ByteBuffer[remote];
            for (int i = 0; i < remote; i++) {
                in[i] = MPI.newByteBuffer(bytes);
                requests[i] = inter.iRecv(in[i], bytes, MPI.BYTE, i, 7);
            }
            for (int i = 0; i < remote; i++) {
                ByteBuffer out = i % 2 == 0 ? MPI.newByteBuffer(bytes) : ByteBuffer.allocateDirect(bytes);
                out.put(0, pattern(31 * rank + 7 * i, bytes));
                requests[remote + i] = bytes == 1000 ? inter.isSend(out, bytes, MPI.BYTE, i, 7)
                        : inter.iSend(out, bytes, MPI.BYTE, i, 7);
            }
            Request.waitAll(requests);
            for (int i = 0; i < remote; i++) {
                equal(-1, in[i].mismatch(ByteBuffer.wrap(pattern(31 * i + 7 * rank, bytes))),
                        "first wrong one of " + bytes + " bytes from " + i);
            }
        }
        // Unexpected, in order, more than the eager window in all, and into arrays.
        int count = 20_000;
        int partner = rank % remote;
        boolean paired = inter.getSize() == remote || rank < Math.min(inter.getSize(), remote);
        if (paired) {
            int[] out = new int[count];
            int[] got = new int[count];
            Request[] sends = new Request[20];
            for (int i = 0; i < sends.length; i++) {
                Arrays.fill(out, i);
                inter.sendRecv(out, i * 1000, MPI.INT, partner, i, got, count, MPI.INT, partner, i);
                for (int k = 0; k < i * 1000; k++) {
                    equal(i, got[k], "element");
                }
            }
            for (int i = 0; i < 50; i++) {
                inter.send(new int[] {i}, 1, MPI.INT, partner, 3);
            }
            for (int i = 0; i < 50; i++) {
                Status status = inter.recv(got, count, MPI.INT, MPI.ANY_SOURCE, 3);
                equal(i, got[0], "order");
                equal(partner, status.getSource(), "source");
                equal(1, status.getCount(MPI.INT), "count");
            }
        }
        inter.barrier();
    }

    private static byte[] pattern(int seed, int length) {
        byte[] bytes = new byte[length];
        for (int k = 0; k < length; k++) {
            bytes[k] = (byte) (seed + k);
        }
        return bytes;
    }

    /** The two jobs as one intracommunicator, its duplicates and parts. */
    private static void merged(Intercomm inter) throws MPIException {
        Intracomm all = inter.merge(false);
        int size = inter.getSize() + inter.getRemoteSize();
        equal(size, all.getSize(), "size");
        long[] sum = {all.getRank()};
        all.allReduce(sum, 1, MPI.LONG, MPI.SUM);
        equal((long) size * (size - 1) / 2, sum[0], "sum of ranks");
        Intracomm copy = all.dup();
        Intracomm part = copy.split(copy.getRank() % 2, -copy.getRank());
        int[] ranks = new int[part.getSize()];
        part.allGather(new int[] {copy.getRank()}, 1, MPI.INT, ranks, 1, MPI.INT);
        for (int i = 1; i < ranks.length; i++) {
            equal(ranks[i - 1] - 2, ranks[i], "split");
        }
        Intracomm here = all.splitType(mpi.Comm.TYPE_SHARED, 0, MPI.INFO_NULL);
        equal(MPI.COMM_WORLD.getSize(), here.getSize(), "processes that share memory");
        double[] data = new double[100_000];
        if (copy.getRank() == size - 1) {
            Arrays.setAll(data, i -> i * 0.5);
        }
        copy.bcast(data, data.length, MPI.DOUBLE, size - 1);
        equal(49_999.5, data[data.length - 1], "bcast");
        mpi.CartComm ring = all.createCart(new int[] {size}, new boolean[] {true}, true);
        int[] left = new int[1];
        mpi.ShiftParms shift = ring.shift(0, 1);
        ring.sendRecv(new int[] {ring.getRank()}, 1, MPI.INT, shift.getRankDest(), 0, left, 1, MPI.INT,
                shift.getRankSource(), 0);
        equal((ring.getRank() + size - 1) % size, left[0], "ring");
        for (Intracomm comm : List.of(ring, here, part)) {
            comm.free();
        }
        copy.disconnect();
        all.disconnect();
    }

    /** Publishes, and is met by name. */
    static void publish(String[] args) throws MPIException {
        MPI.COMM_WORLD.setErrhandler(MPI.ERRORS_RETURN);
        String port = Intracomm.openPort(MPI.INFO_NULL);
        Intracomm.publishName("a service/of mine", port);
        equal(port, Intracomm.lookupName("a service/of mine"), "own name");
        raises(MPI.ERR_SERVICE, () -> Intracomm.publishName("a service/of mine", port), "twice", "published already");
        Intercomm inter = MPI.COMM_SELF.accept(port, 0);
        messages(inter);
        inter.disconnect();
        Intracomm.unpublishName("a service/of mine", port);
        raises(MPI.ERR_SERVICE, () -> Intracomm.unpublishName("a service/of mine", port), "twice", "has not published");
        raises(MPI.ERR_NAME, () -> Intracomm.lookupName("a service/of mine"), "unpublished", "a service/of mine");
        Intracomm.publishName("taken back", MPI.INFO_NULL, port);
        Intracomm.unpublishName("taken back", MPI.INFO_NULL, port);
        raises(MPI.ERR_NAME, () -> Intracomm.lookupName("taken back"), "taken back", "taken back");
        Intracomm.publishName("left to the end", MPI.INFO_NULL, port);
        Intracomm.closePort(port);
    }

    static void look(String[] args) throws Exception {
        MPI.COMM_WORLD.setErrhandler(MPI.ERRORS_RETURN);
        String port = null;
        while (port == null) {
            try {
                port = Intracomm.lookupName("a service/of mine", MPI.INFO_NULL);
            } catch (MPIException e) {
                equal(MPI.ERR_NAME, e.getErrorClass(), "class");
                Thread.sleep(20);
            }
        }
        String found = port;
        raises(MPI.ERR_SERVICE, () -> Intracomm.publishName("a service/of mine", found), "another's", "already");
        Intercomm inter = MPI.COMM_SELF.connect(port, 0);
        messages(inter);
        inter.disconnect();
    }

    private static String[] child(String... arguments) {
        String[] argv = new String[arguments.length + 3];
        argv[0] = "-XX:TieredStopAtLevel=1";
        argv[1] = "-XX:+UseSerialGC";
        argv[2] = DynamicMain.class.getName();
        System.arraycopy(arguments, 0, argv, 3, arguments.length);
        return argv;
    }

    /** Spawns three processes from the last rank; {@link #serve} is the other side. */
    static void spawn(String[] args) throws Throwable {
        int root = MPI.COMM_WORLD.getSize() - 1;
        boolean atRoot = MPI.COMM_WORLD.getRank() == root;
        that(Intercomm.getParent().isNull(), "a process of the launcher has no parent");
        int[] errors = {9, 9, 9};
        Intercomm inter = atRoot
                ? MPI.COMM_WORLD.spawn("java", child("serve", "hello", "two words"), 3, MPI.INFO_NULL, root, errors)
                : MPI.COMM_WORLD.spawn(null, null, 0, null, root, errors);
        equal(new int[3], errors, "error codes");
        equal(3, inter.getRemoteSize(), "children");
        messages(inter);
        merged(inter);
        inter.disconnect();
    }

    static void serve(String[] args) throws Throwable {
        equal(List.of("serve", "hello", "two words"), List.of(args), "arguments");
        Intercomm parent = Intercomm.getParent();
        that(!parent.isNull() && parent.isInter(), "has a parent");
        equal(3, MPI.COMM_WORLD.getSize(), "children");
        equal(0, MPI.COMM_WORLD.getAttr(MPI.APPNUM), "application number");
        messages(parent);
        merged(parent);
        parent.disconnect();
        that(Intercomm.getParent().isNull(), "no parent after disconnect");
    }

    /** Two commands, hints, an explicit class path, and children of children; nobody disconnects. */
    static void spawnMultiple(String[] args) throws Throwable {
        Info here = new Info();
        here.set("wdir", args[1]);
        here.set("host", "localhost");
        String[] second = child("leaf", args[1]);
        String[] withClassPath = new String[second.length + 2];
        withClassPath[0] = "-cp";
        withClassPath[1] = args[1];
        System.arraycopy(second, 0, withClassPath, 2, second.length);
        Intercomm inter = MPI.COMM_WORLD.spawnMultiple(new String[] {"java", "java"},
                new String[][] {child("branch", args[1]), withClassPath}, new int[] {1, 2},
                new Info[] {null, here}, 0, null);
        equal(3, inter.getRemoteSize(), "children");
        int[] numbers = new int[3];
        inter.gather(null, 0, MPI.INT, numbers, 1, MPI.INT, MPI.COMM_WORLD.getRank() == 0 ? MPI.ROOT : MPI.PROC_NULL);
        if (MPI.COMM_WORLD.getRank() == 0) {
            equal(new int[] {0, 1, 1}, numbers, "application numbers");
        }
    }

    static void branch(String[] args) throws Throwable {
        Intercomm grandchild = MPI.COMM_SELF.spawn("java", child("twig"), 1, MPI.INFO_NULL, 0, null);
        int[] got = new int[1];
        grandchild.recv(got, 1, MPI.INT, 0, 0);
        equal(17, got[0], "from the grandchild");
        leaf(args);
    }

    static void leaf(String[] args) throws Throwable {
        int number = (Integer) MPI.COMM_WORLD.getAttr(MPI.APPNUM);
        if (number == 1) {
            equal(Path.of(args[1]).toRealPath(), Path.of("").toRealPath(), "working directory");
        }
        Intercomm.getParent().gather(new int[] {number}, 1, MPI.INT, null, 0, MPI.INT, 0);
    }

    static void twig(String[] args) throws Throwable {
        Intercomm.getParent().send(new int[] {17}, 1, MPI.INT, 0, 0);
    }

    /** Spawns that fail leave the parents usable: a later one works. */
    static void failingSpawns(String[] args) throws Throwable {
        Intracomm world = MPI.COMM_WORLD;
        world.setErrhandler(MPI.ERRORS_RETURN);
        boolean atRoot = world.getRank() == 0;
        String host = MPI.getProcessorName();
        int[] errors = new int[2];
        fails(atRoot, () -> world.spawn("no-such-program", null, 2, null, 0, errors), "no-such-program", host,
                "No such file");
        equal(new int[] {MPI.ERR_SPAWN, MPI.ERR_SPAWN}, errors, "error codes");
        fails(atRoot, () -> world.spawn("false", new String[0], 1, null, 0, null), "false", host, "exit code 1");
        fails(atRoot, () -> world.spawn("java", new String[] {"no.such.Main"}, 1, null, 0, null), "java", host,
                "exit code 1");
        Info elsewhere = new Info();
        elsewhere.set("host", "elsewhere.invalid");
        fails(atRoot, () -> world.spawn("java", child("serve"), 1, elsewhere, 0, null), "elsewhere.invalid", host);
        Info lost = new Info();
        lost.set("wdir", "/no/such/directory");
        fails(atRoot, () -> world.spawn("java", child("serve"), 1, lost, 0, null), "/no/such/directory", host);
        // One of two cannot be started: the other is not left.
        fails(atRoot, () -> world.spawnMultiple(new String[] {"sleep", "no-such-program"},
                new String[][] {{"1000"}, null}, new int[] {1, 1}, null, 0, errors), "no-such-program");
        equal(0L, ProcessHandle.current().descendants().filter(ProcessHandle::isAlive).count(), "left processes");
        wrong(atRoot, MPI.ERR_ARG, () -> world.spawn(null, null, 1, null, 0, null), "command 0 is null");
        wrong(atRoot, MPI.ERR_ARG, () -> world.spawn("java", null, 0, null, 0, null), "maxprocs", "is 0");
        wrong(atRoot, MPI.ERR_ARG, () -> world.spawn("java", new String[] {null}, 1, null, 0, null), "argv");
        wrong(atRoot, MPI.ERR_ARG, () -> world.spawn("java", null, 2, null, 0, new int[1]), "errcodes");
        wrong(atRoot, MPI.ERR_ARG, () -> world.spawnMultiple(new String[] {"a", "b"}, null, new int[] {1}, null, 0,
                null), "maxprocs has 1");
        raises(MPI.ERR_RANK, () -> world.spawn("java", null, 1, null, 99, null), "root", "root is 99");
        Intercomm inter = world.spawn("java", child("quiet"), 1, null, 0, null);
        inter.barrier();
        inter.disconnect();
    }

    static void quiet(String[] args) throws Throwable {
        Intercomm.getParent().barrier();
        Intercomm.getParent().disconnect();
    }

    private static void fails(boolean atRoot, Verify.Call spawn, String... parts) {
        wrong(atRoot, MPI.ERR_SPAWN, spawn, parts);
    }

    private static void wrong(boolean atRoot, int errorClass, Verify.Call spawn, String... parts) {
        if (atRoot) {
            raises(errorClass, spawn, "spawn", parts);
        } else {
            raises(errorClass, spawn, "spawn", "rank 0", "root");
        }
    }

    /** Ports that are wrong. */
    static void wrongPorts(String[] args) throws Throwable {
        Intracomm world = MPI.COMM_WORLD;
        world.setErrhandler(MPI.ERRORS_RETURN);
        boolean atRoot = world.getRank() == 0;
        String closed = Intracomm.openPort();
        Intracomm.closePort(closed);
        that(closed.length() < MPI.MAX_PORT_NAME, "length of a port's name");
        raises(MPI.ERR_PORT, () -> Intracomm.closePort(closed), "closed twice", "not open");
        raises(MPI.ERR_PORT, () -> Intracomm.closePort("nonsense"), "nonsense", "openPort");
        for (String port : new String[] {closed, "nonsense", null, closed.substring(0, closed.length() / 2)}) {
            if (atRoot) {
                raises(MPI.ERR_PORT, () -> world.accept(port, 0), "accept", "port");
                raises(MPI.ERR_PORT, () -> world.connect(port, 0), "connect", "port");
            } else {
                raises(MPI.ERR_PORT, () -> world.accept(port, 0), "accept", "rank 0");
                raises(MPI.ERR_PORT, () -> world.connect(port, 0), "connect", "rank 0");
            }
        }
        raises(MPI.ERR_RANK, () -> world.accept(closed, -1), "root", "root is -1");
        raises(MPI.ERR_RANK, () -> world.connect(closed, 77), "root", "root is 77");
        raises(MPI.ERR_RANK, () -> world.accept(closed, MPI.INFO_NULL, -1), "root", "root is -1");
        raises(MPI.ERR_RANK, () -> world.connect(closed, MPI.INFO_NULL, 77), "root", "root is 77");
        raises(MPI.ERR_ARG, () -> Intracomm.publishName(null, MPI.INFO_NULL, closed), "service", "service is null");
        raises(MPI.ERR_ARG, () -> Intracomm.lookupName(null, MPI.INFO_NULL), "service", "service is null");
        raises(MPI.ERR_SERVICE, () -> Intracomm.unpublishName("not there", MPI.INFO_NULL, closed), "name", "not there");
        raises(MPI.ERR_ARG, () -> Intracomm.publishName(null, closed), "service", "service is null");
        raises(MPI.ERR_ARG, () -> Intracomm.publishName("a", null), "port", "port is null");
        raises(MPI.ERR_ARG, () -> Intracomm.lookupName(""), "service", "service is empty");
        raises(MPI.ERR_NAME, () -> Intracomm.lookupName("not there"), "name", "not there");
        raises(MPI.ERR_SERVICE, () -> Intracomm.unpublishName("not there", closed), "name", "not there");
        world.barrier();
    }

    /** Two groups of one job meet at a port. */
    static void twoGroupsOfOneJob(String[] args) throws Throwable {
        int rank = MPI.COMM_WORLD.getRank();
        Intracomm half = MPI.COMM_WORLD.split(rank % 2, rank);
        byte[] name = new byte[MPI.MAX_PORT_NAME];
        String port = null;
        if (rank == 0) {
            port = Intracomm.openPort();
            byte[] text = port.getBytes(StandardCharsets.UTF_8);
            System.arraycopy(text, 0, name, 0, text.length);
        }
        MPI.COMM_WORLD.bcast(name, name.length, MPI.BYTE, 0);
        String told = new String(name, StandardCharsets.UTF_8).strip().replace("\0", "");
        Intercomm inter = rank % 2 == 0 ? half.accept(port, 0) : half.connect(told, 0);
        messages(inter);
        inter.disconnect();
    }

    /** A child fails; its parents wait for it. */
    static void deathOfAChild(String[] args) throws Throwable {
        if (args.length > 2) {
            MPI.COMM_WORLD.setErrhandler(MPI.ERRORS_RETURN);
        }
        Intercomm inter = MPI.COMM_WORLD.spawn("java", child("die", args[1]), 2, null, 0, null);
        try {
            inter.barrier();
            inter.recv(new int[1], 1, MPI.INT, MPI.COMM_WORLD.getRank() % 2, 0);
        } catch (MPIException e) {
            equal(MPI.ERR_PROC_ABORTED, e.getErrorClass(), "class");
            System.out.println("survivor got " + e.getMessage());
            Runtime.getRuntime().halt(77);
        }
        throw new AssertionError("received from a dead process");
    }

    static void die(String[] args) throws Throwable {
        Intercomm.getParent().barrier();
        if (MPI.COMM_WORLD.getRank() == 1) {
            switch (args[1]) {
                case "halt" -> Runtime.getRuntime().halt(5);
                case "abort" -> MPI.COMM_WORLD.abort(42);
                default -> throw new IllegalStateException("the child's own failure");
            }
        }
        Intercomm.getParent().recv(new int[1], 1, MPI.INT, 0, 0);
    }

    /** Is killed while its children wait for it. */
    static void deathOfAParent(String[] args) throws Throwable {
        Intercomm inter = MPI.COMM_WORLD.spawn("java", child("orphan"), 2, null, 0, null);
        inter.barrier();
        System.out.println("spawned");
        inter.recv(new int[1], 1, MPI.INT, 0, 1);
    }

    static void orphan(String[] args) throws Throwable {
        Intercomm.getParent().barrier();
        Intercomm.getParent().recv(new int[1], 1, MPI.INT, 0, 1);
    }

    /** Finalizes while its child still wants something. */
    static void earlyParent(String[] args) throws Throwable {
        Intercomm inter = MPI.COMM_WORLD.spawn("java", child("lateChild"), 1, null, 0, null);
        inter.send(new int[] {5}, 1, MPI.INT, 0, 0);
    }

    static void lateChild(String[] args) throws Throwable {
        Intercomm parent = Intercomm.getParent();
        parent.setErrhandler(MPI.ERRORS_RETURN);
        int[] got = new int[1];
        String left = "called MPI.Finalize";
        // Until the parent has left this waits; what was sent before arrives all the same.
        raises(MPI.ERR_PROC_ABORTED, () -> parent.recv(got, 1, MPI.INT, 0, 1), "recv", left);
        parent.recv(got, 1, MPI.INT, 0, 0);
        equal(5, got[0], "sent before the end");
        raises(MPI.ERR_PROC_ABORTED, () -> parent.recv(got, 1, MPI.INT, 0, 0), "recv", left);
        raises(MPI.ERR_PROC_ABORTED, () -> parent.probe(0, 0), "probe", left);
        raises(MPI.ERR_PROC_ABORTED, () -> parent.send(got, 1, MPI.INT, 0, 0), "send", left);
        raises(MPI.ERR_PROC_ABORTED, () -> parent.sSend(got, 1, MPI.INT, 0, 0), "sSend", left);
        raises(MPI.ERR_PROC_ABORTED, parent::disconnect, "disconnect", left);
        System.out.println("late child is done");
    }
}
