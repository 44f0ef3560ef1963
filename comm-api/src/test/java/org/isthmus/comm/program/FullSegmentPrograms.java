package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import mpi.Comm;
import mpi.MPI;
import mpi.MPIException;

/** A node segment that is too small for what the ranks ask for: slower, but nothing fails. */
final class FullSegmentPrograms {
    private static final int BUFFERS = 24;
    private static final int INTS = 1 << 19;

    private FullSegmentPrograms() {}

    @Program
    static void buffersBeyondTheSegmentAreMessageBuffersToo() throws MPIException {
        Comm world = MPI.COMM_WORLD;
        int next = (world.getRank() + 1) % world.getSize();
        int previous = (world.getRank() + world.getSize() - 1) % world.getSize();
        List<IntBuffer> kept = new ArrayList<>();
        for (int i = 0; i < BUFFERS; i++) {
            IntBuffer out = MPI.newIntBuffer(INTS);
            IntBuffer in = MPI.newIntBuffer(INTS);
            kept.add(out);
            kept.add(in);
            equal(INTS, in.capacity(), "capacity");
            for (int k = 0; k < INTS; k++) {
                out.put(k, k * (world.getRank() + i + 1));
            }
            world.sendRecv(out, INTS, MPI.INT, next, i, in, INTS, MPI.INT, previous, i);
            for (int k = 0; k < INTS; k++) {
                equal(k * (previous + i + 1), in.get(k), "element " + k + " of buffer " + i);
            }
        }
        int[] sum = new int[INTS];
        world.allReduce(kept.getLast(), sum, INTS, MPI.INT, MPI.MAX);
        equal(0, sum[0], "largest first element");
    }
}
