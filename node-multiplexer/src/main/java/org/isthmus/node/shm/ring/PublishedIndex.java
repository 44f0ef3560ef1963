package org.isthmus.node.shm.ring;

import org.isthmus.allocator.segment.SharedWords;
import org.isthmus.node.shm.CorruptRecordException;
import org.isthmus.node.shm.RingDescriptor;

/** The consumer's copy of the index up to which the producer has published. */
final class PublishedIndex {
    private final SharedWords words;
    private final long word;
    private final int capacity;
    private long known;

    PublishedIndex(SharedWords words, long ring, int capacity) {
        this.words = words;
        this.word = ring + RingDescriptor.PUBLISHED_OFFSET;
        this.capacity = capacity;
    }

    /** The index as it was when last loaded. */
    long known() {
        return known;
    }

    /** Loads the index; whether a record at {@code position} is published. */
    boolean load(long position) {
        long published = words.getAcquire(word); // SYNC(ring.index): the records are read after
        if (published < known || published - position > capacity || (published & 7) != 0) {
            throw new CorruptRecordException("published index " + published + " after " + known + " at position "
                    + position + " of a ring of " + capacity + " bytes");
        }
        known = published;
        return position < published;
    }
}
