package org.isthmus.rdma.backend;

import java.util.HashMap;
import java.util.Map;

/**
 * Which connections become links. A channel has one id on both nodes, that of the node that began it; either node may
 * dial for it. If both dial at once, the dial of the node of the lower index wins. Any thread may call.
 */
final class Admissions {
    /** What becomes of a proven hello. */
    enum Admission {
        ADMITTED,
        /** This node's own dial wins or has won, or the connection is of a channel that has ended. */
        REFUSED,
        /** The peer has begun a new channel: the one that we have is dead. */
        SUPERSEDES
    }

    private static final class Entry {
        long id;
        boolean dials;
        boolean connected;
        /** {@link System#nanoTime} of the first link. */
        long connectedAt;
    }

    private final int node;
    private final Map<Integer, Entry> entries = new HashMap<>();
    private final Map<Integer, Long> lastEnded = new HashMap<>();

    Admissions(int node) {
        this.node = node;
    }

    /** Begins a channel to {@code peer}, if there is none; the id of the one there is. */
    synchronized long begin(int peer, long newId) {
        return entry(peer, newId).id;
    }

    /**
     * This node dials for its channel {@code id} from now on. Returns the id to dial for: the peer's, if a connection
     * of the peer's was admitted before, which this channel has then to belong to.
     */
    synchronized long dial(int peer, long id) {
        Entry entry = entries.get(peer);
        if (entry == null) {
            return id;
        }
        entry.dials = true;
        return entry.id;
    }

    /** The dial has failed. */
    synchronized void undial(int peer) {
        Entry entry = entries.get(peer);
        if (entry != null) {
            entry.dials = false;
        }
    }

    /** A link of that channel is in use. */
    synchronized void connected(int peer) {
        Entry entry = entries.get(peer);
        if (entry != null) {
            entry.connectedAt = entry.connected ? entry.connectedAt : System.nanoTime();
            entry.connected = true;
            entry.dials = false;
        }
    }

    /**
     * What becomes of a proven hello for channel {@code id}. One of another channel than ours whose connection came in
     * before ours was connected crossed with it: its node knew nothing of ours when it sent the hello ({@link
     * #isCurrent}), and has taken it since.
     *
     * @param openedAt {@link System#nanoTime} when the connection came in
     */
    synchronized Admission admit(int peer, long id, long openedAt) {
        if (lastEnded.getOrDefault(peer, 0L) == id) {
            return Admission.REFUSED;
        }
        Entry entry = entry(peer, id);
        if (entry.dials && node < peer) {
            return Admission.REFUSED;
        } else if (entry.id == id) {
            return Admission.ADMITTED;
        } else if (entry.connected) {
            return openedAt - entry.connectedAt < 0 ? Admission.REFUSED : Admission.SUPERSEDES;
        }
        entry.id = id;
        return Admission.ADMITTED;
    }

    /** Whether a hello for that channel may still be sent: the peer's has not taken its place. */
    boolean isCurrent(int peer, long id) {
        return id(peer) == id;
    }

    /** The id of the channel to {@code peer}; 0 if there is none. */
    synchronized long id(int peer) {
        Entry entry = entries.get(peer);
        return entry == null ? 0 : entry.id;
    }

    /** The channel of that id has ended. */
    synchronized void end(int peer, long id) {
        Entry entry = entries.get(peer);
        if (entry != null && entry.id == id) {
            entries.remove(peer);
            lastEnded.put(peer, id);
        }
    }

    private Entry entry(int peer, long id) {
        return entries.computeIfAbsent(peer, key -> {
            Entry entry = new Entry();
            entry.id = id;
            return entry;
        });
    }
}
