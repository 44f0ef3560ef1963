package org.isthmus.allocator.policy;

import java.util.List;
import java.util.Locale;

/** What heaps counted and which limits they obeyed, as text for people: one dump, on request or at the end. */
public final class HeapReport {
    private HeapReport() {}

    /**
     * One line for each class that was used, then the proposals of classes that are missing.
     *
     * @param blockBytes block size of each class
     * @param heaps their counters; may be changing
     * @param requests sampled request sizes; may be empty
     */
    public static String of(int[] blockBytes, List<HeapCounters> heaps, HeapLimits limits, SizeHistogram requests) {
        CounterWindow total = CounterWindow.total(heaps, blockBytes.length);
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT,
                "heaps %d, policy generation %d, owned %,d bytes, exhausted %d, flushes %d (batch %d)%n", heaps.size(),
                limits.generation(), total.ownedBytes(), total.exhausted(), total.flushes(), limits.flushBatch()));
        text.append(String.format("%10s %10s %12s %10s %8s %8s %8s%n", "class", "misses", "blocks", "spilled", "slabs",
                "stack", "batch"));
        for (int i = 0; i < blockBytes.length; i++) {
            if (total.misses()[i] + total.spilled()[i] + total.slabs()[i] > 0) {
                text.append(String.format("%10d %10d %12d %10d %8d %8d %8d%n", blockBytes[i], total.misses()[i],
                        total.blocks()[i], total.spilled()[i], total.slabs()[i], limits.stackCapacity()[i],
                        limits.refillBatch()[i]));
            }
        }
        for (ClassProposals.Proposal proposal : ClassProposals.of(requests, blockBytes)) {
            text.append(String.format(Locale.ROOT,
                    "missing class: %d bytes (%.0f %% of the requests, which take blocks of %d)%n", proposal.bytes(),
                    100 * proposal.share(), proposal.currentBytes()));
        }
        return text.toString();
    }
}
