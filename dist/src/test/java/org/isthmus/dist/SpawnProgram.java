package org.isthmus.dist;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import mpi.Info;
import mpi.Intercomm;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;

/**
 * {@code SpawnProgram FIRST SECOND DIRECTORY}: four ranks on two hosts of these names spawn processes on both, on one
 * of them, by names and by a file; then wrongly, and once more. Rank 0 prints what it saw.
 */
public final class SpawnProgram {
    private static final int NAME = 64;
    private static final Intracomm WORLD = MPI.COMM_WORLD;

    private SpawnProgram() {}

    public static void main(String[] args) throws Exception {
        MPI.Init(args);
        if (!Intercomm.getParent().isNull()) {
            answer();
            MPI.Finalize();
            return;
        }
        WORLD.setErrhandler(MPI.ERRORS_RETURN);
        String first = args[0];
        String second = args[1];
        spawn("spread", 4, null, null);
        spawn("other", 2, "host", second);
        spawn("slots", 3, "host", first + ":1," + second + ":2");
        Path file = Path.of(args[2], "hosts");
        if (WORLD.getRank() == 0) {
            Files.writeString(file, "# the other one alone\n" + second + " slots=2\n");
        }
        spawn("file", 2, "hostfile", file.toString());
        fail("no room", "java", 4, "host", second + ":2");
        fail("unknown", "java", 1, "host", "elsewhere.invalid");
        fail("no program", "no-such-program", 2, "host", second);
        fail("no init", "false", 2, null, null);
        spawn("again", 2, null, null);
        MPI.Finalize();
    }

    private static Info info(String key, String value) throws MPIException {
        if (key == null) {
            return null;
        }
        Info info = new Info();
        info.set(key, value);
        return info;
    }

    /** Spawns, and checks that all children answer. */
    private static void spawn(String title, int processes, String key, String value) throws MPIException {
        Intercomm children = WORLD.spawn("java", new String[] {"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp",
            "target/test-classes", SpawnProgram.class.getName()}, processes, info(key, value), 0, null);
        byte[] names = new byte[processes * NAME];
        boolean root = WORLD.getRank() == 0;
        children.gather(null, 0, MPI.BYTE, names, NAME, MPI.BYTE, root ? MPI.ROOT : MPI.PROC_NULL);
        Intracomm all = children.merge(false);
        int[] sum = {1};
        all.allReduce(sum, 1, MPI.INT, MPI.SUM);
        if (sum[0] != WORLD.getSize() + processes) {
            throw new IllegalStateException("parents and children are " + sum[0]);
        }
        all.free();
        children.disconnect();
        if (root) {
            List<String> hosts = new ArrayList<>();
            for (int i = 0; i < processes; i++) {
                hosts.add(new String(names, i * NAME, NAME, StandardCharsets.UTF_8).replace("\0", ""));
            }
            System.out.println(title + ": " + String.join(" ", hosts));
        }
    }

    private static void fail(String title, String command, int processes, String key, String value)
            throws MPIException {
        int[] codes = new int[processes];
        try {
            WORLD.spawn(command, new String[0], processes, info(key, value), 0, codes);
        } catch (MPIException e) {
            // a process that was ended because another one failed has not failed itself
            if (e.getErrorClass() != MPI.ERR_SPAWN || Arrays.stream(codes).noneMatch(code -> code == MPI.ERR_SPAWN)) {
                throw e;
            }
            if (WORLD.getRank() == 0) {
                System.out.println(title + ": " + e.getMessage());
            }
            return;
        }
        throw new IllegalStateException(title + " did not fail");
    }

    private static void answer() throws MPIException {
        byte[] name = Arrays.copyOf(MPI.getProcessorName().getBytes(StandardCharsets.UTF_8), NAME);
        Intercomm parents = Intercomm.getParent();
        parents.gather(name, NAME, MPI.BYTE, null, 0, MPI.BYTE, 0);
        Intracomm all = parents.merge(true);
        all.allReduce(new int[] {1}, new int[1], 1, MPI.INT, MPI.SUM);
        all.free();
        parents.disconnect();
    }
}
