package org.isthmus.launch.simulate;

import java.util.Arrays;

/**
 * What a run measured: from the first quarter of its messages, in which caches and queues fill, to nine tenths of them,
 * before ranks run out of messages.
 */
final class Measurement {
    private final VirtualTime time;
    private final Nic nic;
    private final long from;
    private final long to;
    private long delivered;
    private long[] latencies;
    private int samples;
    private long start;
    private long end;
    private long requests;
    private long misses;
    private long busy;

    /** @param nic whose work counts, that of the first node */
    Measurement(VirtualTime time, Nic nic, long messages) {
        this.time = time;
        this.nic = nic;
        this.from = messages / 4;
        this.to = Math.max(from + 1, messages * 9 / 10);
        this.latencies = new long[(int) Math.min(1 << 16, messages)];
        if (from == 0) {
            begin();
        }
    }

    /** A message sent at {@code sent} has arrived now. */
    void delivered(long sent) {
        delivered(sent, time.now());
    }

    /** The same, with the time of arrival. */
    void delivered(long sent, long arrived) {
        delivered++;
        if (delivered > from && delivered <= to) {
            if (samples == latencies.length) {
                latencies = Arrays.copyOf(latencies, 2 * samples);
            }
            latencies[samples++] = arrived - sent;
        }
        if (delivered == from) {
            begin();
        } else if (delivered == to) {
            end = arrived;
            requests = nic.requester().requests() - requests;
            misses = nic.requester().misses() - misses;
            busy = nic.requester().busyTime() - busy;
            Arrays.sort(latencies, 0, samples);
        }
    }

    private void begin() {
        start = time.now();
        requests = nic.requester().requests();
        misses = nic.requester().misses();
        busy = nic.requester().busyTime();
    }

    long delivered() {
        return delivered;
    }

    /** Messages a second of all simulated nodes. */
    double rate() {
        return (to - from) / VirtualTime.seconds(Math.max(1, end - start));
    }

    /** Latency below which {@code part} of the messages were, in nanoseconds. */
    double nanosAt(double part) {
        return samples == 0 ? 0 : latencies[(int) Math.min(samples - 1, Math.ceil(part * samples) - 1)]
                / (double) VirtualTime.NANOSECOND;
    }

    /** Work requests of the first node in the measured time. */
    long requests() {
        return requests;
    }

    double missRatio() {
        return requests == 0 ? 0 : misses / (double) requests;
    }

    /** Time that a work request of the first node kept the card busy, in nanoseconds. */
    double nanosPerRequest() {
        return requests == 0 ? 0 : busy / (double) requests / VirtualTime.NANOSECOND;
    }

    /** Messages that were counted, of all simulated nodes. */
    long messages() {
        return to - from;
    }
}
