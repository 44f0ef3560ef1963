package org.isthmus.comm.file;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.isthmus.comm.datatype.BlockSequence;

/**
 * What all ranks know of one collective access: who wants which part of the file, and which aggregator reads or writes
 * which window of it in which round. The same on all ranks.
 *
 * <p>The span of the access is cut into one domain for each aggregator, a domain into windows of the size of the
 * aggregators' buffer; round i is about window i of each domain.
 */
final class CollectivePlan {
    /** Most numbers of a view's description that travel with the rest: views of one block that repeats. */
    private static final int SHORT_VIEW = 7;
    private static final int FIRST = 0;
    private static final int END = 1;
    private static final int POSITION = 2;
    private static final int LENGTH = 3;
    private static final int MEAN_BLOCK = 4;
    private static final int MONOTONE = 5;
    private static final int VIEW_NUMBERS = 6;
    private static final int VIEW = 7;
    /** Numbers that each rank contributes. */
    static final int NUMBERS = VIEW + SHORT_VIEW;

    private final long[] all;
    private final BlockSequence[] views;
    private long low = Long.MAX_VALUE;
    private long high;
    private long base;
    private long domain;
    private long window;

    /** @param all the numbers of {@link #describe} of all ranks, in order */
    CollectivePlan(long[] all) {
        this.all = all;
        this.views = new BlockSequence[all.length / NUMBERS];
        for (int rank = 0; rank < views.length; rank++) {
            if (length(rank) > 0) {
                low = Math.min(low, get(rank, FIRST));
                high = Math.max(high, get(rank, END));
            }
            if (viewNumbers(rank) <= SHORT_VIEW) {
                int from = rank * NUMBERS + VIEW;
                views[rank] = BlockSequence.decode(Arrays.copyOfRange(all, from, from + SHORT_VIEW));
            }
        }
    }

    /** What this rank tells all others. */
    static long[] describe(BlockSequence blocks, long position, long length) {
        long[] mine = new long[NUMBERS];
        long[] view = blocks.encode();
        if (length > 0 && blocks.isMonotone()) {
            mine[FIRST] = blocks.offsetOf(position);
            mine[END] = blocks.endOf(position, length);
        }
        mine[POSITION] = position;
        mine[LENGTH] = length;
        mine[MEAN_BLOCK] = blocks.meanBlock();
        mine[MONOTONE] = blocks.isMonotone() ? 1 : 0;
        mine[VIEW_NUMBERS] = view.length;
        if (view.length <= SHORT_VIEW) {
            System.arraycopy(view, 0, mine, VIEW, view.length);
        }
        return mine;
    }

    private long get(int rank, int what) {
        return all[rank * NUMBERS + what];
    }

    long length(int rank) {
        return get(rank, LENGTH);
    }

    private int viewNumbers(int rank) {
        return (int) get(rank, VIEW_NUMBERS);
    }

    /** Numbers of the rank's view that {@code aggregator} must be sent; 0 when it has them or does not need them. */
    int missingView(int rank, int aggregator) {
        boolean needed = length(rank) > 0 && get(rank, FIRST) < Math.min(high, base + (aggregator + 1) * domain)
                && get(rank, END) > Math.max(low, base + aggregator * domain);
        return needed && viewNumbers(rank) > SHORT_VIEW ? viewNumbers(rank) : 0;
    }

    void setView(int rank, BlockSequence view) {
        views[rank] = view;
    }

    /** A view that is known here. */
    BlockSequence view(int rank) {
        return views[rank];
    }

    /** Whether the access goes through aggregators. */
    boolean aggregates(Hints hints, boolean write, boolean oneNode) {
        long block = Long.MAX_VALUE;
        for (int rank = 0; rank < views.length; rank++) {
            if (length(rank) > 0) {
                if (get(rank, MONOTONE) == 0) {
                    return false;
                }
                block = Math.min(block, Math.min(length(rank), get(rank, MEAN_BLOCK)));
            }
        }
        return high > low && hints.aggregates(write, isInterleaved(), block, oneNode);
    }

    /** Whether the spans of any two ranks have a part in common. */
    private boolean isInterleaved() {
        int[] ranks = IntStream.range(0, views.length).filter(rank -> length(rank) > 0).boxed()
                .sorted(Comparator.comparingLong(rank -> get(rank, FIRST))).mapToInt(rank -> rank).toArray();
        long reached = 0;
        for (int rank : ranks) {
            if (get(rank, FIRST) < reached) {
                return true;
            }
            reached = get(rank, END);
        }
        return false;
    }

    /** Deals the span out. */
    void divide(int aggregators, long window, long alignment) {
        this.base = low / alignment * alignment;
        this.domain = Math.ceilDiv(Math.ceilDiv(high - base, aggregators), alignment) * alignment;
        this.window = Math.min(window, domain);
    }

    /** Most bytes of a window. */
    long windowSize() {
        return window;
    }

    int rounds() {
        return Math.toIntExact(Math.ceilDiv(domain, window));
    }

    long windowStart(int aggregator, int round) {
        return Math.clamp(base + aggregator * domain + round * window, low, high);
    }

    long windowEnd(int aggregator, int round) {
        long end = Math.min(base + aggregator * domain + (round + 1) * window, base + (aggregator + 1) * domain);
        return Math.clamp(end, low, high);
    }

    /** Part of a rank's stream: its data in one window. */
    record Share(long position, long length) {}

    /** @param rank one whose view is known here */
    Share share(int rank, int aggregator, int round) {
        long start = windowStart(aggregator, round);
        long end = windowEnd(aggregator, round);
        if (length(rank) == 0 || get(rank, FIRST) >= end || get(rank, END) <= start) {
            return new Share(get(rank, POSITION), 0);
        }
        long from = Math.max(get(rank, POSITION), views[rank].positionBelow(start));
        long to = Math.min(get(rank, POSITION) + length(rank), views[rank].positionBelow(end));
        return new Share(from, Math.max(0, to - from));
    }

    /** Divides all offsets and lengths in a window. */
    long grain(int aggregator, int round) {
        long grain = BlockSequence.gcd(windowStart(aggregator, round), windowEnd(aggregator, round));
        for (int rank = 0; rank < views.length; rank++) {
            if (length(rank) > 0 && views[rank] != null) {
                grain = BlockSequence.gcd(grain, views[rank].granularity());
                grain = BlockSequence.gcd(grain, BlockSequence.gcd(get(rank, POSITION), length(rank)));
            }
        }
        return grain;
    }
}
