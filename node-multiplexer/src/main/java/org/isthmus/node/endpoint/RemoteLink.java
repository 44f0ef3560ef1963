package org.isthmus.node.endpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A rank's way to a rank on another node: through the ring to this node's multiplexer, each record addressed
 * ({@link RemoteRecordDescriptor}).
 */
public final class RemoteLink extends FarLink {
    private final MemorySegment memory;
    private final PeerLink multiplexer;
    private final int source;
    private final int destination;

    /**
     * @param source this rank
     * @param destination the other one; both ranks in the job
     */
    public RemoteLink(RankEndpoint endpoint, PeerLink multiplexer, int source, int destination) {
        this.memory = endpoint.memory();
        this.multiplexer = multiplexer;
        this.source = source;
        this.destination = destination;
    }

    @Override
    public int maxPayload() {
        return multiplexer.maxPayload() - RemoteRecordDescriptor.BYTES;
    }

    @Override
    public long claim(int payloadBytes) {
        long at = multiplexer.claim(payloadBytes + RemoteRecordDescriptor.BYTES);
        if (at == BACK_PRESSURED) {
            return BACK_PRESSURED;
        }
        memory.set(ValueLayout.JAVA_INT, at + RemoteRecordDescriptor.DESTINATION_OFFSET, destination);
        memory.set(ValueLayout.JAVA_INT, at + RemoteRecordDescriptor.SOURCE_OFFSET, source);
        return at + RemoteRecordDescriptor.BYTES;
    }

    @Override
    public void publish(long header) {
        multiplexer.publishSilently(header + RemoteRecordDescriptor.BYTES);
        multiplexer.notifyPeer();
    }
}
