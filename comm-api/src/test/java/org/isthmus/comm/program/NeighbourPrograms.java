package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;
import static org.isthmus.comm.program.Verify.raises;

import java.nio.IntBuffer;
import java.util.Arrays;
import mpi.CartComm;
import mpi.Comm;
import mpi.GraphComm;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.ShiftParms;

/**
 * Neighbourhood collectives, blocking and not, on grids (rings of one and two among them), graphs and distributed
 * graphs with several edges between two ranks. Blocks hold their rank, number and index.
 */
final class NeighbourPrograms {
    private static final int[] COUNTS = {0, 1, 300, 9000};
    private static final int UNTOUCHED = -7;

    private NeighbourPrograms() {}

    /** Whom a rank exchanges with, and which of the source's blocks an alltoall brings from there. */
    private record Expected(int[] sources, int[] blocks, int destinations) {}

    private interface OnTopology {
        void run(Intracomm comm, Expected expected) throws MPIException;
    }

    private static void onAll(OnTopology body) throws MPIException {
        CartComm grid = TopologyPrograms.grid();
        body.run(grid, ofGrid(grid));
        CartComm ring = MPI.COMM_WORLD.createCart(new int[] {1, grid.getSize()}, new boolean[] {true, true}, false);
        body.run(ring, ofGrid(ring));
        int size = grid.getSize();
        int rank = grid.getRank();
        int before = (rank + size - 1) % size;
        int after = (rank + 1) % size;
        // Two edges to the rank after, one to itself.
        GraphComm dist = MPI.COMM_WORLD.createDistGraphAdjacent(new int[] {before, rank, before},
                new int[] {after, rank, after}, null, true);
        body.run(dist, new Expected(new int[] {before, rank, before},
                new int[] {0, 1, 2}, 3));
        if (size > 2) {
            GraphComm graph = TopologyPrograms.ring();
            int shift = rank == 0 ? 1 : 0;
            int[] sources = graph.getNeighbors(rank);
            int[] blocks = new int[sources.length];
            // Of the rank after the block for the one before it, and the other way round; rank 0 has one more.
            blocks[shift] = 1 + (after == 0 ? 1 : 0);
            blocks[shift + 1] = before == 0 ? 1 : 0;
            body.run(graph, new Expected(sources, blocks, sources.length));
            graph.free();
        }
        grid.free();
        ring.free();
        dist.free();
    }

    private static Expected ofGrid(CartComm grid) throws MPIException {
        int[] sources = new int[4];
        int[] blocks = new int[4];
        for (int i = 0; i < 4; i++) {
            ShiftParms shift = grid.shift(i / 2, 1);
            sources[i] = i % 2 == 0 ? shift.getRankSource() : shift.getRankDest();
            blocks[i] = i ^ 1;
        }
        return new Expected(sources, blocks, 4);
    }

    private static int value(int rank, int block, int index) {
        return 1_000_000 * rank + 100_000 * block + index;
    }

    /** What the receive buffer must hold; blocks of an alltoall, or block 0 for all. */
    private static int[] result(Expected expected, int count, boolean alltoall) {
        int[] result = new int[expected.sources.length * count];
        for (int i = 0; i < result.length; i++) {
            int from = i / count;
            result[i] = expected.sources[from] == MPI.PROC_NULL ? UNTOUCHED
                    : value(expected.sources[from], alltoall ? expected.blocks[from] : 0, i % count);
        }
        return result;
    }

    private static int[] input(Comm comm, int blocks, int count) throws MPIException {
        int rank = comm.getRank();
        int[] input = new int[blocks * count];
        Arrays.setAll(input, i -> value(rank, i / count, i % count));
        return input;
    }

    private static int[] output(int length) {
        int[] output = new int[length];
        Arrays.fill(output, UNTOUCHED);
        return output;
    }

    @Program
    static void allGather() throws MPIException {
        onAll((comm, expected) -> {
            for (int count : COUNTS) {
                int[] in = input(comm, 1, count);
                int[] out = output(expected.sources.length * count);
                comm.neighborAllGather(in, count, MPI.INT, out, count, MPI.INT);
                equal(result(expected, count, false), out, "neighborAllGather");
                IntBuffer later = IntBuffer.wrap(output(out.length));
                comm.iNeighborAllGather(IntBuffer.wrap(in), count, MPI.INT, later, count, MPI.INT).waitFor();
                equal(out, later.array(), "iNeighborAllGather");
            }
        });
    }

    @Program
    static void allToAll() throws MPIException {
        onAll((comm, expected) -> {
            for (int count : COUNTS) {
                int[] in = input(comm, expected.destinations, count);
                int[] out = output(expected.sources.length * count);
                comm.neighborAllToAll(in, count, MPI.INT, out, count, MPI.INT);
                equal(result(expected, count, true), out, "neighborAllToAll");
                IntBuffer later = IntBuffer.wrap(output(out.length));
                comm.iNeighborAllToAll(IntBuffer.wrap(in), count, MPI.INT, later, count, MPI.INT).waitFor();
                equal(out, later.array(), "iNeighborAllToAll");
            }
        });
    }

    /** Blocks in reversed order. */
    private static int[] reversed(int blocks, int count) {
        int[] displacements = new int[blocks];
        Arrays.setAll(displacements, i -> (blocks - 1 - i) * count);
        return displacements;
    }

    private static int[] reversedBlocks(int[] array, int count) {
        int[] reversed = new int[array.length];
        for (int i = 0; i < array.length; i++) {
            reversed[array.length - count - i / count * count + i % count] = array[i];
        }
        return reversed;
    }

    private static int[] all(int blocks, int count) {
        int[] counts = new int[blocks];
        Arrays.fill(counts, count);
        return counts;
    }

    @Program
    static void vectorForms() throws MPIException {
        onAll((comm, expected) -> {
            int sources = expected.sources.length;
            for (int count : new int[] {1, 300, 9000}) {
                int[] in = input(comm, expected.destinations, count);
                int[] out = output(sources * count);
                int[] places = reversed(sources, count);
                comm.neighborAllGatherv(in, count, MPI.INT, out, all(sources, count), places, MPI.INT);
                equal(reversedBlocks(result(expected, count, false), count), out, "neighborAllGatherv");
                IntBuffer later = IntBuffer.wrap(output(out.length));
                comm.iNeighborAllGatherv(IntBuffer.wrap(in), count, MPI.INT, later, all(sources, count), places,
                        MPI.INT).waitFor();
                equal(out, later.array(), "iNeighborAllGatherv");
                int[] exchanged = output(sources * count);
                int[] from = reversed(expected.destinations, count);
                int[] reversedIn = reversedBlocks(in, count);
                comm.neighborAllToAllv(reversedIn, all(expected.destinations, count), from, MPI.INT, exchanged,
                        all(sources, count), places, MPI.INT);
                equal(reversedBlocks(result(expected, count, true), count), exchanged, "neighborAllToAllv");
                IntBuffer exchangedLater = IntBuffer.wrap(output(out.length));
                comm.iNeighborAllToAllv(IntBuffer.wrap(reversedIn), all(expected.destinations, count), from, MPI.INT,
                        exchangedLater, all(sources, count), places, MPI.INT).waitFor();
                equal(exchanged, exchangedLater.array(), "iNeighborAllToAllv");
            }
        });
    }

    @Program
    static void noTopology() throws MPIException {
        Intracomm c = MPI.COMM_WORLD.dup();
        c.setErrhandler(MPI.ERRORS_RETURN);
        int[] buf = new int[9];
        int[] other = new int[9];
        raises(MPI.ERR_TOPOLOGY, () -> c.neighborAllGather(buf, 1, MPI.INT, other, 1, MPI.INT), "no topology",
                "createCart");
        raises(MPI.ERR_TOPOLOGY, () -> c.iNeighborAllToAll(IntBuffer.wrap(buf), 1, MPI.INT, IntBuffer.wrap(other), 1,
                MPI.INT), "no topology", "createDistGraph");
        c.free();
    }

    @Program
    static void wrongArguments() throws MPIException {
        CartComm c = TopologyPrograms.grid();
        int[] in = new int[8];
        int[] out = new int[8];
        IntBuffer lin = IntBuffer.wrap(in);
        IntBuffer lout = IntBuffer.wrap(out);
        int[] three = new int[3];
        int[] four = {1, 1, 1, 1};
        int[] places = {0, 1, 2, 3};
        raises(MPI.ERR_COUNT, () -> c.neighborAllGather(in, -1, MPI.INT, out, 1, MPI.INT), "neighborAllGather",
                "sendcount is -1");
        raises(MPI.ERR_BUFFER, () -> c.neighborAllGather(in, 1, MPI.INT, new int[3], 1, MPI.INT), "neighborAllGather",
                "recvbuf");
        raises(MPI.ERR_BUFFER, () -> c.iNeighborAllGather(lin, 1, MPI.INT, lout, 3, MPI.INT), "iNeighborAllGather",
                "recvbuf");
        raises(MPI.ERR_TYPE, () -> c.neighborAllToAll(in, 1, null, out, 1, MPI.INT), "neighborAllToAll", "null");
        raises(MPI.ERR_BUFFER, () -> c.neighborAllToAll(three, 1, MPI.INT, out, 1, MPI.INT), "neighborAllToAll",
                "sendbuf");
        raises(MPI.ERR_COUNT, () -> c.iNeighborAllToAll(lin, 1, MPI.INT, lout, -2, MPI.INT), "iNeighborAllToAll",
                "recvcount is -2");
        raises(MPI.ERR_ARG, () -> c.neighborAllGatherv(in, 1, MPI.INT, out, three, places, MPI.INT),
                "neighborAllGatherv", "recvcounts has 3", "4 neighbours");
        raises(MPI.ERR_ARG, () -> c.iNeighborAllGatherv(lin, 1, MPI.INT, lout, four, three, MPI.INT),
                "iNeighborAllGatherv", "displacements has 3");
        raises(MPI.ERR_ARG, () -> c.neighborAllToAllv(in, three, places, MPI.INT, out, four, places, MPI.INT),
                "neighborAllToAllv", "sendcounts has 3");
        raises(MPI.ERR_ARG, () -> c.iNeighborAllToAllv(lin, four, places, MPI.INT, lout, null, places, MPI.INT),
                "iNeighborAllToAllv", "recvcounts is null");
        c.neighborAllGather(in, 1, MPI.INT, out, 1, MPI.INT);
        c.free();
    }
}
