package org.isthmus.benchmarks.rings;

import java.lang.foreign.MemorySegment;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** Agrona's OneToOneRingBuffer. */
final class AgronaLane implements Lane, MessageHandler {
    private static final int TYPE = 1;

    private final OneToOneRingBuffer out;
    private final OneToOneRingBuffer in;
    private final int bytes;
    private Sink sink;

    AgronaLane(MemorySegment memory, long out, long in, int ringBytes, int bytes) {
        this.out = ring(memory, out, ringBytes);
        this.in = ring(memory, in, ringBytes);
        this.bytes = bytes;
    }

    /** Bytes of a ring with {@code ringBytes} of records. */
    static long bytes(int ringBytes) {
        return ringBytes + RingBufferDescriptor.TRAILER_LENGTH;
    }

    private static OneToOneRingBuffer ring(MemorySegment memory, long at, int ringBytes) {
        return new OneToOneRingBuffer(new UnsafeBuffer(memory.asSlice(at, bytes(ringBytes)).asByteBuffer()));
    }

    @Override
    public boolean offer(long number) {
        int at = out.tryClaim(TYPE, bytes);
        if (at < 0) {
            return false;
        }
        AtomicBuffer buffer = out.buffer();
        for (int i = 0; i < bytes; i += 8) {
            buffer.putLong(at + i, number);
        }
        out.commit(at);
        return true;
    }

    @Override
    public void flush() {
        // visible since commit
    }

    @Override
    public int drain(Sink to, int limit) {
        sink = to;
        return in.read(this, limit);
    }

    @Override
    public void onMessage(int type, MutableDirectBuffer buffer, int at, int length) {
        long number = buffer.getLong(at);
        for (int i = 8; i < length; i += 8) {
            Words.check(number, buffer.getLong(at + i));
        }
        sink.accept(number);
    }
}
