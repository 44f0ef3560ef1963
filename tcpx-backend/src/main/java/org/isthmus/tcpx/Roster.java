package org.isthmus.tcpx;

import java.util.HashMap;
import java.util.Map;

/**
 * Which node dials for which channel. Whoever begins a channel dials all its sockets, and dials again when one breaks.
 * If both begin at once, the node of the lower index dials. Any thread may call.
 */
final class Roster {
    /** What becomes of a proven hello. */
    enum Admission {
        /** It is a socket of the channel. */
        ADMITTED,
        /** This node dials itself; the peer gives way. */
        WE_DIAL,
        /** The peer has begun a new channel, the one that we have is dead. */
        SUPERSEDES,
        /** A late socket of a channel that has ended. */
        ENDED
    }

    private record Entry(long id, boolean weDial) {}

    private final int node;
    private final Map<Integer, Entry> entries = new HashMap<>();
    private final Map<Integer, Long> lastEnded = new HashMap<>();

    Roster(int node) {
        this.node = node;
    }

    /** Begins a channel to {@code peer}, if there is none; the id of the one there is. */
    synchronized long begin(int peer, long newId) {
        return entries.computeIfAbsent(peer, p -> new Entry(newId, true)).id();
    }

    synchronized boolean weDial(int peer, long id) {
        Entry entry = entries.get(peer);
        return entry != null && entry.weDial() && entry.id() == id;
    }

    synchronized Admission admit(int peer, long id) {
        if (lastEnded.getOrDefault(peer, 0L) == id) {
            return Admission.ENDED;
        }
        Entry entry = entries.get(peer);
        if (entry == null || entry.weDial() && peer < node && entry.id() != id) {
            entries.put(peer, new Entry(id, false));
            return Admission.ADMITTED;
        } else if (entry.weDial()) {
            return Admission.WE_DIAL;
        }
        return entry.id() == id ? Admission.ADMITTED : Admission.SUPERSEDES;
    }

    /** The id of the channel to {@code peer}; 0 if there is none. */
    synchronized long id(int peer) {
        Entry entry = entries.get(peer);
        return entry == null ? 0 : entry.id();
    }

    /** The channel of that id has ended. */
    synchronized void end(int peer, long id) {
        Entry entry = entries.get(peer);
        if (entry != null && entry.id() == id) {
            entries.remove(peer);
            lastEnded.put(peer, id);
        }
    }
}
