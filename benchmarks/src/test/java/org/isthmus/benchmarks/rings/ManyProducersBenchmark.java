package org.isthmus.benchmarks.rings;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.isthmus.node.shm.ring.RingVariant;
import org.isthmus.node.shm.ring.SharedRing;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Control;

/**
 * Several producers and one consumer, each a thread: a lane for each producer against one shared fetch-and-add ring,
 * 8-byte records. The row {@code consume} counts. Needs a core for each thread; {@code -tg 15,1} makes it 15 producers.
 */
@State(Scope.Group)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ManyProducersBenchmark {
    private static final int RING_BYTES = 8192;
    private static final int MOST_PRODUCERS = 256;
    private static final int BYTES = 8;
    private static final int BURST = 32;
    private static final int CELLS = 1024;

    @Param({"lanes", "shared"})
    public String design;

    private final AtomicInteger producers = new AtomicInteger();
    private Lane[] consumers;
    private MemorySegment memory;
    /** The lane that the consumer looks at, and what it has taken from it in a row. */
    private int at;
    private int burst;

    /** One producer's end. */
    @State(Scope.Thread)
    public static class Producer {
        private Lane lane;
        private long number;

        /** Takes the next lane, or one more end of the shared ring. */
        @Setup
        public void attach(ManyProducersBenchmark group) {
            lane = group.lane(group.producers.getAndIncrement());
        }
    }

    /** Fresh rings. */
    @Setup
    public void start() {
        memory = Arena.ofAuto().allocate((MOST_PRODUCERS + 1L) * RING_BYTES, 4096);
        if (isShared()) {
            new SharedRing(memory, 0, CELLS).initialise();
        }
        consumers = new Lane[isShared() ? 1 : MOST_PRODUCERS];
        for (int i = 0; i < consumers.length; i++) {
            consumers[i] = lane(i);
        }
    }

    /** Sends one record. */
    @Benchmark
    @Group("many")
    @GroupThreads(2)
    public void produce(Producer producer, Control control) {
        while (!producer.lane.offer(producer.number + 1)) {
            if (control.stopMeasurement) {
                return;
            }
            Thread.onSpinWait();
        }
        producer.number++;
    }

    /** Receives one record, at most a burst from one lane before it looks at the next. */
    @Benchmark
    @Group("many")
    public boolean consume(Control control) {
        int lanes = isShared() ? 1 : producers.get();
        while (!control.stopMeasurement) {
            boolean found = consumers[at].drain(number -> { }, 1) > 0;
            if (!found || ++burst == BURST) {
                burst = 0;
                at = at + 1 < lanes ? at + 1 : 0;
            }
            if (found) {
                return true;
            }
        }
        return false;
    }

    private boolean isShared() {
        return design.equals("shared");
    }

    private Lane lane(int number) {
        if (isShared()) {
            SharedRing ring = new SharedRing(memory, 0, CELLS);
            return new SharedLane(memory, ring, ring, BYTES);
        }
        long ring = number * (long) RING_BYTES;
        return new RingLane(RingVariant.VALIDITY, memory, ring, ring, RING_BYTES, BYTES);
    }
}
