package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;
import static org.isthmus.comm.program.Verify.raises;
import static org.isthmus.comm.program.Verify.that;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
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
}
