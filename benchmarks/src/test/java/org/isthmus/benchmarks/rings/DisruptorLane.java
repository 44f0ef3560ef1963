package org.isthmus.benchmarks.rings;

import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import java.util.Arrays;

/** LMAX Disruptor: a single-producer RingBuffer and an EventPoller; what is offered is published by flush. */
final class DisruptorLane implements Lane, EventPoller.Handler<long[]> {
    private static final long NONE = -1;

    private final RingBuffer<long[]> out;
    private final EventPoller<long[]> in;
    private long unpublished = NONE;
    private Sink sink;
    private int left;
    private int records;

    DisruptorLane(RingBuffer<long[]> out, EventPoller<long[]> in) {
        this.out = out;
        this.in = in;
    }

    /** The poller of a ring, whose place limits its producer. */
    static EventPoller<long[]> poller(RingBuffer<long[]> ring) {
        EventPoller<long[]> poller = ring.newPoller();
        ring.addGatingSequences(poller.getSequence());
        return poller;
    }

    @Override
    public boolean offer(long number) {
        try {
            unpublished = out.tryNext();
        } catch (InsufficientCapacityException e) {
            flush();
            return false;
        }
        Arrays.fill(out.get(unpublished), number);
        return true;
    }

    @Override
    public void flush() {
        if (unpublished != NONE) {
            out.publish(unpublished);
            unpublished = NONE;
        }
    }

    @Override
    public int drain(Sink to, int limit) {
        sink = to;
        left = limit;
        records = 0;
        try {
            in.poll(this);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return records;
    }

    @Override
    public boolean onEvent(long[] record, long sequence, boolean endOfBatch) {
        sink.accept(Words.read(record));
        records++;
        return --left > 0;
    }
}
