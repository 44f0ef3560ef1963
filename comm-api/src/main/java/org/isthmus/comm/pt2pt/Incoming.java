package org.isthmus.comm.pt2pt;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.isthmus.comm.group.Communicator;

/**
 * A message that has arrived, or begun to, before its receive: the unexpected store's entry.
 *
 * <p>Its bytes are here (inline messages), in blocks of the sender (eager fragments), or still with the sender
 * (rendezvous, or a send of this rank to itself).
 */
final class Incoming extends MatchedMessage {
    /** Bytes that every entry has room for. */
    static final int ROOM = 64;

    int kind;
    int context;
    /** World rank of the sender. */
    int peer;
    int matchTag;
    long total;

    /** Bytes of an inline message; outside the heap. */
    MemorySegment data;

    /** Fragments in blocks of the sender. */
    long[] blocks = new long[4];
    int[] blockBytes = new int[4];
    int blockCount;
    long arrived;

    /** Rendezvous: the sender's id and, when it lies in the segment or may be read, where. */
    int sendId;
    int announcement;
    long sharedOffset;
    long processId;
    long address;

    /** Set while a matched probe holds it. */
    Communicator comm;

    /** A send of this rank to itself that waits for its receive. */
    Transfer localSend;

    /** Bucket chain and arrival order; see MatchTable. */
    Incoming nextInBucket;
    Incoming previousInBucket;
    Incoming nextInOrder;
    Incoming previousInOrder;

    /** @param data room for {@link #ROOM} bytes */
    Incoming(MemorySegment data) {
        this.data = data;
    }

    void store(MemorySegment from, long offset, int bytes) {
        MemorySegment.copy(from, offset, room(bytes), 0, bytes);
    }

    /** Where {@code bytes} of the message can be kept. */
    MemorySegment room(int bytes) {
        if (bytes > data.byteSize()) {
            data = Arena.ofAuto().allocate((long) Integer.highestOneBit(bytes - 1) << 1, Long.BYTES);
        }
        return data;
    }

    void addBlock(long block, int bytes) {
        if (blockCount == blocks.length) {
            blocks = Arrays.copyOf(blocks, blockCount * 2);
            blockBytes = Arrays.copyOf(blockBytes, blockCount * 2);
        }
        blocks[blockCount] = block;
        blockBytes[blockCount++] = bytes;
        arrived += bytes;
    }
}
