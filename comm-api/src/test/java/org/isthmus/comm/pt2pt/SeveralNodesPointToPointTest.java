package org.isthmus.comm.pt2pt;

import org.isthmus.comm.NodeJob;
import org.isthmus.node.endpoint.EndpointOptions;

/** Ranks dealt out over two nodes, joined by their multiplexers. */
class SeveralNodesPointToPointTest extends PointToPointConformance {
    @Override
    NodeJob job(EndpointOptions endpoint, PointToPointOptions protocols) {
        return new NodeJob(endpoint, protocols, 2, NodeJob.Mapping.DEALT);
    }
}
