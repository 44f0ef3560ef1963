package org.isthmus.rdma.backend;

import java.util.Arrays;
import org.isthmus.node.spi.BackendCounters;
import org.isthmus.node.spi.ChannelCounts;

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

    private final ChannelCounts counts;

    /** @param all counts the same for all channels; null if this one is it */
    RdmaCounters(RdmaCounters all) {
        this.counts = new ChannelCounts(Counter.values().length, all == null ? null : all.counts);
    }

    /** The rows that {@link #get(int)} numbers. */
    static BackendCounters rows() {
        return new BackendCounters(RdmaBackend.NAME, Arrays.stream(Counter.values())
                .map(counter -> new BackendCounters.Row(BackendCounters.name(counter), counter.meaning())).toList());
    }

    /** The value of a row. */
    long get(int row) {
        return counts.get(row);
    }

    long get(Counter counter) {
        return counts.get(counter.ordinal());
    }

    void add(Counter counter, long count) {
        counts.add(counter.ordinal(), count);
    }

    void increment(Counter counter) {
        add(counter, 1);
    }
}
