package org.isthmus.comm.file;

import org.isthmus.comm.fixture.LocalJob;
import org.isthmus.comm.fixture.NodeLocalJob;

/** Files of ranks on one node. */
class NodeFileTest extends FileConformance {
    @Override
    LocalJob job() {
        return new NodeLocalJob();
    }

    @Override
    int nodeOf(int worldRank) {
        return 0;
    }
}
