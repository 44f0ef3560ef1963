package org.isthmus.allocator.policy;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Tunes the heaps of one node: once for each window it takes what the heaps counted, lets the learners decide, and
 * publishes a new snapshot if anything changed. In one process only, called between messages, never within a
 * collective.
 *
 * <pre>
 *   counters --CounterWindow--> CapacityLearner (stacks, batches)      every window
 *                               ArmLearner (max waste, huge pages)     canaries first, one arm at a time
 *                               EloSelection (release batch)           canaries against the others, one game a window
 *                               PolicyLifecycle                        says when all of that rests
 *            --LimitBounds--> publisher of all heaps, publisher of the canaries
 * </pre>
 *
 * <p>With fewer than two heaps there is no canary and only capacities are learned. {@link #kill} goes back to the
 * defaults for good. Deterministic for a seed and a clock. One thread.
 */
public final class PolicyLearner {
    /** Of so many heaps, one is a canary. */
    public static final int HEAPS_PER_CANARY = 16;

    private static final System.Logger LOG = System.getLogger(PolicyLearner.class.getName());
    private static final long WASTE_DWELL_NANOS = 10_000_000_000L;
    private static final long HUGE_DWELL_NANOS = 6_000_000_000L;
    private static final double[] WASTES = {1, 1.25, 1.5, 1.75, 2};
    /** Multiples of the defaults; the one in force at first is 1. */
    private static final double[] HUGE_PAGE_FACTORS = {0.25, 0.5, 1, 2, 4};
    private static final int HUGE_PAGE_DEFAULT = 2;
    private static final double[] RELEASE_FACTORS = {0.25, 0.375, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 3.5, 3.75, 4};
    private static final int RELEASE_DEFAULT = 4;

    /** Who may use the canaries; one at a time, so that a difference has one cause. */
    private enum Turn { WASTE, HUGE_PAGES, RELEASE }

    private final LimitBounds bounds;
    private final List<HeapCounters> heaps;
    private final List<HeapCounters> canaries;
    private final SizeHistogram requests;
    private final Consumer<HeapLimits> publisher;
    private final Consumer<HeapLimits> canaryPublisher;
    private final CapacityLearner capacities;
    private final ArmLearner waste;
    private final ArmLearner hugePages = new ArmLearner(HUGE_PAGE_FACTORS, HUGE_PAGE_DEFAULT, HUGE_DWELL_NANOS,
            CapacityLearner.COOL_DOWN_NANOS);
    private final EloSelection releases;
    private final long windowNanos;
    private final PolicyLifecycle lifecycle;
    private Turn turn = Turn.WASTE;
    private CounterWindow heapsSoFar;
    private CounterWindow canariesSoFar;
    private long windowStart;
    private int releaseOfCanaries = RELEASE_DEFAULT;
    private int releaseOfHeaps = RELEASE_DEFAULT;
    private long generation;
    private HeapLimits limits;
    private HeapLimits canaryLimits;
    private boolean killed;

    /**
     * @param options budget, window and seed
     * @param blockBytes block size of each size class
     * @param initial limits that the heaps have now
     * @param heaps counters of all heaps; each sixteenth, beginning with the second, is a canary
     * @param requests sampled request sizes, filled by the caller
     * @param publisher takes snapshots for all heaps but the canaries, {@link PolicyRing#publish} for example
     * @param canaryPublisher takes those for the canaries
     */
    public PolicyLearner(Options options, int[] blockBytes, LimitBounds bounds, HeapLimits initial,
            List<HeapCounters> heaps, SizeHistogram requests, Consumer<HeapLimits> publisher,
            Consumer<HeapLimits> canaryPublisher, long nowNanos) {
        this.bounds = bounds;
        this.heaps = IntStream.range(0, heaps.size()).filter(i -> !isCanary(i)).mapToObj(heaps::get).toList();
        this.canaries = IntStream.range(0, heaps.size()).filter(PolicyLearner::isCanary).mapToObj(heaps::get).toList();
        this.requests = requests;
        this.publisher = publisher;
        this.canaryPublisher = canaryPublisher;
        this.capacities = new CapacityLearner(blockBytes, bounds, options.budgetBytes);
        this.releases = new EloSelection(RELEASE_FACTORS.length, options.seed);
        this.waste = new ArmLearner(DoubleStream.concat(DoubleStream.of(initial.maxWaste()),
                DoubleStream.of(WASTES)).distinct().toArray(), 0, WASTE_DWELL_NANOS, CapacityLearner.COOL_DOWN_NANOS);
        this.windowNanos = options.windowNanos;
        this.lifecycle = new PolicyLifecycle(nowNanos);
        this.windowStart = nowNanos;
        this.heapsSoFar = CounterWindow.total(this.heaps, bounds.classes());
        this.canariesSoFar = CounterWindow.total(this.canaries, bounds.classes());
        this.limits = initial;
        this.canaryLimits = initial;
        this.generation = initial.generation();
    }

    /**
     * How to learn.
     *
     * @param budgetBytes most bytes of free blocks on the stacks of one heap
     * @param windowNanos time between two looks at the counters
     * @param seed of the few random choices
     */
    public record Options(long budgetBytes, long windowNanos, long seed) {
        public Options {
            if (budgetBytes <= 0 || windowNanos <= 0) {
                throw new IllegalArgumentException("budget and window must be above 0, got " + budgetBytes
                        + " bytes and " + windowNanos + " ns");
            }
        }
    }

    /** Whether the heap of that index is a canary. */
    public static boolean isCanary(int heap) {
        return heap % HEAPS_PER_CANARY == 1;
    }

    /**
     * Ends the window if it is over, and learns from it.
     *
     * @return whether a snapshot was published
     */
    public boolean poll(long nowNanos) {
        if (killed || nowNanos - windowStart < windowNanos) {
            return false;
        }
        windowStart = nowNanos;
        CounterWindow heapsNow = CounterWindow.total(heaps, bounds.classes());
        CounterWindow canariesNow = CounterWindow.total(canaries, bounds.classes());
        CounterWindow window = heapsNow.since(heapsSoFar);
        CounterWindow canaryWindow = canariesNow.since(canariesSoFar);
        heapsSoFar = heapsNow;
        canariesSoFar = canariesNow;
        if (lifecycle.next(window.costPerBlock(), requests, nowNanos) == PolicyLifecycle.State.FROZEN) {
            return publish(limits, limits);
        }
        HeapLimits learned = capacities.learn(window, limits, nowNanos);
        HeapLimits forCanaries = learned;
        if (!canaries.isEmpty()) {
            learnOnCanaries(canaryWindow.costPerBlock(), window.costPerBlock(), nowNanos);
            learned = apply(learned, waste.adopted(), hugePages.adopted(), releaseOfHeaps);
            forCanaries = apply(learned, waste.onTrial(), hugePages.onTrial(), releaseOfCanaries);
        }
        return publish(learned, forCanaries);
    }

    /** Back to the defaults, for good. */
    public void kill() {
        killed = true;
        publish(bounds.defaults(), bounds.defaults());
    }

    /** The limits of all heaps but the canaries. */
    public HeapLimits limits() {
        return limits;
    }

    /** The limits of the canaries. */
    public HeapLimits canaryLimits() {
        return canaryLimits;
    }

    public PolicyLifecycle.State state() {
        return lifecycle.state();
    }

    private void learnOnCanaries(double canaryCost, double cost, long now) {
        switch (turn) {
            case WASTE -> {
                waste.learn(canaryCost, cost, now);
                turn = waste.isTrying() ? turn : Turn.HUGE_PAGES;
            }
            case HUGE_PAGES -> {
                hugePages.learn(canaryCost, cost, now);
                turn = hugePages.isTrying() ? turn : Turn.RELEASE;
            }
            case RELEASE -> {
                playRelease(canaryCost, cost);
                turn = releaseOfCanaries == releaseOfHeaps ? Turn.WASTE : turn;
            }
        }
    }

    /** One strategy runs on the canaries for a window, then plays against the one of the other heaps. */
    private void playRelease(double canaryCost, double cost) {
        if (releaseOfCanaries == releaseOfHeaps) {
            releaseOfCanaries = releases.next();
            return;
        }
        if (!Double.isNaN(canaryCost) && !Double.isNaN(cost)) {
            releases.game(releaseOfCanaries, canaryCost, releaseOfHeaps, cost);
        }
        if (releases.isSettled()) {
            releaseOfHeaps = releases.survivors()[0];
        }
        releaseOfCanaries = releaseOfHeaps;
    }

    private HeapLimits apply(HeapLimits base, double maxWaste, double hugePageFactor, int release) {
        HeapLimits d = bounds.defaults();
        return base.withMaxWaste(maxWaste).withHugePageBytes((long) (d.hugePageBytes() * hugePageFactor))
                .withReleaseBatchBytes((long) (d.releaseBatchBytes() * RELEASE_FACTORS[release]));
    }

    private boolean publish(HeapLimits forHeaps, HeapLimits forCanaries) {
        HeapLimits next = bounds.clamp(forHeaps);
        HeapLimits nextCanary = bounds.clamp(forCanaries);
        if (next.sameAs(limits) && nextCanary.sameAs(canaryLimits)) {
            return false;
        }
        generation++;
        limits = next.withGeneration(generation);
        canaryLimits = nextCanary.withGeneration(generation);
        publisher.accept(limits);
        canaryPublisher.accept(canaryLimits);
        LOG.log(System.Logger.Level.DEBUG, "heap policy generation {0}: {1}", generation,
                FrozenPolicy.write(limits).replace('\n', ';'));
        return true;
    }
}
