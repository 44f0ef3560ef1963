package org.isthmus.comm.coll;

import org.isthmus.comm.datatype.TypeMap;

/**
 * Gather along a binomial tree. Chosen for short blocks: the root handles log2 p messages in place of p - 1.
 *
 * <p>Cost: ceil(log2 p) alpha + (p - 1) n beta, n a block. Inner ranks collect packed blocks in a temporary buffer; the
 * root receives a subtree straight into place unless its ranks wrap around the last one. All blocks together must stay
 * below 2 GiB.
 */
final class GatherBinomial implements Algorithm {
    @Override
    public String name() {
        return "binomial";
    }

    @Override
    public boolean supports(CollectiveCall call) {
        return call.bytes() * call.size() <= Integer.MAX_VALUE;
    }

    @Override
    public void build(CollectiveCall call, Schedule s) {
        BinomialTree tree = new BinomialTree(s.rank(), s.size(), call.root());
        if (tree.isRoot()) {
            collect(call, s, tree);
        } else if (tree.held == 1) {
            s.send(call.send(), call.sendCount(), call.sendType(), tree.parent());
        } else {
            relay(call, s, tree);
        }
    }

    private static void relay(CollectiveCall call, Schedule s, BinomialTree tree) {
        TypeMap packed = Schedule.packedType(call.sendType());
        int block = Schedule.packedCount(call.sendCount(), call.sendType());
        Buffer held = s.temporary(tree.held * block, packed);
        for (int distance = 1; distance < tree.bit && tree.hasChild(distance); distance <<= 1) {
            s.receive(held.at(distance * block * packed.size()), tree.childHeld(distance) * block, packed,
                    tree.child(distance));
        }
        s.copy(call.send(), call.sendCount(), call.sendType(), held, block, packed);
        s.endRound();
        s.send(held, tree.held * block, packed, tree.parent());
    }

    private static void collect(CollectiveCall call, Schedule s, BinomialTree tree) {
        TypeMap type = call.receiveType();
        TypeMap packed = Schedule.packedType(type);
        int count = call.receiveCount();
        int block = Schedule.packedCount(count, type);
        Buffer wrapped = null;
        int wrappedDistance = 0;
        for (int distance = 1; distance < tree.bit && tree.hasChild(distance); distance <<= 1) {
            int child = tree.child(distance);
            int held = tree.childHeld(distance);
            if (child + held <= s.size()) {
                s.receive(call.receive(child), held * count, type, child);
            } else {
                wrapped = s.temporary(held * block, packed);
                wrappedDistance = distance;
                s.receive(wrapped, held * block, packed, child);
            }
        }
        if (!call.isInPlace()) {
            s.copy(call.send(), call.sendCount(), call.sendType(), call.receive(s.rank()), count, type);
        }
        if (wrapped != null) {
            int child = tree.child(wrappedDistance);
            int upper = s.size() - child;
            int lower = tree.childHeld(wrappedDistance) - upper;
            s.endRound();
            s.copy(wrapped, upper * block, packed, call.receive(child), upper * count, type);
            s.copy(wrapped.at(upper * block * packed.size()), lower * block, packed, call.receive(0), lower * count,
                    type);
        }
    }
}
