package org.isthmus.comm.coll.node;

import java.util.Arrays;
import org.isthmus.comm.coll.AlgorithmTable;
import org.isthmus.comm.coll.Collectives;
import org.isthmus.comm.coll.CollectivesFactory;
import org.isthmus.comm.coll.ScheduledCollectives;
import org.isthmus.comm.group.Communicator;
import org.isthmus.node.endpoint.RankEndpoint;

/**
 * The collectives of this rank's communicators on one node; those of intercommunicators are messages. Owned by the
 * engine thread.
 */
public final class NodeCollectivesFactory implements CollectivesFactory {
    private final AlgorithmTable table;
    private final CollectiveAreas areas;
    /** By context of the communicator, whose contexts are even. */
    private NodeCollectives[] live = new NodeCollectives[16];

    /** @param looks how often a waiting member looks at a flag before it makes general progress */
    public NodeCollectivesFactory(RankEndpoint endpoint, AlgorithmTable table, int looks) {
        this.table = table;
        this.areas = new CollectiveAreas(endpoint, looks);
    }

    @Override
    public Collectives of(Communicator communicator) {
        if (communicator.isInter()) {
            return new ScheduledCollectives(communicator, table);
        }
        int slot = communicator.contextId() >> 1;
        return slot < live.length && live[slot] != null ? live[slot] : make(communicator, slot);
    }

    private NodeCollectives make(Communicator communicator, int slot) {
        if (slot >= live.length) {
            live = Arrays.copyOf(live, Math.max(slot + 1, live.length * 2));
        }
        live[slot] = new NodeCollectives(communicator, new ScheduledCollectives(communicator, table), areas);
        return live[slot];
    }

    /** The communicator is being freed; called by every member. */
    public void free(Communicator communicator) {
        int slot = communicator.contextId() >> 1;
        if (slot < live.length && live[slot] != null) {
            live[slot].free();
            live[slot] = null;
        }
    }
}
