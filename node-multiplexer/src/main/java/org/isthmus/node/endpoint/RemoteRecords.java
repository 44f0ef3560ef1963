package org.isthmus.node.endpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.isthmus.node.shm.CorruptRecordException;
import org.isthmus.node.shm.RecordDescriptor;

/**
 * The handler of a rank whose job is on several nodes: gives the records that come from the multiplexer, and those from
 * ranks of this node, to one handler under the sender's rank in the job.
 */
public final class RemoteRecords implements RecordHandler {
    private final MemorySegment memory;
    private final NodeRanks ranks;
    private final int rank;
    private final RecordHandler handler;

    /** @param rank this rank in the job */
    public RemoteRecords(MemorySegment memory, NodeRanks ranks, int rank, RecordHandler handler) {
        this.memory = memory;
        this.ranks = ranks;
        this.rank = rank;
        this.handler = handler;
    }

    @Override
    public void onRecord(int place, long header, long payload) {
        if (!ranks.isMultiplexer(place)) {
            handler.onRecord(ranks.rank(place), header, payload);
            return;
        }
        if (RecordDescriptor.payloadBytes(header) < RemoteRecordDescriptor.BYTES) {
            throw new CorruptRecordException("record of " + RecordDescriptor.payloadBytes(header)
                    + " bytes from the multiplexer, which says no sender");
        }
        int destination = memory.get(ValueLayout.JAVA_INT, payload + RemoteRecordDescriptor.DESTINATION_OFFSET);
        int source = memory.get(ValueLayout.JAVA_INT, payload + RemoteRecordDescriptor.SOURCE_OFFSET);
        if (destination != rank || source < 0 || source >= ranks.jobSize()
                || ranks.place(source) != NodeRanks.ELSEWHERE) {
            throw new CorruptRecordException("record from rank " + source + " to rank " + destination
                    + " came from the multiplexer to rank " + rank);
        }
        handler.onRecord(source, header - RemoteRecordDescriptor.BYTES, payload + RemoteRecordDescriptor.BYTES);
    }
}
