package org.isthmus.tcpx;

import org.isthmus.node.spi.RegionTooLongException;

/**
 * The sockets of a channel. One of them leads: it carries the {@link SendStream}; in engine {@code sockets} chunks go
 * over all. A socket that breaks is taken out, and what it may have lost is given to the others. The owner's thread
 * calls.
 */
final class LinkSet {
    private static final int CHUNKS_PER_POLL = 32;

    private final Link[] links = new Link[TcpxEndpoint.MAX_LINKS];
    private final TcpxCounters counters;
    private final SendRequests sends;
    private final ChunkSchedule schedule;
    private Link lead;
    private int live;
    /** No slot from here on has had a socket: what runs in every poll looks no further. */
    private int used;
    private long downSince;
    private String lastBreak = "";

    LinkSet(TcpxOptions options, TcpxCounters counters, SendRequests sends, long now) {
        this.counters = counters;
        this.sends = sends;
        this.schedule = new ChunkSchedule(options.leastLoaded(), options.chunkBytes());
        this.downSince = now;
    }

    /** A socket whose hello is done; it takes the place of an older one of its slot. */
    void add(Link link) {
        if (links[link.slot] != null) {
            links[link.slot].breakWith("replaced by a new connection");
            drop(links[link.slot]);
        }
        links[link.slot] = link;
        used = Math.max(used, link.slot + 1);
        live++;
        counters.increment(TcpxCounters.Counter.LINKS_CONNECTED);
        if (lead == null) {
            lead = link;
            link.lead();
        }
        link.acknowledge();
    }

    /** Null if there is none. */
    Link lead() {
        return lead;
    }

    int live() {
        return live;
    }

    /** Since when there has been no socket, while there is none. */
    long downSince() {
        return downSince;
    }

    /** Why no socket could be opened. */
    void onUnreachable(String description) {
        lastBreak = description;
    }

    /** How the last socket that broke did, or why none could be opened; empty while all is well. */
    String lastBreak() {
        return lastBreak;
    }

    /** Takes the next broken socket out; its slot, or -1 if none is broken. */
    int removeBroken(long now) {
        for (int i = 0; i < used; i++) {
            Link link = links[i];
            if (link != null && link.broken() != null) {
                drop(link);
                counters.increment(TcpxCounters.Counter.LINKS_BROKEN);
                if (live == 0) {
                    downSince = now;
                }
                return link.slot;
            }
        }
        return -1;
    }

    private void drop(Link link) {
        lastBreak = "socket " + link.slot + ": " + link.broken();
        links[link.slot] = null;
        live--;
        link.close();
        counters.add(TcpxCounters.Counter.CHUNKS_RESENT, sends.unassign(link.slot));
        if (link == lead) {
            lead = null;
            for (Link other : links) {
                if (other != null && lead == null) {
                    lead = other;
                    other.lead();
                }
            }
        }
    }

    /** Gives chunks that have a place to sockets; how many. */
    int sendChunks(long now) throws RegionTooLongException {
        for (int done = 0; done < CHUNKS_PER_POLL; done++) {
            long chunk = sends.nextChunk();
            Link link = chunk < 0 ? null : schedule.choose(links, live > 1 ? lead : null);
            if (link == null) {
                return done;
            }
            sends.assign(chunk, link.slot);
            link.enqueue(chunk);
            flush(link, now);
        }
        return CHUNKS_PER_POLL;
    }

    /** What can go out goes out. */
    void flush(long now) {
        for (int i = 0; i < used; i++) {
            flush(links[i], now);
        }
    }

    void flushLead(long now) {
        flush(lead, now);
    }

    private static void flush(Link link, long now) {
        if (link != null && !link.isBlocked()) {
            link.flush(now);
        }
    }

    /** Whether some socket has bytes that no event tells of. */
    boolean hasBuffered() {
        for (int i = 0; i < used; i++) {
            if (links[i] != null && links[i].hasBuffered()) {
                return true;
            }
        }
        return false;
    }

    /** Goes on where a bounce buffer was missing or bytes are left; how much was done. */
    int resume(long now) {
        int done = 0;
        for (int i = 0; i < used; i++) {
            done += links[i] == null ? 0 : links[i].resume(now);
        }
        return done;
    }

    /** Life signs; an owner that was away forgives the silence. */
    void tick(long now, boolean ownerWasAway, long silenceNanos) {
        for (Link link : links) {
            if (link != null && ownerWasAway) {
                link.forgiveSilence(now);
            } else if (link != null) {
                link.tick(now, silenceNanos);
            }
        }
    }

    /** Whether some socket is still of use. */
    boolean isOpen() {
        for (Link link : links) {
            if (link != null && link.broken() == null) {
                return true;
            }
        }
        return false;
    }

    /** Breaks the socket of that slot, as a network would; false if there is none. */
    boolean breakLink(int slot, String cause) {
        if (links[slot] == null) {
            return false;
        }
        links[slot].breakWith(cause);
        return true;
    }

    void close() {
        for (int i = 0; i < links.length; i++) {
            if (links[i] != null) {
                links[i].close();
                links[i] = null;
            }
        }
        live = 0;
        lead = null;
    }
}
