package org.isthmus.launch.simulate;

import java.util.PriorityQueue;

/**
 * The clock of a simulation, in picoseconds, and what is to happen. Events of the same time happen in the order in
 * which they were planned, so equal inputs give equal runs. One thread.
 */
final class VirtualTime {
    /** Picoseconds of a nanosecond. */
    static final long NANOSECOND = 1000;
    private static final double SECOND = 1e12;

    private record Event(long time, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(time, other.time);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long now;
    private long planned;

    static long nanos(double nanos) {
        return Math.round(nanos * NANOSECOND);
    }

    static double seconds(long time) {
        return time / SECOND;
    }

    long now() {
        return now;
    }

    /** Plans {@code action} for {@code time}, which must not be over. */
    void at(long time, Runnable action) {
        if (time < now) {
            throw new IllegalArgumentException("time = " + time + ": it is " + now + " already");
        }
        events.add(new Event(time, planned++, action));
    }

    void after(long delay, Runnable action) {
        at(now + delay, action);
    }

    /** Lets the next event happen; false if there is none. */
    boolean step() {
        Event next = events.poll();
        if (next == null) {
            return false;
        }
        now = next.time;
        next.action.run();
        return true;
    }
}
