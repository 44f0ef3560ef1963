package org.isthmus.comm.pt2pt;

import java.lang.foreign.MemorySegment;
import org.isthmus.allocator.heap.RankHeap;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.comm.buffer.DeviceBuffer;
import org.isthmus.comm.error.CommException;

/**
 * The second stage of receives into a device's memory: blocks that have arrived and that the device unpacks, oldest
 * first. Invariants: a block is freed, and a receive completed, only after the unpacking has ended; no more than
 * {@link #MOST} blocks wait, so that arrivals take a bounded part of the node's memory. Owned by the engine thread.
 */
final class UnpackQueue {
    /** Entries: blocks being unpacked, and ends of messages. */
    static final int MOST = 16;

    private final MemorySegment memory;
    private final RankHeap heap;
    private final DeviceCopies copies;
    private final Transfer[] receives = new Transfer[MOST];
    private final DeviceBuffer[] buffers = new DeviceBuffer[MOST];
    /** The block; {@link Handle#NONE} for the end of a message. */
    private final long[] blocks = new long[MOST];
    private final long[] tickets = new long[MOST];
    private int first;
    private int count;

    UnpackQueue(MemorySegment memory, RankHeap heap, DeviceCopies copies) {
        this.memory = memory;
        this.heap = heap;
        this.copies = copies;
    }

    /** Begins to unpack {@code stored} bytes of a block that this rank's heap has accepted. */
    void add(Transfer receive, long block, long position, long stored) {
        DeviceBuffer buffer = (DeviceBuffer) receive.base;
        long ticket;
        try {
            ticket = buffer.beginUnpack(memory, heap.offset(block), receive.offset, receive.type, position, stored);
        } catch (CommException e) {
            receive.fail(e.errorClass(), e.getMessage());
            heap.free(block);
            return;
        }
        add(receive, buffer, block, ticket);
    }

    /** All of the message has arrived: it completes after its last block. */
    void end(Transfer receive) {
        if (count == 0) {
            receive.complete();
        } else {
            add(receive, null, Handle.NONE, 0);
        }
    }

    private void add(Transfer receive, DeviceBuffer buffer, long block, long ticket) {
        int i = (first + count) % MOST;
        receives[i] = receive;
        buffers[i] = buffer;
        blocks[i] = block;
        tickets[i] = ticket;
        count++;
        copies.begin();
        if (count == MOST) {
            finishFirst(true);
        }
    }

    /** Ends what is done; the number of messages and blocks. */
    int progress() {
        int finished = 0;
        while (count > 0 && finishFirst(false)) {
            finished++;
        }
        return finished;
    }

    /** Waits for all. */
    void drain() {
        while (count > 0) {
            finishFirst(true);
        }
    }

    private boolean finishFirst(boolean wait) {
        int i = first;
        if (buffers[i] == null) {
            remove();
            receives[i].complete();
        } else if (isUnpacked(i, wait)) {
            remove();
            heap.free(blocks[i]);
        } else {
            return false;
        }
        receives[i] = null;
        buffers[i] = null;
        return true;
    }

    /** A copy that fails has ended too. */
    private boolean isUnpacked(int i, boolean wait) {
        try {
            if (!wait) {
                return buffers[i].isDone(tickets[i]);
            }
            buffers[i].await(tickets[i]);
        } catch (CommException e) {
            receives[i].fail(e.errorClass(), e.getMessage());
        }
        return true;
    }

    private void remove() {
        first = (first + 1) % MOST;
        count--;
        copies.end();
    }
}
