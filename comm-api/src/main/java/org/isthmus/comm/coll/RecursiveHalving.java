package org.isthmus.comm.coll;

import java.util.function.IntUnaryOperator;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.op.ReduceOp;

/**
 * The phases of Rabenseifner's reductions over 2^k ranks, numbered as by {@link PowerOfTwoFold}: a vector in 2^k pieces
 * is reduced so that number i holds piece i ({@link #reduceScatter}), then collected again. Commutative ops only.
 */
final class RecursiveHalving {
    private final Schedule s;
    private final int folded;
    private final int powerOfTwo;
    private final IntUnaryOperator rankOf;
    private final Buffer vector;
    private final int[] bounds;
    private final TypeMap type;

    /**
     * @param rankOf rank in the schedule of each number
     * @param vector operand, then result
     * @param bounds first element of each piece, and the end of the last
     */
    RecursiveHalving(Schedule s, PowerOfTwoFold fold, IntUnaryOperator rankOf, Buffer vector, int[] bounds,
            TypeMap type) {
        this.s = s;
        this.folded = fold.folded;
        this.powerOfTwo = fold.powerOfTwo;
        this.rankOf = rankOf;
        this.vector = vector;
        this.bounds = bounds;
        this.type = type;
    }

    /** {@code count} elements in {@code pieces} pieces that differ by one at most. */
    static int[] evenBounds(int count, int pieces) {
        int[] bounds = new int[pieces + 1];
        for (int i = 0; i <= pieces; i++) {
            bounds[i] = (int) ((long) count * i / pieces);
        }
        return bounds;
    }

    /** Cost: log2 p alpha + (p - 1) / p n (beta + gamma). */
    void reduceScatter(Buffer spare, ReduceOp op) {
        int low = 0;
        int high = powerOfTwo;
        for (int bit = powerOfTwo >> 1; bit > 0; bit >>= 1) {
            int middle = (low + high) / 2;
            boolean keepsLow = (folded & bit) == 0;
            int keepLow = keepsLow ? low : middle;
            int keepHigh = keepsLow ? middle : high;
            int peer = rankOf.applyAsInt(folded ^ bit);
            s.receive(spare, elements(keepLow, keepHigh), type, peer);
            int giveLow = keepsLow ? middle : low;
            s.send(piece(giveLow), elements(giveLow, keepsLow ? high : middle), type, peer);
            s.endRound();
            s.reduce(spare, piece(keepLow), elements(keepLow, keepHigh), type, op);
            low = keepLow;
            high = keepHigh;
        }
    }

    /** All pieces to all numbers. Cost: log2 p alpha + (p - 1) / p n beta. */
    void allgather() {
        for (int held = 1; held < powerOfTwo; held <<= 1) {
            int mine = folded & -held;
            int theirs = mine ^ held;
            int peer = rankOf.applyAsInt(folded ^ held);
            s.receive(piece(theirs), elements(theirs, theirs + held), type, peer);
            s.send(piece(mine), elements(mine, mine + held), type, peer);
            s.endRound();
        }
    }

    /** All pieces to number 0. Cost: log2 p alpha + (p - 1) / p n beta. */
    void gather() {
        int held = 1;
        for (; held < powerOfTwo && (folded & held) == 0; held <<= 1) {
            int theirs = folded + held;
            s.receive(piece(theirs), elements(theirs, theirs + held), type, rankOf.applyAsInt(theirs));
        }
        s.endRound();
        if (held < powerOfTwo) {
            s.send(piece(folded), elements(folded, folded + held), type, rankOf.applyAsInt(folded - held));
        }
    }

    private Buffer piece(int index) {
        return vector.at(bounds[index] * type.extent());
    }

    private int elements(int from, int to) {
        return bounds[to] - bounds[from];
    }
}
