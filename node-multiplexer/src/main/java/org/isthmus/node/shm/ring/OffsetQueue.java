package org.isthmus.node.shm.ring;

import java.lang.foreign.Arena;
import org.isthmus.allocator.segment.SharedWords;

/**
 * FastForward queue of offsets between two threads of one process, as the multiplexer's agents pass them (J. Giacomoni
 * et al., PPoPP 2008): each slot is a cache line of its own and holds an offset or 0; neither side reads the other's
 * index. One thread offers, one polls; in order; both wait-free.
 */
public final class OffsetQueue {
    /** Answer of {@link #poll}: nothing is there. */
    public static final long EMPTY = 0;

    private static final int SLOT_BYTES = 64;

    private final SharedWords words;
    private final long mask;
    private final Side producer = new Side();
    private final Side consumer = new Side();

    /** One side's index, with room around it so that the two never share a cache line. */
    @SuppressWarnings("unused")
    private static final class Side {
        private long before0, before1, before2, before3, before4, before5, before6, before7;
        private long at;
        private long after0, after1, after2, after3, after4, after5, after6, after7;
    }

    /** @param capacity slots, a power of two */
    public OffsetQueue(int capacity) {
        if (capacity < 1 || Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity is " + capacity + ", must be a power of two");
        }
        this.words = new SharedWords(Arena.ofAuto().allocate((long) capacity * SLOT_BYTES, SLOT_BYTES));
        this.mask = (long) capacity * SLOT_BYTES - 1;
    }

    /** Adds {@code offset}, which is not 0; false if the queue is full. */
    public boolean offer(long offset) {
        if (offset == EMPTY) {
            throw new IllegalArgumentException("offset is 0, which means that a slot is empty");
        }
        long at = producer.at;
        // SYNC(queue.slot): what the consumer did before it emptied the slot comes before what we do after
        if (words.getAcquire(at) != EMPTY) {
            return false;
        }
        words.setRelease(at, offset); // SYNC(queue.offer): what lies at the offset is written
        producer.at = at + SLOT_BYTES & mask;
        return true;
    }

    /** Takes the next offset, or {@link #EMPTY}. */
    public long poll() {
        long at = consumer.at;
        long offset = words.getAcquire(at); // SYNC(queue.offer)
        if (offset != EMPTY) {
            words.setRelease(at, EMPTY); // SYNC(queue.slot)
            consumer.at = at + SLOT_BYTES & mask;
        }
        return offset;
    }
}
