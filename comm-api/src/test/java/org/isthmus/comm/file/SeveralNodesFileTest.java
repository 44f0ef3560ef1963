package org.isthmus.comm.file;

import org.isthmus.comm.NodeJob;
import org.isthmus.comm.fixture.LocalJob;
import org.isthmus.comm.fixture.NodeLocalJob;

/** Files of ranks on three nodes. */
class SeveralNodesFileTest extends FileConformance {
    private static final int NODES = 3;

    @Override
    LocalJob job() {
        return new NodeLocalJob(NODES, NodeJob.Mapping.DEALT);
    }

    @Override
    int nodeOf(int worldRank) {
        return worldRank % NODES;
    }
}
