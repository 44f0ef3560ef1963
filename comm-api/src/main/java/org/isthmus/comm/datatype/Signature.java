package org.isthmus.comm.datatype;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The sequence of basic elements in a packed type, as a tree of repetitions: answers how many basic elements a number
 * of received bytes is (MPI 3.1, section 4.1.11).
 */
final class Signature {
    private static final Part[] LEAF = {};

    private final long bytes;
    private final long elements;
    private final int unit;
    private final Part[] parts;

    private record Part(long count, Signature signature) {}

    private Signature(long bytes, long elements, int unit, Part[] parts) {
        this.bytes = bytes;
        this.elements = elements;
        this.unit = unit;
        this.parts = parts;
    }

    /** One basic element, a number or truth value. */
    static Signature basic(long bytes) {
        return basic(bytes, (int) bytes);
    }

    /** One basic element of numbers of {@code unit} bytes each. */
    static Signature basic(long bytes, int unit) {
        return new Signature(bytes, 1, unit, LEAF);
    }

    Signature times(long count) {
        return sequence(new long[] {count}, new Signature[] {this});
    }

    static Signature sequence(long[] counts, Signature[] signatures) {
        long bytes = 0;
        long elements = 0;
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            bytes += counts[i] * signatures[i].bytes;
            elements += counts[i] * signatures[i].elements;
            if (counts[i] > 0 && signatures[i].bytes > 0) {
                parts.add(new Part(counts[i], signatures[i]));
            }
        }
        boolean alone = parts.size() == 1 && parts.get(0).count == 1;
        return alone ? parts.get(0).signature
                : new Signature(bytes, elements, commonUnit(parts), parts.toArray(LEAF));
    }

    /** The unit of all parts, 0 when they differ. */
    private static int commonUnit(List<Part> parts) {
        int unit = parts.isEmpty() ? 1 : parts.get(0).signature.unit;
        for (Part part : parts) {
            unit = part.signature.unit == unit ? unit : 0;
        }
        return unit;
    }

    /** Turns around the bytes of each number in {@code count} packed repetitions; returns the offset after them. */
    long reverse(MemorySegment packed, long offset, long count) {
        if (unit != 0) {
            ByteReversal.reverse(packed, offset, count * bytes, unit);
            return offset + count * bytes;
        }
        long at = offset;
        for (long i = 0; i < count; i++) {
            for (Part part : parts) {
                at = part.signature.reverse(packed, at, part.count);
            }
        }
        return at;
    }

    /** Basic elements in the first {@code length} bytes of any number of repetitions; -1 when the last is cut. */
    long elementsIn(long length) {
        if (length == 0) {
            return 0;
        }
        if (bytes == 0) {
            return -1;
        }
        long count = length / bytes * elements;
        long rest = length % bytes;
        for (Part part : parts) {
            if (rest == 0) {
                return count;
            }
            long here = Math.min(rest, part.count * part.signature.bytes);
            long inside = part.signature.elementsIn(here);
            if (inside < 0) {
                return -1;
            }
            count += inside;
            rest -= here;
        }
        return rest == 0 ? count : -1;
    }

    /** Bytes of the first {@code count} basic elements of any number of repetitions. */
    long bytesOf(long count) {
        if (elements == 0) {
            return 0;
        }
        long length = count / elements * bytes;
        long rest = count % elements;
        for (Part part : parts) {
            if (rest == 0) {
                break;
            }
            long here = Math.min(rest, part.count * part.signature.elements);
            length += part.signature.bytesOf(here);
            rest -= here;
        }
        return length;
    }
}
