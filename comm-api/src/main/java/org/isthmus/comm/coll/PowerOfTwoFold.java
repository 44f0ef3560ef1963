package org.isthmus.comm.coll;

import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.op.ReduceOp;

/**
 * Makes a power of two of any number of ranks (Rabenseifner, 2004): of the first 2 (p - 2^k) ranks each odd one hands
 * its operand to the even one before it and sits out. The ranks that are left are numbered 0 to 2^k - 1 in order, so
 * operands stay in rank order.
 */
final class PowerOfTwoFold {
    /** How many ranks are left. */
    final int powerOfTwo;
    /** This rank's number among them, -1 when it sits out. */
    final int folded;
    private final int rank;
    private final int extra;

    PowerOfTwoFold(int rank, int size) {
        this.rank = rank;
        this.powerOfTwo = Integer.highestOneBit(size);
        this.extra = size - powerOfTwo;
        if (rank >= 2 * extra) {
            this.folded = rank - extra;
        } else {
            this.folded = rank % 2 == 0 ? rank / 2 : -1;
        }
    }

    boolean sitsOut() {
        return folded < 0;
    }

    /** Whether it has taken the operand of the rank after it. */
    boolean hasPartner() {
        return folded >= 0 && rank < 2 * extra;
    }

    /** The first rank that number {@code folded} stands for; for 2^k, the number of ranks. */
    int rankOf(int folded) {
        return folded < extra ? 2 * folded : folded + extra;
    }

    /** Of a rank that does not sit out, and a commutative op: combines its partner's operand, if any, with its own. */
    void takePartner(Schedule s, Buffer own, Buffer spare, int count, TypeMap type, ReduceOp op) {
        if (hasPartner()) {
            s.receive(spare, count, type, s.after(1));
            s.endRound();
            s.reduce(spare, own, count, type, op);
        }
    }
}
