package org.isthmus.comm.pt2pt;

import org.isthmus.comm.NodeJob;
import org.isthmus.node.endpoint.EndpointOptions;
import org.isthmus.node.mux.MultiplexerOptions;

/**
 * Ranks over two nodes with multiplexers of three shards, so little credit that records wait for it, and held batches.
 */
class ShardsPointToPointTest extends PointToPointConformance {
    private static final MultiplexerOptions TIGHT = new MultiplexerOptions(20_000, 2048, 4096);

    @Override
    NodeJob job(EndpointOptions endpoint, PointToPointOptions protocols) {
        return new NodeJob(endpoint, protocols, 2, NodeJob.Mapping.DEALT, 3, TIGHT);
    }
}
