package org.isthmus.benchmarks.allocator;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.isthmus.allocator.heap.DefaultLimits;
import org.isthmus.allocator.heap.HeapArea;
import org.isthmus.allocator.heap.HeapOptions;
import org.isthmus.allocator.heap.RankHeap;
import org.isthmus.allocator.policy.HeapLimits;
import org.isthmus.allocator.policy.ZeroMode;
import org.isthmus.allocator.segment.SharedWords;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.allocator.slab.SizeClasses;

/**
 * The shared heap: one {@link RankHeap} for each thread or process of a workload; in variants that differ in one thing,
 * so that each switch has its measured effect.
 */
final class RankHeapFamily implements HeapFamily {
    private static final int HEAPS = 2;
    private static final long AREA_BYTES = 768L << 20;
    /** Where in the file the area's base lies. */
    private static final long BASE_WORD = 64;

    /** Switches by name; the first is the heap as it comes. */
    private static final Map<String, UnaryOperator<HeapLimits>> VARIANTS = new LinkedHashMap<>();

    private static final String PLAIN = "isthmus";
    private static final String CHECKED = "isthmus-checked";

    static {
        VARIANTS.put(PLAIN, limits -> limits);
        VARIANTS.put(CHECKED, limits -> limits);
        VARIANTS.put("isthmus-zero-header", limits -> limits.withZeroBytes(ZeroMode.HEADER.bytes()));
        VARIANTS.put("isthmus-zero-full", limits -> limits.withZeroBytes(ZeroMode.FULL.bytes()));
        VARIANTS.put("isthmus-waste", limits -> limits.withMaxWaste(2));
        VARIANTS.put("isthmus-stack-quarter", limits -> limits.withStacks(scaled(limits.stackCapacity(), 0.25),
                scaled(limits.refillBatch(), 0.25)));
        VARIANTS.put("isthmus-stack-4x", limits -> limits.withStacks(scaled(limits.stackCapacity(), 4),
                scaled(limits.refillBatch(), 4)));
        VARIANTS.put("isthmus-flush-1", limits -> new HeapLimits(limits.generation(), limits.stackCapacity(),
                limits.refillBatch(), 1, limits.retainedEmptySlabs(), limits.maxWaste(), limits.zeroBytes(),
                limits.hugePageBytes(), limits.releaseBatchBytes()));
    }

    private final HeapArea area;
    private final HeapLimits limits;
    private final boolean checked;

    /** @param create whether this process makes the area */
    RankHeapFamily(String variant, SharedFile file, boolean create) {
        limits = VARIANTS.get(variant).apply(DefaultLimits.snapshot());
        checked = variant.equals(CHECKED);
        if (create) {
            area = HeapArea.create(file.pool(), HEAPS, AREA_BYTES);
            file.memory().set(ValueLayout.JAVA_LONG, BASE_WORD, area.base());
        } else {
            area = HeapArea.attach(file.pool(), file.memory().get(ValueLayout.JAVA_LONG, BASE_WORD));
        }
    }

    /** Whether a rival is the shared heap. */
    static boolean isVariant(String rival) {
        return VARIANTS.containsKey(rival);
    }

    private static int[] scaled(int[] values, double factor) {
        return Arrays.stream(values).map(value -> Math.max(1, (int) (value * factor))).toArray();
    }

    @Override
    public Heap newHeap(int index) {
        RankHeap heap = RankHeap.open(area, index, HeapOptions.of(limits).withChecked(checked));
        SharedWords words = new SharedWords(area.memory());
        return new Heap() {
            @Override
            public long allocate(int bytes) {
                return heap.allocate(bytes);
            }

            @Override
            public void free(long handle) {
                heap.free(handle);
            }

            @Override
            public void handOver(long handle, int receiver) {
                heap.handOver(handle, receiver);
            }

            @Override
            public void accept(long handle) {
                heap.accept(handle);
            }

            /** As the engine does with a message block. */
            @Override
            public long consume(long handle) {
                long value = words.get(heap.peek(handle, Long.BYTES));
                heap.consume(handle);
                return value;
            }

            @Override
            public void freeHandedOver(long handle) {
                heap.consume(handle);
            }

            @Override
            public void flush() {
                heap.flush();
            }

            @Override
            public void write(long handle, long value) {
                words.set(heap.offset(handle), value);
            }

            @Override
            public long read(long handle) {
                return words.get(heap.offset(handle));
            }

            @Override
            public long blockBytes(long handle, int bytes) {
                int sizeClass = Handle.sizeClass(handle);
                return sizeClass < SizeClasses.BIG ? SizeClasses.bytes(sizeClass)
                        : (long) SizeClasses.superpages(bytes) * SizeClasses.SUPERPAGE_BYTES;
            }
        };
    }

    @Override
    public int maxBytes() {
        return Integer.MAX_VALUE;
    }

    @Override
    public boolean spansProcesses() {
        return true;
    }
}
