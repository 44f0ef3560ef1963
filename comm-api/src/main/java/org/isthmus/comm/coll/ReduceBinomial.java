package org.isthmus.comm.coll;

import org.isthmus.comm.datatype.TypeMap;

/**
 * Reduce along a binomial tree. Chosen for short vectors, and for every op that does not commute: there the tree is
 * rooted at rank 0, each subtree being a run of ranks in order, and rank 0 passes the result to the root.
 *
 * <p>Cost: ceil(log2 p) (alpha + n beta + n gamma); one message more when the op does not commute and the root is not
 * rank 0.
 */
final class ReduceBinomial implements Algorithm {
    @Override
    public String name() {
        return "binomial";
    }

    @Override
    public void build(CollectiveCall call, Schedule s) {
        int count = call.receiveCount();
        TypeMap type = call.receiveType();
        boolean isRoot = s.rank() == call.root();
        int top = call.op().isCommutative() ? call.root() : 0;
        BinomialTree tree = new BinomialTree(s.rank(), s.size(), top);
        int children = 0;
        while (1 << children < tree.bit && tree.hasChild(1 << children)) {
            children++;
        }
        // The child's ranks follow this one's, so the result lands in the buffer that the child's operand came into.
        Buffer[] spare = new Buffer[2];
        Buffer result = call.send();
        for (int child = 0; child < children; child++) {
            boolean last = child == children - 1;
            Buffer into;
            if (isRoot && tree.isRoot() && last && !result.equals(call.receive())) {
                into = call.receive();
            } else {
                if (spare[child & 1] == null) {
                    spare[child & 1] = s.temporary(count, type);
                }
                into = spare[child & 1];
            }
            s.receive(into, count, type, tree.child(1 << child));
            s.endRound();
            s.reduce(result, into, count, type, call.op());
            result = into;
        }
        if (!tree.isRoot()) {
            s.send(result, count, type, tree.parent());
        } else if (!isRoot) {
            s.send(result, count, type, call.root());
        } else {
            s.copy(result, call.receive(), count, type);
        }
        if (isRoot && !tree.isRoot()) {
            s.endRound();
            s.receive(call.receive(), count, type, top);
        }
    }
}
