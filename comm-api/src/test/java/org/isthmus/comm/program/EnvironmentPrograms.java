package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;
import static org.isthmus.comm.program.Verify.that;

import mpi.MPI;
import mpi.MPIException;

/** What a rank can ask about itself and its job. */
final class EnvironmentPrograms {
    private EnvironmentPrograms() {}

    @Program
    static void queries() throws MPIException, InterruptedException {
        int size = Integer.parseInt(System.getenv("ISTHMUS_SIZE"));
        equal(size, MPI.COMM_WORLD.getSize(), "size");
        equal(Integer.parseInt(System.getenv("ISTHMUS_RANK")), MPI.COMM_WORLD.getRank(), "rank");
        equal(1, MPI.COMM_SELF.getSize(), "size of COMM_SELF");
        equal(0, MPI.COMM_SELF.getRank(), "rank in COMM_SELF");
        that(MPI.isInitialized() && !MPI.isFinalized(), "state");
        equal(MPI.THREAD_SINGLE, MPI.queryThread(), "thread level");
        that(MPI.isThreadMain(), "main thread");
        double start = MPI.wtime();
        Thread.sleep(20);
        double elapsed = MPI.wtime() - start;
        that(elapsed >= 0.019, "wtime counts seconds: " + elapsed);
        that(MPI.wtick() > 0 && MPI.wtick() < 1e-3, "wtick");
        that(!MPI.getProcessorName().isEmpty(), "processor name");
        equal(3, MPI.getVersion().getVersion(), "version");
        equal(1, MPI.getVersion().getSubVersion(), "subversion");
        that(!MPI.getLibVersion().isEmpty(), "library version");
        equal(Integer.toString(size), MPI.INFO_ENV.get("maxprocs"), "maxprocs");
        equal(ProgramMain.class.getName(), MPI.INFO_ENV.get("command"), "command");
        that(MPI.INFO_ENV.get("argv").startsWith("0 "), "argv");
        equal(0, MPI.COMM_WORLD.getAttr(MPI.APPNUM), "application number");
        equal(size, MPI.COMM_WORLD.getAttr(MPI.UNIVERSE_SIZE), "universe size");
        that((Integer) MPI.COMM_WORLD.getAttr(MPI.TAG_UB) >= 32_767, "TAG_UB");
        equal("MPI_COMM_WORLD", MPI.COMM_WORLD.getName(), "name");
        equal(MPI.UNDEFINED, MPI.COMM_WORLD.getTopology(), "topology");
        that(!MPI.COMM_WORLD.isInter() && !MPI.COMM_WORLD.isNull(), "kind");
        MPI.pControl(1, null);
    }

    @Program
    static void theLargestTag() throws MPIException {
        int tag = (Integer) MPI.COMM_WORLD.getAttr(MPI.TAG_UB);
        int[] in = new int[1];
        int self = MPI.COMM_WORLD.getRank();
        int other = MPI.COMM_WORLD.getSize() - 1 - self;
        MPI.COMM_WORLD.sendRecv(new int[] {self}, 1, MPI.INT, other, tag, in, 1, MPI.INT, other, tag);
        equal(other, in[0], "message with the largest tag");
    }
}
