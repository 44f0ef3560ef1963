package org.isthmus.comm.coll;

import org.isthmus.comm.datatype.TypeMap;

/**
 * Scan and exscan by recursive doubling: partners exchange the result of the run of ranks that each has met so far;
 * what comes from lower ranks also goes into this rank's result. Chosen always; any op, operands stay in rank order.
 *
 * <p>Cost: ceil(log2 p) (alpha + n beta + 2 n gamma).
 */
final class ScanRecursiveDoubling implements Algorithm {
    private final boolean inclusive;

    /** @param inclusive whether a rank's own operand is part of its result: scan, not exscan */
    ScanRecursiveDoubling(boolean inclusive) {
        this.inclusive = inclusive;
    }

    @Override
    public String name() {
        return "recursive_doubling";
    }

    @Override
    public void build(CollectiveCall call, Schedule s) {
        int rank = s.rank();
        int count = call.receiveCount();
        TypeMap type = call.receiveType();
        Buffer result = call.receive();
        Buffer run = s.temporary(count, type);
        Buffer spare = s.temporary(count, type);
        s.copy(call.send(), run, count, type);
        boolean hasResult = inclusive;
        if (inclusive) {
            s.copy(call.send(), result, count, type);
        }
        for (int bit = 1; bit < s.size(); bit <<= 1) {
            int peer = rank ^ bit;
            if (peer >= s.size()) {
                continue;
            }
            s.receive(spare, count, type, peer);
            s.send(run, count, type, peer);
            s.endRound();
            if (peer < rank) {
                if (hasResult) {
                    s.reduce(spare, result, count, type, call.op());
                } else {
                    s.copy(spare, result, count, type);
                    hasResult = true;
                }
                s.reduce(spare, run, count, type, call.op());
            } else {
                s.reduce(run, spare, count, type, call.op());
                Buffer swap = run;
                run = spare;
                spare = swap;
            }
        }
    }
}
