package org.isthmus.allocator.policy;

import java.util.Map;
import java.util.TreeMap;

/**
 * Freed ranges on their way back, gathered until they are worth a call: neighbours are joined, and once
 * {@link HeapLimits#releaseBatchBytes} have come together all are released, lowest first. A range that is needed again
 * before that can be taken back. One thread.
 *
 * <p>Invariants: (1) ranges neither overlap nor touch; (2) {@code bytes} is the sum of their lengths.
 */
public final class ReleaseBatch {
    private final Releaser releaser;
    private final TreeMap<Long, Long> ranges = new TreeMap<>();
    private long bytes;

    /** What takes a range of memory back: the node pool, or the kernel. */
    @FunctionalInterface
    public interface Releaser {
        void release(long offset, long length);
    }

    public ReleaseBatch(Releaser releaser) {
        this.releaser = releaser;
    }

    /**
     * Adds a freed range, and releases all if that makes {@code batchBytes} or more.
     *
     * @throws IllegalArgumentException when the range is empty or already in here
     */
    public void add(long offset, long length, long batchBytes) {
        if (offset < 0 || length <= 0 || offset > Long.MAX_VALUE - length) {
            throw new IllegalArgumentException("a freed range has a positive length, got "
                    + length + " bytes at " + offset);
        }
        Map.Entry<Long, Long> below = ranges.floorEntry(offset);
        Map.Entry<Long, Long> above = ranges.ceilingEntry(offset);
        if (below != null && below.getKey() + below.getValue() > offset
                || above != null && offset + length > above.getKey()) {
            throw new IllegalArgumentException("the range of " + length + " bytes at " + offset + " was freed twice");
        }
        long start = offset;
        long end = offset + length;
        if (below != null && below.getKey() + below.getValue() == offset) {
            start = below.getKey();
        }
        if (above != null && above.getKey() == end) {
            end += above.getValue();
            ranges.remove(above.getKey());
        }
        ranges.put(start, end - start);
        bytes += length;
        if (bytes >= batchBytes) {
            flush();
        }
    }

    /**
     * Takes {@code length} bytes of a gathered range back, aligned to {@code alignment}, a power of two.
     *
     * @return their offset, or -1 if no range is long enough
     */
    public long takeBack(long length, long alignment) {
        for (Map.Entry<Long, Long> range : ranges.entrySet()) {
            long start = range.getKey();
            long end = start + range.getValue();
            long at = (start + alignment - 1) & -alignment;
            if (at <= end - length) {
                ranges.remove(start);
                if (at > start) {
                    ranges.put(start, at - start);
                }
                if (at + length < end) {
                    ranges.put(at + length, end - at - length);
                }
                bytes -= length;
                return at;
            }
        }
        return -1;
    }

    /** Releases all that is gathered. */
    public void flush() {
        while (!ranges.isEmpty()) {
            Map.Entry<Long, Long> range = ranges.pollFirstEntry();
            bytes -= range.getValue();
            releaser.release(range.getKey(), range.getValue());
        }
    }

    /** Bytes gathered. */
    public long bytes() {
        return bytes;
    }
}
