package org.isthmus.benchmarks.rings;

import org.jctools.queues.SpscArrayQueue;

/** JCTools' SpscArrayQueue, of references to records. */
final class JcToolsLane implements Lane {
    private final SpscArrayQueue<long[]> out;
    private final SpscArrayQueue<long[]> in;
    private final Records records;

    JcToolsLane(SpscArrayQueue<long[]> out, SpscArrayQueue<long[]> in, Records records) {
        this.out = out;
        this.in = in;
        this.records = records;
    }

    @Override
    public boolean offer(long number) {
        boolean sent = out.relaxedOffer(records.fill(number));
        if (sent) {
            records.taken();
        }
        return sent;
    }

    @Override
    public void flush() {
        // visible since offer
    }

    @Override
    public int drain(Sink sink, int limit) {
        int count = 0;
        long[] record;
        while (count < limit && (record = in.relaxedPoll()) != null) {
            sink.accept(Words.read(record));
            count++;
        }
        return count;
    }
}
