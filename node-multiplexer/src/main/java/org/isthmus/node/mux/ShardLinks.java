package org.isthmus.node.mux;

import org.isthmus.node.spi.Channel;
import org.isthmus.node.status.LinkCounters;
import org.isthmus.node.status.LinkTable;

/** The counters of one shard's links, and what the backend counts for them. Owned by the shard's thread. */
final class ShardLinks {
    /** Time between two looks at what the backend has counted. */
    private static final long PUBLISH_NANOS = 50_000_000;

    private final LinkTable table;
    private final int shard;
    private final LinkCounters[] counters;
    private final Channel[] channels;
    private long published;

    ShardLinks(LinkTable table, int shard, int nodes) {
        this.table = table;
        this.shard = shard;
        this.counters = new LinkCounters[nodes];
        this.channels = new Channel[nodes];
    }

    /** Those of the channel's link. */
    LinkCounters of(Channel channel) {
        int node = channel.peer();
        channels[node] = channel;
        if (counters[node] == null) {
            counters[node] = table.link(node, shard);
        }
        return counters[node];
    }

    /** Whether enough time has passed since it last said so. */
    boolean isTime(long now) {
        if (now - published < PUBLISH_NANOS) {
            return false;
        }
        published = now;
        return true;
    }

    /** Shows in the segment what the backend has counted. */
    void publish() {
        for (int node = 0; node < counters.length; node++) {
            if (counters[node] != null) {
                counters[node].publish(channels[node]);
            }
        }
    }
}
