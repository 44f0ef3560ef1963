package org.isthmus.comm.coll;

/**
 * Broadcast along a binomial tree. Chosen for few ranks and for short messages: fewest rounds possible.
 *
 * <p>Cost: ceil(log2 p) (alpha + n beta).
 */
final class BcastBinomial implements Algorithm {
    @Override
    public String name() {
        return "binomial";
    }

    @Override
    public void build(CollectiveCall call, Schedule s) {
        BinomialTree tree = new BinomialTree(s.rank(), s.size(), call.root());
        if (!tree.isRoot()) {
            s.receive(call.send(), call.sendCount(), call.sendType(), tree.parent());
            s.endRound();
        }
        for (int distance = tree.bit >> 1; distance > 0; distance >>= 1) {
            if (tree.hasChild(distance)) {
                s.send(call.send(), call.sendCount(), call.sendType(), tree.child(distance));
            }
        }
    }
}
