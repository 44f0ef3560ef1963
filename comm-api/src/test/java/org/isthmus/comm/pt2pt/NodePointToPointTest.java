package org.isthmus.comm.pt2pt;

import org.isthmus.comm.NodeJob;
import org.isthmus.node.endpoint.EndpointOptions;

/** All ranks on one node. */
class NodePointToPointTest extends PointToPointConformance {
    @Override
    NodeJob job(EndpointOptions endpoint, PointToPointOptions protocols) {
        return new NodeJob(endpoint, protocols);
    }
}
