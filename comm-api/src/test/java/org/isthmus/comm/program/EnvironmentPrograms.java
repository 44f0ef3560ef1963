package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;
import static org.isthmus.comm.program.Verify.raises;
import static org.isthmus.comm.program.Verify.that;

import java.util.Arrays;
import mpi.Errhandler;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;

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
        that((Integer) MPI.COMM_WORLD.getAttr(MPI.UNIVERSE_SIZE) >= size, "universe size");
        that((Integer) MPI.COMM_WORLD.getAttr(MPI.TAG_UB) >= 32_767, "TAG_UB");
        equal("MPI_COMM_WORLD", MPI.COMM_WORLD.getName(), "name");
        equal(MPI.UNDEFINED, MPI.COMM_WORLD.getTopology(), "topology");
        that(!MPI.COMM_WORLD.isInter() && !MPI.COMM_WORLD.isNull(), "kind");
    }

    /** Messages and collectives give the same while they are counted, errors included. */
    @Program
    static void countedCalls() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int size = w.getSize();
        int rank = w.getRank();
        MPI.pControl(1, null);
        for (int count : new int[] {0, 1, 1000, 50_000}) {
            int[] mine = new int[count];
            Arrays.fill(mine, rank + 1);
            int[] in = new int[count];
            Request send = w.iSend(MPI.newIntBuffer(count).put(0, mine), count, MPI.INT, (rank + 1) % size, 1);
            w.recv(in, count, MPI.INT, (rank + size - 1) % size, 1);
            send.waitFor();
            that(Arrays.stream(in).allMatch(v -> v == (rank + size - 1) % size + 1), "ring of " + count);
            w.allReduce(mine, count, MPI.INT, MPI.SUM);
            that(Arrays.stream(mine).allMatch(v -> v == size * (size + 1) / 2), "allReduce of " + count);
        }
        Errhandler handler = w.getErrhandler();
        w.setErrhandler(MPI.ERRORS_RETURN);
        raises(MPI.ERR_ROOT, () -> w.bcast(new int[1], 1, MPI.INT, size), "bcast", "root is " + size);
        w.setErrhandler(handler);
        MPI.pControl(2, "ring and allReduce");
        MPI.pControl(0, null);
        w.barrier();
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
