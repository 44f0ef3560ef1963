package org.isthmus.allocator.heap;

import org.isthmus.allocator.policy.HeapCounters;
import org.isthmus.allocator.policy.HeapLimits;
import org.isthmus.allocator.policy.SiteHints;
import org.isthmus.allocator.policy.SizeHistogram;
import org.isthmus.allocator.slab.SizeClasses;

/**
 * Where a heap's blocks come from when a stack is empty: what others have returned, larger classes, parked blocks, new
 * slabs. Owner's thread only.
 */
final class BlockSource {
    /** Of so many refused allocations in a row, one looks at every state for a block to come back. */
    private static final int FAILURES_PER_SWEEP = 64;

    private final OwnedSlabs slabs;
    private final FreeStacks stacks;
    private final Collector collector;
    private final HandedOver handedOver;
    private final ReturnBatch returns;
    private final HeapCounters counters;
    private final SiteHints hints;
    private final SizeHistogram requests = new SizeHistogram();
    private HeapLimits limits;
    private int failures;

    /** @param hints null without */
    BlockSource(OwnedSlabs slabs, FreeStacks stacks, Collector collector, HandedOver handedOver, ReturnBatch returns,
            HeapCounters counters, SiteHints hints) {
        this.slabs = slabs;
        this.stacks = stacks;
        this.collector = collector;
        this.handedOver = handedOver;
        this.returns = returns;
        this.counters = counters;
        this.hints = hints;
    }

    void obey(HeapLimits snapshot) {
        limits = snapshot;
    }

    SizeHistogram requests() {
        return requests;
    }

    /** The class whose stack has a block for a request of class {@code c} now; -1 when there is no room. */
    int fill(int c, int bytes, long site) {
        requests.add(bytes);
        collector.sweepAfterDeaths();
        if (stacks.depth(c) > 0 || collector.collectOldest(c, handedOver, stacks.capacity(c)) > 0) {
            return c;
        }
        collector.collect();
        int blocks = limits.refillBatch()[c] * batches(c, site);
        int from = refill(c, blocks);
        if (from < 0 && failures++ % FAILURES_PER_SWEEP == 0) {
            collector.collectUntold();
            trim();
            from = refill(c, blocks);
        }
        if (from < 0) {
            counters.exhausted++;
        } else {
            failures = 0;
        }
        return from;
    }

    /** How many batches a refill takes for a site. */
    private int batches(int c, long site) {
        if (hints == null || site == RankHeap.NO_SITE) {
            return 1;
        }
        hints.request(site, c);
        SiteHints.Hint hint = hints.hint(site);
        return hint.sizeClass() == c ? hint.batchFactor() : 1;
    }

    private int refill(int c, int blocks) {
        if (stacks.depth(c) > 0) {
            return c;
        }
        double most = limits.maxWaste() * SizeClasses.bytes(c);
        for (int other = c + 1; other < SizeClasses.COUNT && SizeClasses.bytes(other) <= most; other++) {
            if (stacks.depth(other) > 0) {
                return other;
            }
        }
        return stacks.refill(c, blocks) == 0 ? -1 : c;
    }

    /** A run for a block of {@code bytes}; null when there is no room. */
    Slab run(long bytes) {
        collector.collect();
        Slab run = slabs.takeRun(bytes);
        if (run == null) {
            trim();
            run = slabs.takeRun(bytes);
        }
        if (run == null) {
            counters.exhausted++;
        }
        return run;
    }

    /** Gives everything that is not in use back to the node. */
    void trim() {
        returns.flush();
        collector.collect();
        stacks.spillAll();
        slabs.closeEmpties();
    }
}
