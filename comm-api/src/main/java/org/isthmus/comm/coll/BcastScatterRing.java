package org.isthmus.comm.coll;

import org.isthmus.comm.datatype.TypeMap;

/**
 * Broadcast of a long message in p pieces: a binomial scatter, then a ring in which every rank passes on the piece that
 * came last (Van de Geijn; Thakur, Rabenseifner and Gropp, 2005). Nothing is sent to the root. Chosen for long
 * messages: every rank sends about 2 n bytes in place of n log2 p.
 *
 * <p>Cost: (ceil(log2 p) + p - 1) alpha + 2 (p - 1) / p n beta. Types with gaps are packed into a temporary buffer:
 * ranks may describe the same message by different types, so only packed bytes can be cut in the same places by all.
 */
final class BcastScatterRing implements Algorithm {
    @Override
    public String name() {
        return "scatter_ring";
    }

    @Override
    public void build(CollectiveCall call, Schedule s) {
        if (s.size() > 1) {
            new Builder(call, s).build();
        }
    }

    private static final class Builder {
        private final CollectiveCall call;
        private final Schedule s;
        private final TypeMap packed;
        private final int total;
        private final Buffer data;
        private final BinomialTree tree;

        Builder(CollectiveCall call, Schedule s) {
            this.call = call;
            this.s = s;
            this.packed = Schedule.packedType(call.sendType());
            this.total = Schedule.packedCount(call.sendCount(), call.sendType());
            this.data = call.sendType().isContiguous() ? call.send() : s.temporary(total, packed);
            this.tree = new BinomialTree(s.rank(), s.size(), call.root());
        }

        void build() {
            if (tree.isRoot()) {
                s.copy(call.send(), call.sendCount(), call.sendType(), data, total, packed);
            }
            scatter();
            ring();
            if (!tree.isRoot()) {
                s.endRound();
                s.copy(data, total, packed, call.send(), call.sendCount(), call.sendType());
            }
        }

        private void scatter() {
            if (!tree.isRoot()) {
                s.receive(piece(tree.relative), pieces(tree.relative, tree.held), packed, tree.parent());
                s.endRound();
            }
            for (int distance = tree.bit >> 1; distance > 0; distance >>= 1) {
                if (tree.hasChild(distance)) {
                    int first = tree.relative + distance;
                    s.send(piece(first), pieces(first, tree.childHeld(distance)), packed, tree.child(distance));
                }
            }
        }

        private void ring() {
            int size = s.size();
            for (int step = 0; step < size - 1; step++) {
                int out = Math.floorMod(tree.relative - step, size);
                int in = Math.floorMod(tree.relative - step - 1, size);
                s.endRound();
                if (!tree.isRoot()) {
                    s.receive(piece(in), pieces(in, 1), packed, s.before(1));
                }
                if (tree.relative != size - 1) {
                    s.send(piece(out), pieces(out, 1), packed, s.after(1));
                }
            }
        }

        private Buffer piece(int index) {
            return data.at(start(index) * packed.size());
        }

        private int pieces(int index, int number) {
            return (int) (start(index + number) - start(index));
        }

        private long start(int index) {
            return (long) total * index / s.size();
        }
    }
}
