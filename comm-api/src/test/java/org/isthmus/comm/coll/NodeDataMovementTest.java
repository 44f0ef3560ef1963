package org.isthmus.comm.coll;

import org.isthmus.comm.fixture.LocalJob;

/** On the engine of a node. */
class NodeDataMovementTest extends DataMovementConformance {
    @Override
    protected LocalJob job() {
        return NodeVariants.job();
    }

    @Override
    protected void forAll(int ranks, CollectiveKind kind, Check check) throws Exception {
        NodeVariants.forAll(ranks, kind, check);
    }
}
