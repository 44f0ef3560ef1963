package org.isthmus.benchmarks.rings;

/**
 * The loop: one side keeps {@code depth} records out, the other sends each back. Owned by one thread. Both check the
 * order of what comes. Empty looks are repeated without pause for a while, then the core is given away between them.
 */
final class Exchange implements Lane.Sink {
    private static final long LAST = Long.MAX_VALUE;
    private static final int LOOKS = 20_000;
    private static final long PATIENCE_NANOS = 20_000_000_000L;
    private static final int CLOCK_EVERY = 1024;

    private final Lane lane;
    private final int depth;
    private long sent;
    private long received;
    private boolean answers;
    private boolean ended;
    private int empties;
    private long waitingSince;

    Exchange(Lane lane, int depth) {
        this.lane = lane;
        this.depth = depth;
    }

    /** Asks for {@code nanos}; returns nanoseconds for a record one way, all directions together. */
    double ask(long nanos) {
        long first = received;
        long start = System.nanoTime();
        long now = start;
        long nextClock = received + CLOCK_EVERY;
        while (now - start < nanos || received == first) {
            fill();
            drain();
            if (received >= nextClock || empties > LOOKS) {
                nextClock = received + CLOCK_EVERY;
                now = System.nanoTime();
            }
        }
        while (received < sent) {
            drain();
        }
        return (System.nanoTime() - start) / 2.0 / (received - first);
    }

    /** Tells the answering side that this was all, and waits for its echo. */
    void end() {
        send(LAST);
        lane.flush();
        while (!ended) {
            drain();
        }
    }

    /** Answers until the asking side ends. */
    void answer() {
        answers = true;
        while (!ended) {
            drain();
            lane.flush();
        }
        lane.flush();
    }

    @Override
    public void accept(long number) {
        if (number == LAST) {
            ended = true;
        } else if (number != ++received) {
            throw new IllegalStateException("record " + number + " came where " + received + " was due");
        }
        if (answers) {
            send(number);
        }
    }

    private void fill() {
        while (sent - received < depth) {
            if (!lane.offer(sent + 1)) {
                break;
            }
            sent++;
        }
        lane.flush();
    }

    private void send(long number) {
        while (!lane.offer(number)) {
            lane.flush();
            idle();
        }
        empties = 0;
    }

    private void drain() {
        if (lane.drain(this, depth) > 0) {
            empties = 0;
        } else {
            idle();
        }
    }

    private void idle() {
        if (++empties < LOOKS) {
            return;
        }
        if (empties == LOOKS) {
            waitingSince = System.nanoTime();
        } else if (System.nanoTime() - waitingSince > PATIENCE_NANOS) {
            throw new IllegalStateException("the other side does not answer after record " + received);
        }
        Thread.yield();
    }
}
