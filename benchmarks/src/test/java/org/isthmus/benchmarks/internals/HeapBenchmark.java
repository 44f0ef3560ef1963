package org.isthmus.benchmarks.internals;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.isthmus.allocator.heap.DefaultLimits;
import org.isthmus.allocator.heap.HeapArea;
import org.isthmus.allocator.heap.HeapOptions;
import org.isthmus.allocator.heap.RankHeap;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Blocks of the shared heap, nanoseconds for one allocation and its free: last in, first out; random sizes with 256
 * live; large; and allocated by one heap, freed by another (both on this thread: the cost of the steps without any
 * cache miss).
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class HeapBenchmark {
    private static final int LIVE = 256;
    private static final int OPERATIONS = 4096;

    private final int[] sizes = new int[OPERATIONS];
    private final int[] slots = new int[OPERATIONS];
    private final long[] live = new long[LIVE];
    private final long[] sent = new long[LIVE];
    private RankHeap owner;
    private RankHeap consumer;

    @Setup
    public void start() throws IOException {
        HeapArea area = HeapArea.create(NodeOfRanks.newSegment(1).pool(), 2, 512L << 20);
        owner = RankHeap.open(area, 0, HeapOptions.of(DefaultLimits.snapshot()));
        consumer = RankHeap.open(area, 1, HeapOptions.of(DefaultLimits.snapshot()));
        Random random = new Random(1);
        for (int i = 0; i < OPERATIONS; i++) {
            sizes[i] = 64 + random.nextInt(8192 - 63);
            slots[i] = random.nextInt(LIVE);
        }
        for (int i = 0; i < LIVE; i++) {
            live[i] = owner.allocate(64);
        }
    }

    @Benchmark
    public void lifoPair() {
        owner.free(owner.allocate(64));
    }

    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public void randomMix() {
        for (int i = 0; i < OPERATIONS; i++) {
            int slot = slots[i];
            owner.free(live[slot]);
            live[slot] = owner.allocate(sizes[i]);
        }
    }

    @Benchmark
    public void largePair() {
        owner.free(owner.allocate(256 * 1024));
    }

    @Benchmark
    public void bigPair() {
        owner.free(owner.allocate(4 << 20));
    }

    @Benchmark
    @OperationsPerInvocation(LIVE)
    public void producerConsumer() {
        for (int i = 0; i < LIVE; i++) {
            long handle = owner.allocate(64);
            owner.handOver(handle, 1);
            sent[i] = handle;
        }
        for (int i = 0; i < LIVE; i++) {
            consumer.accept(sent[i]);
            consumer.free(sent[i]);
        }
        consumer.flush();
    }
}
