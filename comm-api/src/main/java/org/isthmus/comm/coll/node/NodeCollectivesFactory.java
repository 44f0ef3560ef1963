package org.isthmus.comm.coll.node;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.isthmus.comm.coll.AlgorithmTable;
import org.isthmus.comm.coll.Collectives;
import org.isthmus.comm.coll.CollectivesFactory;
import org.isthmus.comm.coll.ScheduledCollectives;
import org.isthmus.comm.coll.spread.SpreadCollectives;
import org.isthmus.comm.group.Communicator;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.RankEndpoint;

/**
 * The collectives of this rank's communicators: through shared memory where all members are on this node, in phases
 * inside and between nodes where they are on several, by messages between the groups of an intercommunicator. Owned by
 * the engine thread.
 */
public final class NodeCollectivesFactory implements CollectivesFactory {
    private final AlgorithmTable table;
    private final NodeRanks ranks;
    private final IntUnaryOperator nodeOf;
    private final CollectiveAreas areas;
    /** By context of the communicator, whose contexts are even. */
    private Collectives[] live = new Collectives[16];

    /**
     * @param nodeOf number of the node of each rank of the job
     * @param looks how often a waiting member looks at a flag before it makes general progress
     */
    public NodeCollectivesFactory(RankEndpoint endpoint, NodeRanks ranks, IntUnaryOperator nodeOf, AlgorithmTable table,
            int looks) {
        this.table = table;
        this.ranks = ranks;
        this.nodeOf = nodeOf;
        this.areas = new CollectiveAreas(endpoint, ranks, looks);
    }

    @Override
    public Collectives of(Communicator communicator) {
        if (communicator.isInter()) {
            return new ScheduledCollectives(communicator, table);
        }
        int slot = communicator.contextId() >> 1;
        return slot < live.length && live[slot] != null ? live[slot] : make(communicator, slot);
    }

    private Collectives make(Communicator communicator, int slot) {
        if (slot >= live.length) {
            live = Arrays.copyOf(live, Math.max(slot + 1, live.length * 2));
        }
        Collectives messages = new ScheduledCollectives(communicator, table);
        live[slot] = isHere(communicator) ? new NodeCollectives(communicator, messages, areas)
                : isOfThisJob(communicator)
                ? SpreadCollectives.of(communicator, messages, nodeOf, this::insideNode, table) : messages;
        return live[slot];
    }

    private boolean isOfThisJob(Communicator communicator) {
        return Arrays.stream(communicator.worldRanks()).allMatch(rank -> rank < ranks.jobSize());
    }

    private Collectives insideNode(Communicator part) {
        return new NodeCollectives(part, new ScheduledCollectives(part, table), areas);
    }

    private boolean isHere(Communicator communicator) {
        return Arrays.stream(communicator.worldRanks()).allMatch(rank -> ranks.place(rank) != NodeRanks.ELSEWHERE);
    }

    /** The communicator is being freed; called by every member. */
    public void free(Communicator communicator) {
        int slot = communicator.contextId() >> 1;
        if (slot < live.length && live[slot] != null) {
            Collectives inside = live[slot] instanceof SpreadCollectives spread ? spread.local() : live[slot];
            if (inside instanceof NodeCollectives node) {
                node.free();
            }
            live[slot] = null;
        }
    }
}
