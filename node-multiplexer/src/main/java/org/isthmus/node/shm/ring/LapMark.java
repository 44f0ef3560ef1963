package org.isthmus.node.shm.ring;

import org.isthmus.allocator.segment.SharedWords;
import org.isthmus.node.shm.RingConsumer;

/**
 * The generation of a record as one bit, 63, of its header word: it changes with each lap of the ring, the first lap
 * has it set. A lap is held as the value of that bit, so that {@code word ^ lap} is above 0 exactly for a record of
 * that lap, and then is its header.
 *
 * <p>What an earlier lap left at a place, a header or any bytes of a payload, might pass for a record of this lap. So
 * before a record appears, the word behind it is looked at and zeroed if it would: between records of one size that
 * never happens, and no store is made.
 */
final class LapMark {
    static final long FIRST = Long.MIN_VALUE;

    private LapMark() {}

    static long next(long lap) {
        return lap ^ Long.MIN_VALUE;
    }

    /** Header of the record that {@code word} is in {@code lap}, or {@link RingConsumer#EMPTY}. */
    static long header(long word, long lap) {
        return Math.max(word ^ lap, RingConsumer.EMPTY);
    }

    /** Sees to it that the word at {@code at} is no record of {@code lap}. */
    static void clear(SharedWords words, long at, long lap) {
        if ((words.get(at) ^ lap) > 0) {
            words.set(at, 0L);
        }
    }
}
