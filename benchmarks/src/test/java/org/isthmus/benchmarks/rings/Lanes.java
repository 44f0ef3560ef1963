package org.isthmus.benchmarks.rings;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.YieldingWaitStrategy;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.isthmus.node.shm.ring.OffsetQueue;
import org.isthmus.node.shm.ring.SharedRing;
import org.jctools.queues.SpscArrayQueue;

/** Makes the two ends of a subject: {@code [0]} asks, {@code [1]} answers. */
final class Lanes {
    private static final long RAW_DISTANCE = 128;

    private Lanes() {}

    /** Bytes of shared memory for the two directions of one subject. */
    static long bytes(int ringBytes) {
        return 2 * (ringBytes + 4096L);
    }

    /** Both ends, for two threads. */
    static Lane[] ofThreads(Subject subject, MemorySegment memory, int ringBytes, int depth, int bytes) {
        int slots = Math.max(1024, 4 * depth);
        switch (subject.name()) {
            case Subject.OFFSETS -> {
                OffsetQueue there = new OffsetQueue(slots);
                OffsetQueue back = new OffsetQueue(slots);
                return new Lane[] {new OffsetLane(there, back), new OffsetLane(back, there)};
            }
            case Subject.JCTOOLS -> {
                SpscArrayQueue<long[]> there = new SpscArrayQueue<>(slots);
                SpscArrayQueue<long[]> back = new SpscArrayQueue<>(slots);
                return new Lane[] {new JcToolsLane(there, back, new Records(slots, bytes)),
                    new JcToolsLane(back, there, new Records(slots, bytes))};
            }
            case Subject.DISRUPTOR -> {
                RingBuffer<long[]> there = disruptor(slots, bytes);
                RingBuffer<long[]> back = disruptor(slots, bytes);
                Lane asks = new DisruptorLane(there, DisruptorLane.poller(back));
                return new Lane[] {asks, new DisruptorLane(back, DisruptorLane.poller(there))};
            }
            default -> {
                return new Lane[] {ofProcess(subject, memory, ringBytes, bytes, true, null),
                    ofProcess(subject, memory, ringBytes, bytes, false, null)};
            }
        }
    }

    /** One end over shared memory, zeroed at first. */
    static Lane ofProcess(Subject subject, MemorySegment memory, int ringBytes, int bytes, boolean asks, Path aeron) {
        long half = bytes(ringBytes) / 2;
        long out = asks ? 0 : half;
        long in = half - out;
        return switch (subject.name()) {
            case Subject.RAW -> new RawLane(memory, asks ? 0 : RAW_DISTANCE, asks ? RAW_DISTANCE : 0);
            case Subject.SEPARATE -> new SeparateLane(memory, out, in, bytes);
            case Subject.SHARED -> new SharedLane(memory, shared(memory, out, ringBytes, asks),
                    shared(memory, in, ringBytes, asks), bytes);
            case Subject.AGRONA -> new AgronaLane(memory, out, in, ringBytes, bytes);
            case Subject.AERON -> new AeronLane(aeron, asks, bytes);
            default -> new RingLane(subject.variant(), memory, out, in, ringBytes, bytes);
        };
    }

    private static SharedRing shared(MemorySegment memory, long at, int ringBytes, boolean initialises) {
        SharedRing ring = new SharedRing(memory, at, ringBytes / SharedRing.CELL_BYTES);
        if (initialises) {
            ring.initialise();
        }
        return ring;
    }

    /** The events hold the records. */
    private static RingBuffer<long[]> disruptor(int slots, int bytes) {
        return RingBuffer.createSingleProducer(() -> new long[bytes / Long.BYTES], slots,
                new YieldingWaitStrategy());
    }
}
