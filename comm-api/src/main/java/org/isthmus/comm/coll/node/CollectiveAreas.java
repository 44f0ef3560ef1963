package org.isthmus.comm.coll.node;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.isthmus.allocator.NodePool;
import org.isthmus.allocator.segment.SegmentFullException;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.pt2pt.PointToPoint;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.status.RankCounters;

/**
 * Makes the collective areas of this rank's communicators. Rank 0 of a communicator takes the memory and tells the
 * others where it is; it keeps areas of freed communicators and uses them again once every member has left them.
 *
 * <p>Owned by the engine thread.
 */
final class CollectiveAreas {
    /** Told to the members instead of an offset. */
    private static final long NO_ROOM = -1;

    private static final TypeMap LONG = TypeMap.of(Primitive.LONG);

    private final RankEndpoint endpoint;
    private final NodeRanks ranks;
    private final int looks;
    private final MemorySegment scratch = Arena.global().allocate(CollectiveAreaDescriptor.INLINE_BYTES, Long.BYTES);
    private final List<CollectiveArea> kept = new ArrayList<>();

    /** @param looks how often a waiting member looks at a flag before it makes general progress */
    CollectiveAreas(RankEndpoint endpoint, NodeRanks ranks, int looks) {
        this.endpoint = endpoint;
        this.ranks = ranks;
        this.looks = looks;
    }

    RankCounters counters() {
        return endpoint.counters();
    }

    /** Collective over {@code comm}. */
    CollectiveArea create(Communicator comm) {
        Communicator messages = comm.collective();
        PointToPoint pointToPoint = comm.pointToPoint();
        int tag = comm.nextCollectiveTag();
        long[] where = new long[2];
        SegmentFullException full = null;
        if (comm.rank() == 0) {
            try {
                take(comm.size(), where);
            } catch (SegmentFullException e) {
                full = e;
                where[0] = NO_ROOM;
            }
            for (int member = 1; member < comm.size(); member++) {
                pointToPoint.send(messages, PointToPoint.Mode.STANDARD, where, 0, 2, LONG, member, tag);
            }
        } else {
            pointToPoint.recv(messages, where, 0, 2, LONG, 0, tag, null);
        }
        if (where[0] == NO_ROOM) {
            throw new CommException(ErrorClass.NO_MEM, "no memory for the collectives of " + comm.size() + " ranks: "
                    + (full == null ? "rank 0 of the communicator found the node segment full" : full.getMessage()),
                    full);
        }
        return new CollectiveArea(comm, endpoint.memory(), where[0], where[1], places(comm), endpoint.waiter(), looks,
                scratch);
    }

    /** The communicator of {@code area} is being freed; called by every member. */
    void release(CollectiveArea area) {
        if (area.problem() != null) {
            return; // members may have left operations half done: the area is not used again
        }
        area.done();
        if (area.me() == 0) {
            kept.add(area);
        }
    }

    private int[] places(Communicator comm) {
        return Arrays.stream(comm.worldRanks()).map(ranks::place).toArray();
    }

    private void take(int members, long[] where) {
        for (int i = 0; i < kept.size(); i++) {
            CollectiveArea area = kept.get(i);
            if (area.members() == members && area.isAtRest()) {
                kept.remove(i);
                where[0] = area.base();
                where[1] = area.operation();
                return;
            }
        }
        NodePool pool = endpoint.segment().pool();
        where[0] = pool.allocateExtent(CollectiveAreaDescriptor.bytes(members));
        where[1] = 0;
    }
}
