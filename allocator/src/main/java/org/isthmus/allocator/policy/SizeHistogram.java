package org.isthmus.allocator.policy;

import java.util.Arrays;

/**
 * How often each request size came, in buckets of 64 bytes up to 2 KiB and 32 for each doubling above. One thread
 * writes; fed from slow paths with a sample of the requests.
 */
public final class SizeHistogram {
    /** Largest size that has a bucket of its own kind; larger ones fall into the last bucket. */
    public static final int MAX_BYTES = 1 << 30;

    private static final int GRANULE_SHIFT = 6;
    private static final int PER_DOUBLING_SHIFT = 5;
    private static final int LINEAR = 1 << PER_DOUBLING_SHIFT;

    private final long[] count = new long[bucket(MAX_BYTES) + 1];
    private long total;

    /** Notes one request of {@code bytes}, at least 1. */
    public void add(int bytes) {
        add(bytes, 1);
    }

    /** Notes {@code times} requests of one size. */
    public void add(int bytes, long times) {
        if (bytes < 1) {
            throw new IllegalArgumentException("a request has at least 1 byte, got " + bytes);
        }
        count[bucket(Math.min(bytes, MAX_BYTES))] += times;
        total += times;
    }

    public long total() {
        return total;
    }

    public int buckets() {
        return count.length;
    }

    public long count(int bucket) {
        return count[bucket];
    }

    /** Forgets all. */
    public void clear() {
        Arrays.fill(count, 0);
        total = 0;
    }

    /** Half the sum of differences of the two distributions: 0 equal, 1 disjoint; 0 if one is empty. */
    public double distance(SizeHistogram other) {
        if (total == 0 || other.total == 0) {
            return 0;
        }
        double sum = 0;
        for (int i = 0; i < count.length; i++) {
            sum += Math.abs((double) count[i] / total - (double) other.count[i] / other.total);
        }
        return sum / 2;
    }

    /** A copy that does not change any more. */
    public SizeHistogram copy() {
        SizeHistogram copy = new SizeHistogram();
        System.arraycopy(count, 0, copy.count, 0, count.length);
        copy.total = total;
        return copy;
    }

    /** Bucket of a size. */
    static int bucket(int bytes) {
        int granules = (bytes - 1) >>> GRANULE_SHIFT;
        if (granules < LINEAR) {
            return granules;
        }
        int shift = 31 - PER_DOUBLING_SHIFT - Integer.numberOfLeadingZeros(granules);
        return (shift << PER_DOUBLING_SHIFT) + (granules >>> shift);
    }

    /** Largest size of a bucket. */
    static long upperBytes(int bucket) {
        int shift = Math.max(0, (bucket >>> PER_DOUBLING_SHIFT) - 1);
        long granules = bucket - ((long) shift << PER_DOUBLING_SHIFT);
        return (granules + 1) << shift << GRANULE_SHIFT;
    }
}
