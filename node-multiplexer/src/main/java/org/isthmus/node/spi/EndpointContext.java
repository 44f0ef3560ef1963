package org.isthmus.node.spi;

import org.isthmus.node.config.Settings;
import org.isthmus.node.wire.JobIdentification;

/**
 * All that an endpoint needs to know at its start.
 *
 * @param job the job, and the secret that its members share
 * @param node index of this node in the job
 * @param nodes number of nodes of the job; peers are {@code [0, nodes)}
 * @param shard index of this shard in its multiplexer; shard k talks with shard k
 * @param settings the values in force
 * @param handler told of everything that happens, by the polling thread
 */
public record EndpointContext(JobIdentification job, int node, int nodes, int shard, Settings settings,
        ChannelHandler handler) {
    public EndpointContext {
        if (nodes < 1 || node < 0 || node >= nodes) {
            throw new IllegalArgumentException("node " + node + " of " + nodes + ": from 0 to " + (nodes - 1)
                    + " is allowed");
        }
        if (shard < 0 || shard > 255) {
            throw new IllegalArgumentException("shard " + shard + ": from 0 to 255 is allowed");
        }
    }

    /** {@link IllegalArgumentException} unless {@code peer} is another node of this job. */
    public void requirePeer(int peer) {
        if (peer < 0 || peer >= nodes || peer == node) {
            throw new IllegalArgumentException("peer node " + peer + ": another node than " + node + " in [0, " + nodes
                    + ") is needed");
        }
    }
}
