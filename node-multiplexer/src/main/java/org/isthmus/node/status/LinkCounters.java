package org.isthmus.node.status;

import java.lang.foreign.MemorySegment;
import org.isthmus.allocator.segment.SharedWords;
import org.isthmus.node.shm.StatusDescriptor;
import org.isthmus.node.spi.Channel;

/**
 * The counters of one link: this node's shard and a peer node. Outward counters are written by who sends, inward ones
 * by who receives, those of the backend by who polls it; each one thread.
 */
public final class LinkCounters {
    private final SharedWords words;
    private final long block;
    private final int backendCounters;

    LinkCounters(MemorySegment memory, long block, int backendCounters) {
        this.words = new SharedWords(memory);
        this.block = block;
        this.backendCounters = backendCounters;
    }

    public void increment(LinkCounter counter) {
        add(counter, 1);
    }

    public void add(LinkCounter counter, long count) {
        set(counter, get(counter) + count);
    }

    /** For counters that say how things are now. */
    public void set(LinkCounter counter, long value) {
        words.setOpaque(block + counter.offset(), value);
    }

    public long get(LinkCounter counter) {
        return words.getOpaque(block + counter.offset());
    }

    /** Shows what the backend has counted for this link until now. */
    public void publish(Channel channel) {
        for (int i = 0; i < backendCounters; i++) {
            words.setOpaque(block + StatusDescriptor.BACKEND_OFFSET + 8L * i, channel.counter(i));
        }
    }
}
