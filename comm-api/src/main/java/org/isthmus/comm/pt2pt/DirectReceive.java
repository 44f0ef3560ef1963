package org.isthmus.comm.pt2pt;

import java.lang.foreign.MemorySegment;
import org.isthmus.comm.buffer.BufferCopy;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.progress.Progress;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.endpoint.Waiter;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.shm.RingConsumer;
import org.isthmus.node.status.Protocol;
import org.isthmus.node.status.RankCounters;

/**
 * The shortest way of a blocking receive: when nothing else is posted or waiting, it looks at the named sender's ring
 * and takes the awaited inline message straight into the user's buffer, past the matching table.
 *
 * <p>It gives up, having consumed nothing, as soon as any other record is first in that ring, and after some rounds;
 * the receive is then posted. Between rounds it makes progress on everything else. Owned by the engine thread.
 */
final class DirectReceive {
    private static final int LOOKS = 64;
    private static final long BYTES_MASK = RecordDescriptor.MAX_PAYLOAD;

    private final RankEndpoint endpoint;
    private final NodeRanks ranks;
    private final MemorySegment memory;
    private final MatchTable matching;
    private final Progress progress;
    private final long grantBatch;
    private final Waiter waiter;
    private final RankCounters counters;
    private final int looks;
    private int bytes;

    DirectReceive(RankEndpoint endpoint, NodeRanks ranks, PointToPointOptions options, MatchTable matching,
            Progress progress) {
        this.endpoint = endpoint;
        this.ranks = ranks;
        this.memory = endpoint.memory();
        this.matching = matching;
        this.progress = progress;
        this.grantBatch = options.eagerWindow() / 4;
        this.waiter = endpoint.waiter();
        this.counters = endpoint.counters();
        this.looks = waiter.spins() < LOOKS ? 1 : LOOKS;
    }

    /** Whether the message was received; then {@link #bytes} is its length, at most {@code room}. */
    boolean receive(Communicator comm, Object base, long offset, long room, int peer, int tag) {
        int place = ranks.place(peer);
        RingConsumer ring = place == NodeRanks.ELSEWHERE ? null : endpoint.ringFrom(place);
        if (ring == null) {
            return false;
        }
        long awaited = RecordDescriptor.header(RecordKind.EAGER_INLINE, comm.contextId(), tag, 0);
        int rounds = waiter.spinsNow() / LOOKS;
        for (int round = 0; round <= rounds && matching.isEmpty(); round++) {
            for (int look = 0; look < looks; look++) {
                long header = ring.next();
                if (header != RingConsumer.EMPTY) {
                    return (header & ~BYTES_MASK) == awaited && take(ring, header, base, offset, room, place);
                }
                Thread.onSpinWait();
            }
            progress.poll();
        }
        return false;
    }

    int bytes() {
        return bytes;
    }

    private boolean take(RingConsumer ring, long header, Object base, long offset, long room, int place) {
        int length = RecordDescriptor.payloadBytes(header);
        if (length > room) {
            return false;
        }
        BufferCopy.fromSegment(memory, ring.payload(), base, offset, length);
        ring.advance(header);
        endpoint.grant(place, PointToPointOptions.RECORD_COST + length, grantBatch);
        counters.received(Protocol.INLINE, length);
        bytes = length;
        return true;
    }
}
