package org.isthmus.launch.simulate;

import java.util.ArrayDeque;

/**
 * One network card: a pipe of requests that leave and one of requests that arrive, both in order of arrival, which
 * share the cache of contexts.
 */
final class Nic {
    private static final double BITS = 8;
    /** Headers of a packet, and of the acknowledgement that comes back. */
    private static final int PACKET_OVERHEAD = 60;

    private final VirtualTime time;
    private final NicModel model;
    private final ContextCache cache;
    private final double picosecondsPerByte;
    private final Pipe requester;
    private final Pipe responder;

    Nic(VirtualTime time, NicModel model, long seed) {
        this.time = time;
        this.model = model;
        this.cache = new ContextCache(model.contexts(), model.replacement(), seed);
        this.picosecondsPerByte = BITS / model.gigabitsPerSecond() * VirtualTime.NANOSECOND;
        this.requester = new Pipe(1);
        this.responder = new Pipe(model.responderFactor());
    }

    /** Posts a request; {@code sent} runs when it has left the card. */
    void send(long context, int bytes, Runnable sent) {
        requester.add(context, bytes, sent);
    }

    /** A request arrives; {@code received} runs when the card has done with it. */
    void receive(long context, int bytes, Runnable received) {
        responder.add(context, bytes, received);
    }

    Pipe requester() {
        return requester;
    }

    private record Work(long context, int bytes, Runnable done) {}

    /** One direction. */
    final class Pipe {
        private final double missFactor;
        private final ArrayDeque<Work> queue = new ArrayDeque<>();
        private boolean busy;
        private long requests;
        private long misses;
        private long busyTime;

        private Pipe(double missFactor) {
            this.missFactor = missFactor;
        }

        /** Work requests so far. */
        long requests() {
            return requests;
        }

        long misses() {
            return misses;
        }

        /** Time so far in which it worked. */
        long busyTime() {
            return busyTime;
        }

        private void add(long context, int bytes, Runnable done) {
            queue.add(new Work(context, bytes, done));
            if (!busy) {
                serve();
            }
        }

        private void serve() {
            Work work = queue.poll();
            busy = work != null;
            if (!busy) {
                return;
            }
            double nanos = model.serviceNanos();
            if (missFactor > 0 && !cache.touch(work.context)) {
                misses++;
                nanos += missFactor * model.missNanos();
            }
            long cost = Math.max(VirtualTime.nanos(nanos),
                    Math.round((work.bytes + PACKET_OVERHEAD) * picosecondsPerByte));
            requests++;
            busyTime += cost;
            time.after(cost, () -> {
                work.done.run();
                serve();
            });
        }
    }
}
