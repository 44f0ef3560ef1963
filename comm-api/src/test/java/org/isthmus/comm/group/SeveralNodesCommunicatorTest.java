package org.isthmus.comm.group;

import org.isthmus.comm.NodeJob;
import org.isthmus.comm.fixture.LocalJob;
import org.isthmus.comm.fixture.NodeLocalJob;

/** Communicators of ranks on three nodes. */
class SeveralNodesCommunicatorTest extends CommunicatorConformance {
    @Override
    protected LocalJob job() {
        return new NodeLocalJob(3, NodeJob.Mapping.DEALT);
    }
}
