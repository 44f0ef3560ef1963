package org.isthmus.node.shm.ring;

import org.isthmus.allocator.segment.SharedWords;

/**
 * The first word of a group of records, which begins at a cache line: the line's number since the ring began, plus one,
 * and how many bytes of the line are written.
 *
 * <pre>
 *   63                                        8 7           0
 *  +-------------------------------------------+-------------+
 *  | line number + 1                           | filled      |   filled: 8..64, this word included
 *  +-------------------------------------------+-------------+
 *  | record | record | ...            or one record of any number of lines: filled = 64
 * </pre>
 */
final class LineStamp {
    static final int LINE = 64;
    static final int BYTES = 8;
    /** A line filled beyond this takes no further record. */
    static final int FULL = LINE - 16;

    private LineStamp() {}

    static long of(long position, int filled) {
        return (position / LINE + 1) << 8 | filled;
    }

    /** Whether {@code word} stamps the line at {@code position}. */
    static boolean isOf(long word, long position) {
        return word >>> 8 == position / LINE + 1;
    }

    static int filled(long word) {
        return (int) word & 0xff;
    }

    /** Lines of a record that begins a group. */
    static int lines(int recordBytes) {
        return BYTES + recordBytes + LINE - 1 >>> 6;
    }

    /** Sees to it that what an earlier payload left at {@code at} is no stamp of the line at {@code position}. */
    static void clear(SharedWords words, long at, long position) {
        if (isOf(words.get(at), position)) {
            words.set(at, 0L);
        }
    }
}
