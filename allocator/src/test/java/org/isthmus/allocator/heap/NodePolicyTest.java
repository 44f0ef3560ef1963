package org.isthmus.allocator.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.isthmus.allocator.NodePool;
import org.isthmus.allocator.TestPool;
import org.isthmus.allocator.policy.LimitBounds;
import org.isthmus.allocator.policy.PolicyLearner;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.allocator.slab.SizeClasses;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NodePolicyTest {
    private static final int HEAPS = 3;
    private static final long WINDOW = 1_000_000_000L;
    private static final int BYTES = 16 << 10;
    private static final int CLASS = SizeClasses.of(BYTES);

    @Test
    void whatOneHeapLearnsFromTheMissesOfAllReachesAll(@TempDir Path directory) throws Exception {
        NodePool pool = TestPool.create(directory, 256 << 20);
        HeapArea area = HeapArea.create(pool, HEAPS, 128 << 20);
        long shared = pool.allocateExtent(NodePolicy.bytes(HEAPS));
        LimitBounds bounds = new LimitBounds(DefaultLimits.snapshot());
        List<RankHeap> heaps = new ArrayList<>();
        List<NodePolicy> policies = new ArrayList<>();
        for (int i = 0; i < HEAPS; i++) {
            heaps.add(RankHeap.open(area, i, HeapOptions.of(bounds.defaults())));
            policies.add(new NodePolicy(pool.memory().asSlice(shared, NodePolicy.bytes(HEAPS)),
                    HEAPS, heaps.get(i), i, bounds));
        }
        policies.get(0).learn(new PolicyLearner.Options(64 << 20, WINDOW, 1), 0);
        int before = bounds.defaults().stackCapacity()[CLASS];
        int idle = SizeClasses.of(100);
        for (int window = 1; window < 40; window++) {
            for (RankHeap heap : heaps) {
                missALot(heap);
            }
            for (NodePolicy policy : policies) {
                policy.poll(window * WINDOW);
            }
        }
        for (int i = 0; i < HEAPS; i++) {
            policies.get(i).poll(40 * WINDOW);
            assertNotEquals(0, heaps.get(i).limits().generation(), "heap " + i + " obeys a learned snapshot");
            assertTrue(heaps.get(i).limits().stackCapacity()[idle] < bounds.defaults().stackCapacity()[idle],
                    "stacks of a class that nobody uses shrink");
            assertTrue(heaps.get(i).limits().stackCapacity()[CLASS] >= before / 4, "within the bounds");
            assertEquals(heaps.get(0).limits().generation(), heaps.get(i).limits().generation());
            missALot(heaps.get(i));
            heaps.get(i).checkInvariants();
        }
    }

    private static void missALot(RankHeap heap) {
        List<Long> blocks = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            long block = heap.allocate(BYTES);
            if (block != Handle.NONE) {
                blocks.add(block);
            }
        }
        blocks.forEach(heap::free);
    }
}
