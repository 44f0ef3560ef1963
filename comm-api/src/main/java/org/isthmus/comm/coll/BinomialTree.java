package org.isthmus.comm.coll;

/**
 * This rank's place in the binomial tree over all ranks in order of {@link #relative} rank, the root's being 0: the
 * parent lacks the lowest set bit; the subtree holds the relative ranks from this one to {@link #relative} +
 * {@link #held} - 1.
 */
final class BinomialTree {
    /** Rank counted from the root. */
    final int relative;
    /** Lowest set bit of the relative rank; the root's is the first power of two not below the size. */
    final int bit;
    /** Ranks of the subtree, this one included. */
    final int held;
    private final int root;
    private final int size;

    BinomialTree(int rank, int size, int root) {
        this.root = root;
        this.size = size;
        this.relative = Math.floorMod(rank - root, size);
        int lowest = 1;
        while (lowest < size && (relative & lowest) == 0) {
            lowest <<= 1;
        }
        this.bit = lowest;
        this.held = Math.min(lowest, size - relative);
    }

    boolean isRoot() {
        return relative == 0;
    }

    int parent() {
        return rankOf(relative - bit);
    }

    /** Whether there is a child {@code distance}, a power of two below {@link #bit}, after this rank. */
    boolean hasChild(int distance) {
        return relative + distance < size;
    }

    int child(int distance) {
        return rankOf(relative + distance);
    }

    /** Ranks of that child's subtree. */
    int childHeld(int distance) {
        return Math.min(distance, size - relative - distance);
    }

    int rankOf(int relative) {
        return (relative + root) % size;
    }
}
