package org.isthmus.benchmarks.internals;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.isthmus.allocator.RankBlockPool;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Message blocks taken by their owner and given back by state word, {@code depth} at a time. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class BlockPoolBenchmark {
    @Param({"2048", "16384"})
    public int bytes;

    @Param({"1", "32"})
    public int depth;

    private RankBlockPool pool;
    private long[] blocks;

    @Setup
    public void start() throws IOException {
        pool = new RankBlockPool(NodeOfRanks.newSegment(1).pool(), 8 << 20);
        blocks = new long[depth];
    }

    @Benchmark
    public void allocateAndFree() {
        for (int i = 0; i < depth; i++) {
            blocks[i] = pool.allocate(bytes);
        }
        for (int i = 0; i < depth; i++) {
            pool.free(blocks[i]);
        }
    }
}
