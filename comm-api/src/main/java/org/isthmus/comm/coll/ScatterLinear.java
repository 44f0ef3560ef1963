package org.isthmus.comm.coll;

/**
 * Scatter and scatterv: the root sends every rank its block straight out of its buffer. Chosen for long blocks, which a
 * tree would copy several times, and for scatterv, where only the root knows the counts.
 *
 * <p>Cost at the root: (p - 1) (alpha + n beta), n a block.
 */
final class ScatterLinear implements Algorithm {
    @Override
    public String name() {
        return "linear";
    }

    @Override
    public void build(CollectiveCall call, Schedule s) {
        int root = call.root();
        if (s.rank() != root) {
            s.receive(call.receive(), call.receiveCount(), call.receiveType(), root);
            return;
        }
        for (int distance = 1; distance < s.size(); distance++) {
            int dest = s.after(distance);
            s.send(call.send(dest), call.sendCount(dest), call.sendType(), dest);
        }
        if (!call.isInPlace()) {
            s.copy(call.send(root), call.sendCount(root), call.sendType(), call.receive(), call.receiveCount(),
                    call.receiveType());
        }
    }
}
