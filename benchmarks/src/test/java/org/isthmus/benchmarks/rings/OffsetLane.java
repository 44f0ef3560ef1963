package org.isthmus.benchmarks.rings;

import org.isthmus.node.shm.ring.OffsetQueue;

/** Our queue of raw offsets between threads. */
final class OffsetLane implements Lane {
    private final OffsetQueue out;
    private final OffsetQueue in;

    OffsetLane(OffsetQueue out, OffsetQueue in) {
        this.out = out;
        this.in = in;
    }

    @Override
    public boolean offer(long number) {
        return out.offer(number);
    }

    @Override
    public void flush() {
        // visible since offer
    }

    @Override
    public int drain(Sink sink, int limit) {
        int records = 0;
        long number;
        while (records < limit && (number = in.poll()) != OffsetQueue.EMPTY) {
            sink.accept(number);
            records++;
        }
        return records;
    }
}
