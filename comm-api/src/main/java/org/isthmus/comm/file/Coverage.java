package org.isthmus.comm.file;

import org.isthmus.comm.datatype.BlockSequence;

/**
 * Which parts of a window of the file an access touches: a bit for each grain, a number of bytes that divides all
 * offsets and lengths.
 */
final class Coverage {
    private final long start;
    private final long grain;
    private final long[] bits;
    private final int length;

    /** @param start offset in the file of the window, of {@code bytes} bytes */
    Coverage(long start, long bytes, long grain) {
        this.start = start;
        this.grain = grain;
        this.length = Math.toIntExact(Math.ceilDiv(bytes, grain));
        this.bits = new long[(length >> 6) + 1];
    }

    /** Adds bytes {@code [position, position + bytes)} of a view's stream, all of which lie in the window. */
    void add(BlockSequence blocks, long position, long bytes) {
        BlockSequence.Cursor cursor = blocks.new Cursor(position);
        long left = bytes;
        while (left > 0) {
            long n = Math.min(cursor.length(), left);
            int from = (int) ((cursor.offset() - start) / grain);
            set(from, from + (int) (n / grain));
            cursor.advance(n);
            left -= n;
        }
    }

    private void set(int from, int to) {
        if (to - from == 1) {
            bits[from >> 6] |= 1L << from;
            return;
        }
        int first = from >> 6;
        int last = to - 1 >> 6;
        long head = -1L << from;
        long tail = -1L >>> -to;
        if (first == last) {
            bits[first] |= head & tail;
            return;
        }
        bits[first] |= head;
        for (int i = first + 1; i < last; i++) {
            bits[i] = -1L;
        }
        bits[last] |= tail;
    }

    /** The first grain from {@code from} on that is covered, or is not; the window's end if there is none. */
    private int next(int from, boolean covered) {
        int word = from >> 6;
        long rest = (covered ? bits[word] : ~bits[word]) & -1L << from;
        while (rest == 0 && ++word < bits.length) {
            rest = covered ? bits[word] : ~bits[word];
        }
        return rest == 0 ? length : Math.min(length, (word << 6) + Long.numberOfTrailingZeros(rest));
    }

    /** Told of runs without gaps: offsets in the window. */
    interface RunVisitor {
        void run(long from, long to);
    }

    /** Visits the covered runs, in order. */
    void runs(RunVisitor visitor) {
        for (int from = next(0, true); from < length;) {
            int to = next(from, false);
            visitor.run(from * grain, to * grain);
            from = to == length ? length : next(to, true);
        }
    }
}
