package org.isthmus.benchmarks.rings;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.shm.ring.SharedRing;

/** The fetch-and-add ring for several producers, here with one. */
final class SharedLane implements Lane {
    private final MemorySegment memory;
    private final SharedRing out;
    private final SharedRing in;
    private final int bytes;

    SharedLane(MemorySegment memory, SharedRing out, SharedRing in, int bytes) {
        this.memory = memory;
        this.out = out;
        this.in = in;
        this.bytes = bytes;
    }

    @Override
    public boolean offer(long number) {
        long payload = out.claim();
        if (payload == SharedRing.BACK_PRESSURED) {
            return false;
        }
        for (int at = 0; at < bytes; at += 8) {
            memory.set(ValueLayout.JAVA_LONG, payload + at, number);
        }
        out.publish(RecordDescriptor.header(1, 0, 0, bytes));
        return true;
    }

    @Override
    public void flush() {
        // visible since offer
    }

    @Override
    public int drain(Sink sink, int limit) {
        int records = 0;
        while (records < limit && in.next() != 0) {
            sink.accept(Words.read(memory, in.payload(), bytes));
            in.advance();
            records++;
        }
        return records;
    }
}
