package org.isthmus.comm.group;

import org.isthmus.comm.fixture.LocalJob;
import org.isthmus.comm.fixture.NodeLocalJob;

/** Communicators over the real engine. */
class NodeCommunicatorTest extends CommunicatorConformance {
    @Override
    protected LocalJob job() {
        return new NodeLocalJob();
    }
}
