package org.isthmus.tcpx;

import java.util.ArrayList;
import java.util.List;
import org.isthmus.node.spi.BackendCounters;
import org.isthmus.node.spi.ChannelCounts;
import org.isthmus.node.wire.BadFrame;

/**
 * What a channel, or all channels of an endpoint together, have counted since their start. The owner's thread writes,
 * any thread may read.
 */
final class TcpxCounters {
    /** What is counted, and what it means. */
    enum Counter {
        LINKS_CONNECTED("sockets that came into use"),
        LINKS_BROKEN("sockets that broke or went silent"),
        CHUNKS_SENT("chunks given to sockets"),
        CHUNKS_RESENT("chunks that need another socket because theirs broke"),
        CHUNKS_RECEIVED("chunks taken"),
        BYTES_NOT_COPIED("bytes of chunks that the kernel was asked to send from where they lie"),
        CHUNKS_DUPLICATE("chunks that came a second time and were dropped"),
        MESSAGES_DUPLICATE("messages that came a second time and were dropped"),
        FRAMES_HELD("frames that their receiver did not take at once"),
        BOUNCE_EXHAUSTED("times that a socket waited for a bounce buffer"),
        SENDS_PRESSED_BACK("tries that found no room");

        private final String meaning;

        Counter(String meaning) {
            this.meaning = meaning;
        }

        String meaning() {
            return meaning;
        }
    }

    private static final int COUNTERS = Counter.values().length;

    /** Behind those of the counters come those of bad frames by cause. */
    private final ChannelCounts counts;

    /** @param all counts the same for all channels; null if this one is it */
    TcpxCounters(TcpxCounters all) {
        this.counts = new ChannelCounts(COUNTERS + BadFrame.values().length, all == null ? null : all.counts);
    }

    /** The rows that {@link #get(int)} numbers. */
    static BackendCounters rows() {
        List<BackendCounters.Row> rows = new ArrayList<>();
        for (Counter counter : Counter.values()) {
            rows.add(new BackendCounters.Row(BackendCounters.name(counter), counter.meaning()));
        }
        for (BadFrame cause : BadFrame.values()) {
            rows.add(new BackendCounters.Row("bad-frames-" + BackendCounters.name(cause),
                    "sockets ended since a frame " + cause.meaning()));
        }
        return new BackendCounters(TcpxBackend.NAME, rows);
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

    void badFrame(BadFrame cause) {
        counts.add(COUNTERS + cause.ordinal(), 1);
    }

    long badFrames(BadFrame cause) {
        return counts.get(COUNTERS + cause.ordinal());
    }
}
