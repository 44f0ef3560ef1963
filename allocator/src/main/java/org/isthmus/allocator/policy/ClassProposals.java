package org.isthmus.allocator.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which size class is missing: peaks of a histogram of requests whose blocks are mostly air. A proposal is for the
 * reader of the report, or for the class table of a later version; the class table of a running job never changes.
 */
public final class ClassProposals {
    private static final int MOST = 2;
    private static final double PEAK_SHARE = 0.05;
    private static final double MIN_WASTE = 0.10;

    private ClassProposals() {}

    /**
     * A class that would help.
     *
     * @param bytes its block size, a multiple of 64
     * @param currentBytes block size that those requests get today
     * @param share part of all requests that fall on it
     */
    public record Proposal(long bytes, long currentBytes, double share) {
        /** Bytes saved for each request of the whole mix, on average. */
        public double savedBytes() {
            return share * (currentBytes - bytes);
        }
    }

    /**
     * At most two proposals, the one that saves most first.
     *
     * @param blockBytes block size of each size class, ascending
     */
    public static List<Proposal> of(SizeHistogram requests, int[] blockBytes) {
        List<Proposal> proposals = new ArrayList<>();
        for (int bucket = 0; bucket < requests.buckets(); bucket++) {
            double share = (double) requests.count(bucket) / Math.max(1, requests.total());
            long bytes = SizeHistogram.upperBytes(bucket);
            long current = blockFor(bytes, blockBytes);
            if (share >= PEAK_SHARE && isPeak(requests, bucket) && current - bytes >= MIN_WASTE * current) {
                proposals.add(new Proposal(bytes, current, share));
            }
        }
        proposals.sort(Comparator.comparingDouble(Proposal::savedBytes).reversed());
        return List.copyOf(proposals.subList(0, Math.min(MOST, proposals.size())));
    }

    private static boolean isPeak(SizeHistogram requests, int bucket) {
        long count = requests.count(bucket);
        return (bucket == 0 || count > requests.count(bucket - 1))
                && (bucket + 1 == requests.buckets() || count >= requests.count(bucket + 1));
    }

    /** Block size of the smallest class that holds {@code bytes}; {@code bytes} itself above all classes. */
    private static long blockFor(long bytes, int[] blockBytes) {
        for (int block : blockBytes) {
            if (block >= bytes) {
                return block;
            }
        }
        return bytes;
    }
}
