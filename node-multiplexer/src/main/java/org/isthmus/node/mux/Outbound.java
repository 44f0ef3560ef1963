package org.isthmus.node.mux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.isthmus.allocator.heap.RankHeap;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.node.endpoint.RemoteRecordDescriptor;
import org.isthmus.node.shm.CorruptRecordException;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.Endpoint;
import org.isthmus.node.spi.MemoryRegion;

/**
 * What this node sends to one other node: records of all its ranks, batched into frames. A frame is open as long as
 * records come and there is room; {@link #flush} at the end of a round sends what there is, so a lone record never
 * waits, and under load frames fill up.
 *
 * <p>Owned by the multiplexer's thread. A block stays its sender's until its bytes are in a frame; then it is freed.
 */
final class Outbound {
    private static final int FRAMES = 4;
    private static final int NO_FRAME = -1;

    private final MemorySegment segment;
    private final RankHeap heap;
    private final Channel channel;
    private final MemoryRegion frames;
    private final int frameBytes;
    private final int[] free = new int[FRAMES];
    private final int[] waiting = new int[FRAMES];
    private final int[] waitingBytes = new int[FRAMES];
    private final RecordQueue queue = new RecordQueue();
    private int freeCount;
    private int waitingHead;
    private int waitingCount;
    private int open = NO_FRAME;
    private int openBytes;
    private long framesSent;
    private long recordsSent;

    Outbound(MemorySegment segment, RankHeap heap, Endpoint endpoint, Channel channel, Arena arena) {
        this.segment = segment;
        this.heap = heap;
        this.channel = channel;
        this.frameBytes = endpoint.capabilities().maxFrame();
        this.frames = endpoint.register(arena.allocate((long) FRAMES * frameBytes, 64));
        for (int frame = 0; frame < FRAMES; frame++) {
            free[freeCount++] = frame;
        }
    }

    /** Takes the record of a ring; {@code payload} is the offset in the segment of what follows its header. */
    void add(long header, long payload) {
        boolean withBlock = RemoteRecordDescriptor.carriesBlock(RecordDescriptor.kind(header));
        long block = withBlock ? segment.get(ValueLayout.JAVA_LONG, payload + RemoteRecordDescriptor.BYTES) : 0;
        long blockBytes = withBlock ? blockBytes(header, payload, block) : 0;
        if (withBlock) {
            heap.accept(block);
        }
        int head = RelayedRecord.headBytes(header);
        if (queue.isEmpty() && hasRoom(head + RelayedRecord.paddedBlock(blockBytes))) {
            append(header, segment, payload, head, block, blockBytes);
            return;
        }
        long at = queue.add(head);
        queue.memory().set(RelayedRecord.LONG, at, header);
        MemorySegment.copy(segment, payload, queue.memory(), at + RelayedRecord.ADDRESS_OFFSET,
                head - RelayedRecord.ADDRESS_OFFSET);
    }

    /** Adds a record of the multiplexer's own, whose address and payload are the whole of {@code payload}. */
    void addOwn(long header, MemorySegment payload) {
        long at = queue.add(RelayedRecord.headBytes(header));
        queue.memory().set(RelayedRecord.LONG, at, header);
        MemorySegment.copy(payload, 0, queue.memory(), at + RelayedRecord.ADDRESS_OFFSET, payload.byteSize());
    }

    /** Sends the open frame and moves on what waits. Returns how many frames left. */
    int flush() {
        int left = sendWaiting();
        while (!queue.isEmpty() && appendFirst()) {
            left += sendWaiting();
        }
        close();
        return left + sendWaiting();
    }

    /** The backend has done with a frame. */
    void onSent(long frame) {
        free[freeCount++] = (int) frame;
    }

    boolean isIdle() {
        return queue.isEmpty() && open == NO_FRAME && waitingCount == 0 && freeCount == FRAMES;
    }

    Channel channel() {
        return channel;
    }

    long framesSent() {
        return framesSent;
    }

    long recordsSent() {
        return recordsSent;
    }

    private boolean appendFirst() {
        MemorySegment memory = queue.memory();
        long record = queue.first();
        long header = memory.get(RelayedRecord.LONG, record);
        boolean withBlock = RemoteRecordDescriptor.carriesBlock(RecordDescriptor.kind(header));
        long block = withBlock ? memory.get(RelayedRecord.LONG, record + RelayedRecord.BLOCK_OFFSET) : 0;
        long blockBytes = withBlock ? memory.get(RelayedRecord.LONG, record + RelayedRecord.BLOCK_BYTES_OFFSET) : 0;
        int head = queue.firstBytes();
        if (!hasRoom(head + RelayedRecord.paddedBlock(blockBytes))) {
            return false;
        }
        append(header, memory, record + RelayedRecord.ADDRESS_OFFSET, head, block, blockBytes);
        queue.removeFirst();
        return true;
    }

    private boolean hasRoom(int bytes) {
        if (open != NO_FRAME && openBytes + bytes > frameBytes) {
            close();
        }
        if (open == NO_FRAME && freeCount > 0) {
            open = free[--freeCount];
            openBytes = 0;
        }
        return open != NO_FRAME;
    }

    private void append(long header, MemorySegment from, long address, int head, long block, long blockBytes) {
        MemorySegment memory = frames.memory();
        long at = (long) open * frameBytes + openBytes;
        memory.set(RelayedRecord.LONG, at, header);
        MemorySegment.copy(from, address, memory, at + RelayedRecord.ADDRESS_OFFSET, head - RelayedRecord.ADDRESS_OFFSET);
        if (blockBytes > 0) {
            MemorySegment.copy(segment, heap.offset(block), memory, at + head, blockBytes);
            heap.free(block);
        }
        openBytes += head + RelayedRecord.paddedBlock(blockBytes);
        recordsSent++;
    }

    private void close() {
        if (open != NO_FRAME) {
            int slot = (waitingHead + waitingCount++) % FRAMES;
            waiting[slot] = open;
            waitingBytes[slot] = openBytes;
            open = NO_FRAME;
        }
    }

    private int sendWaiting() {
        int sent = 0;
        while (waitingCount > 0) {
            int frame = waiting[waitingHead];
            int answer = channel.trySend(frames, (long) frame * frameBytes, waitingBytes[waitingHead], frame);
            if (answer != Channel.ACCEPTED) {
                break;
            }
            waitingHead = (waitingHead + 1) % FRAMES;
            waitingCount--;
            sent++;
        }
        framesSent += sent;
        return sent;
    }

    private long blockBytes(long header, long payload, long block) {
        long bytes = RecordDescriptor.payloadBytes(header) < RelayedRecord.BLOCK_WORDS ? -1
                : segment.get(ValueLayout.JAVA_LONG, payload + RemoteRecordDescriptor.BYTES + Long.BYTES);
        if (bytes <= 0 || !heap.hasRoom(block, bytes)
                || RelayedRecord.headBytes(header) + RelayedRecord.paddedBlock(bytes) > frameBytes) {
            throw new CorruptRecordException(bytes + " bytes in " + Handle.describe(block) + " in a record for another node");
        }
        return bytes;
    }
}
