package org.isthmus.comm.coll.node;

import java.util.HashMap;
import java.util.Map;
import org.isthmus.comm.coll.AlgorithmTable;
import org.isthmus.comm.coll.Collectives;
import org.isthmus.comm.coll.CollectivesFactory;
import org.isthmus.comm.coll.ScheduledCollectives;
import org.isthmus.comm.group.Communicator;
import org.isthmus.node.endpoint.RankEndpoint;

/** The collectives of this rank's communicators on one node. Owned by the engine thread. */
public final class NodeCollectivesFactory implements CollectivesFactory {
    private final AlgorithmTable table;
    private final CollectiveAreas areas;
    private final Map<Integer, NodeCollectives> live = new HashMap<>();

    /** @param looks how often a waiting member looks at a flag before it makes general progress */
    public NodeCollectivesFactory(RankEndpoint endpoint, AlgorithmTable table, int looks) {
        this.table = table;
        this.areas = new CollectiveAreas(endpoint, looks);
    }

    @Override
    public Collectives of(Communicator communicator) {
        return live.computeIfAbsent(communicator.contextId(),
                context -> new NodeCollectives(communicator, new ScheduledCollectives(communicator, table), areas));
    }

    /** The communicator is being freed; called by every member. */
    public void free(Communicator communicator) {
        NodeCollectives collectives = live.remove(communicator.contextId());
        if (collectives != null) {
            collectives.free();
        }
    }
}
