package org.isthmus.benchmarks.internals;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.isthmus.node.shm.NodeSegment;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.shm.RingConsumer;
import org.isthmus.node.shm.RingProducer;
import org.isthmus.node.shm.ring.RingVariant;
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

/** A record of 8 bytes into a ring and out of it, {@code depth} at a time; nanoseconds for all of them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RingBenchmark {
    private static final int RING_BYTES = 8192;
    private static final int KIND = 1;

    @Param({"1", "32", "256"})
    public int depth;

    @Param("VALIDITY")
    public RingVariant variant;

    private NodeSegment segment;
    private RingProducer producer;
    private RingConsumer consumer;

    @Setup
    public void start() throws IOException {
        segment = NodeOfRanks.newSegment(1);
        long ring = segment.pool().allocateExtent(RING_BYTES);
        producer = variant.producer(segment.memory(), ring, RING_BYTES);
        consumer = variant.consumer(segment.memory(), ring, RING_BYTES);
    }

    @Benchmark
    public long claimPublishNextAdvance() {
        for (int i = 0; i < depth; i++) {
            long payload = producer.claim(Long.BYTES);
            segment.memory().set(ValueLayout.JAVA_LONG, payload, i);
            producer.publish(RecordDescriptor.header(KIND, 0, i, Long.BYTES));
        }
        producer.flush();
        long sum = 0;
        for (int i = 0; i < depth; i++) {
            long header = consumer.next();
            sum += segment.memory().get(ValueLayout.JAVA_LONG, consumer.payload());
            consumer.advance(header);
        }
        return sum;
    }
}
