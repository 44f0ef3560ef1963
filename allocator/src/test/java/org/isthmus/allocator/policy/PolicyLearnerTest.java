package org.isthmus.allocator.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PolicyLearnerTest {
    private static final int[] BLOCK_BYTES = {64, 1024, 4096, 65536, 524288};
    private static final long SECOND = 1_000_000_000L;
    private static final PolicyLearner.Options OPTIONS = new PolicyLearner.Options(1 << 20, SECOND, 9);

    private final LimitBounds bounds = new LimitBounds(HeapLimits.defaults(BLOCK_BYTES));
    private final SizeHistogram requests = new SizeHistogram();
    private final List<HeapLimits> published = new ArrayList<>();
    private final List<HeapLimits> canaries = new ArrayList<>();

    private static List<HeapCounters> heaps(int count) {
        return IntStream.range(0, count).mapToObj(i -> new HeapCounters(BLOCK_BYTES.length)).toList();
    }

    private PolicyLearner learner(List<HeapCounters> heaps) {
        return new PolicyLearner(OPTIONS, BLOCK_BYTES, bounds, bounds.defaults(), heaps, requests, published::add,
                canaries::add, 0);
    }

    /** Heaps that have a busy window of their own each second. */
    private static void work(List<HeapCounters> heaps, Random random) {
        for (HeapCounters heap : heaps) {
            for (int i = 0; i < BLOCK_BYTES.length; i++) {
                int blocks = random.nextInt(2000);
                heap.refills[i] += blocks == 0 ? 0 : random.nextInt(blocks);
                heap.refilledBlocks[i] += blocks;
                heap.spilledBlocks[i] += random.nextInt(10);
                heap.slabsOpened[i] += random.nextInt(2);
            }
        }
    }

    private void run(List<HeapCounters> heaps, PolicyLearner learner, int seconds) {
        Random random = new Random(1);
        for (int second = 1; second <= seconds; second++) {
            work(heaps, random);
            learner.poll(second * SECOND);
        }
    }

    @Test
    void whateverTheCountersSayLimitsStayWithinTheBoundsAndGenerationsGrow() {
        List<HeapCounters> heaps = heaps(32);
        run(heaps, learner(heaps), 2000);
        assertTrue(published.size() > 50, published.size() + " snapshots");
        assertEquals(published.size(), canaries.size());
        for (int i = 0; i < published.size(); i++) {
            assertEquals(i + 1, published.get(i).generation());
            assertTrue(bounds.clamp(published.get(i)).sameAs(published.get(i)));
            assertTrue(bounds.clamp(canaries.get(i)).sameAs(canaries.get(i)));
        }
        assertTrue(canaries.stream().anyMatch(limits -> limits.maxWaste() > 1));
        assertTrue(canaries.stream().anyMatch(limits -> limits.hugePageBytes() != bounds.defaults().hugePageBytes()));
        assertTrue(canaries.stream()
                .anyMatch(limits -> limits.releaseBatchBytes() != bounds.defaults().releaseBatchBytes()));
    }

    @Test
    void theSameCountersGiveTheSamePolicies() {
        List<HeapCounters> first = heaps(20);
        run(first, learner(first), 300);
        List<String> once = published.stream().map(FrozenPolicy::write).toList();
        published.clear();
        List<HeapCounters> second = heaps(20);
        run(second, learner(second), 300);
        assertEquals(once, published.stream().map(FrozenPolicy::write).toList());
    }

    @Test
    void aSingleHeapLearnsCapacitiesOnly() {
        List<HeapCounters> heaps = heaps(1);
        run(heaps, learner(heaps), 500);
        assertFalse(published.isEmpty());
        assertTrue(published.stream().allMatch(limits -> limits.maxWaste() == 1
                && limits.hugePageBytes() == bounds.defaults().hugePageBytes()));
    }

    @Test
    void oneHeapInSixteenIsACanary() {
        assertEquals(List.of(1, 17, 33), IntStream.range(0, 48).filter(PolicyLearner::isCanary).boxed().toList());
    }

    @Test
    void nothingHappensWithinAWindow() {
        List<HeapCounters> heaps = heaps(1);
        PolicyLearner learner = learner(heaps);
        work(heaps, new Random(1));
        assertFalse(learner.poll(SECOND - 1));
        assertTrue(published.isEmpty());
    }

    @Test
    void killedItGoesBackToTheDefaultsForGood() {
        List<HeapCounters> heaps = heaps(20);
        PolicyLearner learner = learner(heaps);
        run(heaps, learner, 100);
        assertFalse(learner.limits().sameAs(bounds.defaults()));
        learner.kill();
        assertTrue(published.getLast().sameAs(bounds.defaults()));
        assertTrue(canaries.getLast().sameAs(bounds.defaults()));
        int size = published.size();
        run(heaps, learner, 300);
        assertEquals(size, published.size());
    }

    @Test
    void itFreezesWhenCostsSettleAndLearnsAgainWhenTheyRiseOrTheMixMoves() {
        PolicyLifecycle lifecycle = new PolicyLifecycle(0);
        requests.add(100, 1000);
        long now = 0;
        while (lifecycle.state() == PolicyLifecycle.State.LEARNING) {
            lifecycle.next(50, requests, now += SECOND);
        }
        assertEquals(PolicyLifecycle.LEARN_NANOS, now);
        assertEquals(PolicyLifecycle.State.FROZEN, lifecycle.next(59, requests, now += SECOND));
        lifecycle.next(70, requests, now += SECOND);
        lifecycle.next(70, requests, now += SECOND);
        assertEquals(PolicyLifecycle.State.FROZEN, lifecycle.state());
        assertEquals(PolicyLifecycle.State.LEARNING, lifecycle.next(70, requests, now += SECOND));
        while (lifecycle.state() == PolicyLifecycle.State.LEARNING) {
            lifecycle.next(70, requests, now += SECOND);
        }
        assertEquals(PolicyLifecycle.State.FROZEN, lifecycle.next(Double.NaN, requests, now));
        requests.add(5000, 1000);
        assertEquals(PolicyLifecycle.State.LEARNING, lifecycle.next(70, requests, now + SECOND));
    }

    @Test
    void frozenCanariesRunWithWhatAllRunWith() {
        List<HeapCounters> heaps = heaps(32);
        PolicyLearner learner = learner(heaps);
        Random random = new Random(4);
        for (long now = SECOND; learner.state() == PolicyLifecycle.State.LEARNING; now += SECOND) {
            work(heaps, random);
            learner.poll(now);
        }
        assertTrue(learner.limits().sameAs(learner.canaryLimits()));
        assertTrue(canaries.getLast().sameAs(published.getLast()));
    }

    @Test
    void theReportNamesUsedClassesGenerationAndMissingClasses() {
        List<HeapCounters> heaps = heaps(2);
        heaps.get(0).refills[1] = 3;
        heaps.get(1).refills[1] = 4;
        heaps.get(0).ownedBytes = 65536;
        requests.add(12 << 10, 100);
        String report = HeapReport.of(BLOCK_BYTES, heaps, bounds.defaults().withGeneration(5), requests);
        assertTrue(report.contains("heaps 2, policy generation 5, owned 65,536 bytes"), report);
        assertEquals(4, report.lines().count(), report);
        assertTrue(report.lines().anyMatch(line -> line.matches(" +1024 +7 .*")), report);
        assertTrue(report.contains("missing class: 12288 bytes (100 % of the requests, which take blocks of 65536)"),
                report);
    }
}
