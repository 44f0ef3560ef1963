package org.isthmus.allocator.policy;

/**
 * Divides a byte budget among stacks: everybody keeps its floor, nobody gets more than it wants, and what lies between
 * is given in proportion to demand, so that a class with little demand is cut first. Deterministic; no state.
 */
public final class WaterFilling {
    private static final int STEPS = 60;

    private WaterFilling() {}

    /**
     * Capacities whose bytes sum up to at most {@code budget}, floors aside.
     *
     * @param wanted blocks that each class would like to keep
     * @param floor blocks that each class keeps in any case
     * @param demand how much each class was used, any unit, not negative
     * @param blockBytes block size of each class
     */
    public static int[] divide(int[] wanted, int[] floor, long[] demand, int[] blockBytes, long budget) {
        if (bytes(wanted, blockBytes) <= budget) {
            return wanted.clone();
        }
        double low = 0;
        double high = level(wanted, demand, blockBytes);
        for (int i = 0; i < STEPS; i++) {
            double middle = (low + high) / 2;
            if (bytes(at(middle, wanted, floor, demand, blockBytes), blockBytes) <= budget) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return at(low, wanted, floor, demand, blockBytes);
    }

    /** Bytes of that many blocks of each class. */
    public static long bytes(int[] blocks, int[] blockBytes) {
        long sum = 0;
        for (int i = 0; i < blocks.length; i++) {
            sum += (long) blocks[i] * blockBytes[i];
        }
        return sum;
    }

    /** A level at which every class has what it wants. */
    private static double level(int[] wanted, long[] demand, int[] blockBytes) {
        double most = 1;
        for (int i = 0; i < wanted.length; i++) {
            most = Math.max(most, (double) wanted[i] * blockBytes[i] / (demand[i] + 1));
        }
        return most;
    }

    private static int[] at(double level, int[] wanted, int[] floor, long[] demand, int[] blockBytes) {
        int[] blocks = new int[wanted.length];
        for (int i = 0; i < blocks.length; i++) {
            double share = level * (demand[i] + 1) / blockBytes[i];
            blocks[i] = (int) Math.max(Math.min(floor[i], wanted[i]), Math.min(wanted[i], share));
        }
        return blocks;
    }
}
