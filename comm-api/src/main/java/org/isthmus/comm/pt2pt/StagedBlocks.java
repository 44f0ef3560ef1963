package org.isthmus.comm.pt2pt;

import java.lang.foreign.MemorySegment;
import org.isthmus.allocator.heap.RankHeap;
import org.isthmus.comm.buffer.DeviceBuffer;
import org.isthmus.comm.error.CommException;

/**
 * The blocks of a send from a device's memory that the device fills, oldest first, while earlier ones are on their way.
 * Invariant: a block leaves, or is freed, only after its copy has ended. Owned by the engine thread.
 */
final class StagedBlocks {
    /** Copies of a message that are under way at once. */
    static final int MOST = 4;

    private final Transfer send;
    private final DeviceBuffer buffer;
    private final MemorySegment memory;
    private final RankHeap heap;
    private final DeviceCopies copies;
    private final long[] blocks = new long[MOST];
    private final int[] bytes = new int[MOST];
    /** Of the copies under way. */
    private final long[] tickets = new long[MOST];
    private final boolean[] done = new boolean[MOST];
    private int first;
    private int count;
    private long position;

    StagedBlocks(Transfer send, MemorySegment memory, RankHeap heap, DeviceCopies copies) {
        this.send = send;
        this.buffer = (DeviceBuffer) send.base;
        this.memory = memory;
        this.heap = heap;
        this.copies = copies;
        this.position = send.position;
    }

    boolean isFull() {
        return count == MOST;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Position in the message of what no block was taken for yet. */
    long position() {
        return position;
    }

    /** Begins to fill a block with the next {@code length} bytes; frees it if that fails. */
    void add(long block, int length) {
        int i = (first + count) % MOST;
        try {
            tickets[i] = buffer.beginPack(send.offset, send.type, position, memory, heap.offset(block), length);
        } catch (CommException e) {
            heap.free(block);
            throw e;
        }
        blocks[i] = block;
        bytes[i] = length;
        done[i] = false;
        count++;
        position += length;
        copies.begin();
    }

    /** Whether the first block is filled. */
    boolean isFirstDone() {
        if (!done[first] && buffer.isDone(tickets[first])) {
            finished(first);
        }
        return done[first];
    }

    long firstBlock() {
        return blocks[first];
    }

    int firstBytes() {
        return bytes[first];
    }

    /** The first block has left. */
    void removeFirst() {
        first = (first + 1) % MOST;
        count--;
    }

    /** Frees all blocks: the message has ended before its time. The first error of their copies, or null. */
    CommException drop() {
        CommException problem = null;
        for (; count > 0; removeFirst()) {
            if (!done[first]) {
                try {
                    buffer.await(tickets[first]);
                } catch (CommException e) {
                    problem = problem == null ? e : problem;
                }
                finished(first);
            }
            heap.free(blocks[first]);
        }
        return problem;
    }

    private void finished(int i) {
        done[i] = true;
        copies.end();
    }
}
