package org.isthmus.comm.coll;

import org.isthmus.comm.datatype.TypeMap;

/**
 * Scatter along a binomial tree. Chosen for short blocks: the root handles log2 p messages in place of p - 1.
 *
 * <p>Cost: ceil(log2 p) alpha + (p - 1) n beta, n a block. The root sends a subtree's blocks straight out of its buffer
 * unless their ranks wrap around the last one; inner ranks keep them packed in a temporary buffer. All blocks together
 * must stay below 2 GiB.
 */
final class ScatterBinomial implements Algorithm {
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
            distribute(call, s, tree);
        } else if (tree.held == 1) {
            s.receive(call.receive(), call.receiveCount(), call.receiveType(), tree.parent());
        } else {
            relay(call, s, tree);
        }
    }

    private static void distribute(CollectiveCall call, Schedule s, BinomialTree tree) {
        TypeMap type = call.sendType();
        int count = call.sendCount();
        for (int distance = tree.bit >> 1; distance > 0; distance >>= 1) {
            if (!tree.hasChild(distance)) {
                continue;
            }
            int child = tree.child(distance);
            int held = tree.childHeld(distance);
            if (child + held <= s.size()) {
                s.send(call.send(child), held * count, type, child);
            } else {
                TypeMap packed = Schedule.packedType(type);
                int block = Schedule.packedCount(count, type);
                int upper = s.size() - child;
                int lower = held - upper;
                Buffer wrapped = s.temporary(held * block, packed);
                s.copy(call.send(child), upper * count, type, wrapped, upper * block, packed);
                s.copy(call.send(0), lower * count, type, wrapped.at(upper * block * packed.size()), lower * block,
                        packed);
                s.send(wrapped, held * block, packed, child);
            }
        }
        if (!call.isInPlace()) {
            s.copy(call.send(s.rank()), count, type, call.receive(), call.receiveCount(), call.receiveType());
        }
    }

    private static void relay(CollectiveCall call, Schedule s, BinomialTree tree) {
        TypeMap packed = Schedule.packedType(call.receiveType());
        int block = Schedule.packedCount(call.receiveCount(), call.receiveType());
        Buffer held = s.temporary(tree.held * block, packed);
        s.receive(held, tree.held * block, packed, tree.parent());
        s.endRound();
        for (int distance = tree.bit >> 1; distance > 0; distance >>= 1) {
            if (tree.hasChild(distance)) {
                s.send(held.at(distance * block * packed.size()), tree.childHeld(distance) * block, packed,
                        tree.child(distance));
            }
        }
        s.copy(held, block, packed, call.receive(), call.receiveCount(), call.receiveType());
    }
}
