package org.isthmus.comm.coll;

import org.isthmus.comm.NodeJob;
import org.isthmus.comm.fixture.LocalJob;

/** Runs the conformance suites on the engine of a node: blocking calls through the segment, the others by its messages. */
final class NodeVariants {
    private NodeVariants() {}

    static LocalJob job() {
        return (ranks, body) -> new NodeJob().run(ranks, rank -> body.run(rank.world()));
    }

    static void forAll(int ranks, CollectiveKind kind, CollectiveConformance.Check check) throws Exception {
        new NodeJob().run(ranks, rank -> {
            Collectives collectives = rank.collectives().of(rank.world());
            for (boolean blocking : new boolean[] {true, false}) {
                check.run(new CollectiveConformance.Variant(rank.world(), collectives, blocking, kind.key() + " on a node"
                        + (blocking ? "" : ", non-blocking,") + " rank " + rank.rank() + "/" + ranks));
            }
        });
    }
}
