package org.isthmus.rdma.backend;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLongArray;
import org.isthmus.node.spi.BackendCounters;

/**
 * What a channel, or all channels of an endpoint together, have counted since their start. The owner's thread writes,
 * any thread may read.
 */
final class RdmaCounters {
    /** What is counted, and what it means. */
    enum Counter {
        LINKS_CONNECTED("queue pairs that came into use"),
        LINKS_BROKEN("queue pairs that failed"),
        LINKS_DEACTIVATED("queue pairs put to sleep, because more were active than the setting allows"),
        SENDS("work requests posted"),
        COMPLETIONS("completions of sends polled, fewer than the sends since most are unsignalled"),
        INLINE("work requests whose bytes went with them"),
        ONE_SIDED("work requests that read or change the peer's memory without its doing"),
        MESSAGES_RESENT("messages sent again after a queue pair failed"),
        MESSAGES_DUPLICATE("messages that came a second time and were dropped"),
        TRANSFERS_REPEATED("region transfers begun again after a queue pair failed"),
        FRAMES_HELD("frames that their receiver did not take at once"),
        SENDS_PRESSED_BACK("tries that found no room");

        private final String meaning;

        Counter(String meaning) {
            this.meaning = meaning;
        }

        String meaning() {
            return meaning;
        }
    }

    /** Counts the same for all channels; null if this one is it. */
    private final RdmaCounters all;

    private final AtomicLongArray values = new AtomicLongArray(Counter.values().length);

    RdmaCounters(RdmaCounters all) {
        this.all = all;
    }

    /** The rows that {@link #get(int)} numbers. */
    static BackendCounters rows() {
        return new BackendCounters(RdmaBackend.NAME, Arrays.stream(Counter.values())
                .map(counter -> new BackendCounters.Row(counter.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                        counter.meaning()))
                .toList());
    }

    /** The value of a row. */
    long get(int row) {
        return values.get(row);
    }

    void add(Counter counter, long count) {
        if (all != null) {
            all.add(counter, count);
        }
        values.lazySet(counter.ordinal(), values.getPlain(counter.ordinal()) + count);
    }

    void increment(Counter counter) {
        add(counter, 1);
    }

    long get(Counter counter) {
        return values.get(counter.ordinal());
    }
}
