package org.isthmus.rdma.backend;

import java.util.HashMap;
import java.util.Map;

/**
 * Which connections become links. Either node may begin a channel, with an id of its own, and either may dial for it.
 * If both dial at once, the dial of the node of the lower index wins. Any thread may call.
 *
 * <p>A node whose peer has begun the same channel takes the peer's id; and so may the peer, since the connection over
 * which one of them learnt it may die before the other one knows of its admission. So both ids are the channel's for as
 * long as it lives, whichever of them a hello carries. Invariant: an id that a node has ever sent or admitted for a
 * channel belongs to no other one.
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
        /** The id with which this node began it; 0 if the peer did alone. */
        long own;
        /** The id with which the peer began it, as its last admitted hello says; 0 if there was none. */
        long theirs;
        boolean dials;
        boolean connected;
        /** {@link System#nanoTime} of the first link. */
        long connectedAt;

        long id() {
            return theirs == 0 ? own : theirs;
        }

        boolean has(long id) {
            return id != 0 && (id == own || id == theirs);
        }
    }

    private final int node;
    private final Map<Integer, Entry> entries = new HashMap<>();
    private final Map<Integer, Entry> lastEnded = new HashMap<>();

    Admissions(int node) {
        this.node = node;
    }

    /** Begins a channel to {@code peer}, if there is none; the id of the one there is. */
    synchronized long begin(int peer, long newId) {
        Entry entry = entries.get(peer);
        if (entry == null) {
            entry = new Entry();
            entry.own = newId;
            entries.put(peer, entry);
        }
        return entry.id();
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
        return entry.id();
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
        Entry ended = lastEnded.get(peer);
        if (ended != null && ended.has(id)) {
            return Admission.REFUSED;
        }
        Entry entry = entries.computeIfAbsent(peer, key -> new Entry());
        if (entry.dials && node < peer) {
            return Admission.REFUSED;
        } else if (entry.has(id)) {
            return Admission.ADMITTED;
        } else if (entry.connected) {
            return openedAt - entry.connectedAt < 0 ? Admission.REFUSED : Admission.SUPERSEDES;
        }
        entry.theirs = id;
        return Admission.ADMITTED;
    }

    /** Whether a hello for that channel may still be sent: the peer's has not taken its place. */
    boolean isCurrent(int peer, long id) {
        return id(peer) == id;
    }

    /** The id of the channel to {@code peer}; 0 if there is none. */
    synchronized long id(int peer) {
        Entry entry = entries.get(peer);
        return entry == null ? 0 : entry.id();
    }

    /** Whether that id, the peer's or ours, is that of the channel to {@code peer} there is. */
    synchronized boolean isOf(int peer, long id) {
        Entry entry = entries.get(peer);
        return entry != null && entry.has(id);
    }

    /** The channel of that id has ended. */
    synchronized void end(int peer, long id) {
        Entry entry = entries.get(peer);
        if (entry != null && entry.has(id)) {
            entries.remove(peer);
            lastEnded.put(peer, entry);
        }
    }
}
