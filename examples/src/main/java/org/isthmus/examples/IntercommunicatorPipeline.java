package org.isthmus.examples;

import java.util.Arrays;
import mpi.Intercomm;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;

/**
 * A pipeline whose stages are groups of ranks: {@code ./isthmus run -n 6 examples/intercommunicator-pipeline}.
 *
 * <p>The ranks form up to three stages, joined by intercommunicators. Vectors go through: each stage holds one in
 * blocks, one for each of its ranks, works on it and passes it on by {@code allToAllv}, which deals the blocks of one
 * group out to the ranks of the next, however many those are. The last stage compares with what one rank computes
 * alone.
 */
public final class IntercommunicatorPipeline {
    private static final int LENGTH = 10_007;
    private static final int VECTORS = 20;
    private static final int STAGES = 3;

    private IntercommunicatorPipeline() {}

    public static void main(String[] args) throws MPIException {
        MPI.Init(args);
        Intracomm world = MPI.COMM_WORLD;
        int stages = Math.min(STAGES, world.getSize());
        int stage = stage(world.getRank(), stages);
        Intracomm group = world.split(stage, world.getRank());
        Intercomm before = stage == 0 ? null : world.createIntercomm(group, 0, stage - 1, stage - 1);
        Intercomm after = stage == stages - 1 ? null : world.createIntercomm(group, 0, stage + 1, stage);
        int wrong = 0;
        for (int vector = 0; vector < VECTORS; vector++) {
            int start = start(group.getRank(), group.getSize());
            long[] block = new long[start(group.getRank() + 1, group.getSize()) - start];
            if (before == null) {
                int first = vector;
                Arrays.setAll(block, i -> source(first, start + i));
            } else {
                pass(before, new long[0], block, group.getRank(), group.getSize());
            }
            Arrays.setAll(block, i -> step(stage, block[i]));
            if (after != null) {
                pass(after, block, new long[0], group.getRank(), group.getSize());
            } else {
                wrong += wrong(vector, start, block, stages);
            }
        }
        int[] sum = new int[1];
        world.reduce(new int[] {wrong}, sum, 1, MPI.INT, MPI.SUM, 0);
        if (world.getRank() == 0) {
            if (sum[0] != 0) {
                throw new AssertionError(sum[0] + " elements are wrong");
            }
            System.out.println(world.getSize() + " ranks in " + stages + " stages");
            System.out.println(VECTORS + " vectors of " + LENGTH + " elements verified");
        }
        for (Intercomm inter : new Intercomm[] {before, after}) {
            if (inter != null) {
                inter.free();
            }
        }
        group.free();
        MPI.Finalize();
    }

    /** Ranks 0 to stages - 1 lead a stage each; the others follow in turn. */
    private static int stage(int rank, int stages) {
        return rank % stages;
    }

    /** One side passes its block, the other gets its own; what the one has and the other has not is empty. */
    private static void pass(Intercomm inter, long[] out, long[] in, int rank, int size) throws MPIException {
        int remote = inter.getRemoteSize();
        int[] outCounts = new int[remote];
        int[] outStarts = new int[remote];
        int[] inCounts = new int[remote];
        int[] inStarts = new int[remote];
        int first = start(rank, size);
        int last = start(rank + 1, size);
        for (int i = 0; i < remote; i++) {
            int from = Math.max(first, start(i, remote));
            int common = Math.max(0, Math.min(last, start(i + 1, remote)) - from);
            outCounts[i] = out.length == 0 ? 0 : common;
            inCounts[i] = in.length == 0 ? 0 : common;
            outStarts[i] = outCounts[i] == 0 ? 0 : from - first;
            inStarts[i] = inCounts[i] == 0 ? 0 : from - first;
        }
        inter.allToAllv(out, outCounts, outStarts, MPI.LONG, in, inCounts, inStarts, MPI.LONG);
    }

    private static int start(int block, int blocks) {
        return (int) ((long) LENGTH * block / blocks);
    }

    private static long source(int vector, int index) {
        return 1_000_003L * vector + index;
    }

    private static long step(int stage, long value) {
        return switch (stage) {
            case 0 -> 3 * value + 1;
            case 1 -> value * value;
            default -> value ^ value >>> 7;
        };
    }

    private static int wrong(int vector, int start, long[] block, int stages) {
        int wrong = 0;
        for (int i = 0; i < block.length; i++) {
            long expected = source(vector, start + i);
            for (int stage = 0; stage < stages; stage++) {
                expected = step(stage, expected);
            }
            wrong += expected == block[i] ? 0 : 1;
        }
        return wrong;
    }
}
