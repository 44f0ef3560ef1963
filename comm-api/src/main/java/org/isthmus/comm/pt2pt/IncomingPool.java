package org.isthmus.comm.pt2pt;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Entries of the unexpected store, used again and again. Owned by the engine thread.
 *
 * <p>The bytes that they keep lie outside the heap, as all else that messages are copied from and to: a copy that meets
 * both kinds of memory is compiled for both, at each of its accesses, in each of its callers.
 */
final class IncomingPool {
    private static final int ENTRIES = 64;

    private MemorySegment room = MemorySegment.NULL;
    private long used;
    /** One from the start: code that is compiled before its class is initialized is thrown away at its first use. */
    private Incoming free = new Incoming(nextRoom());

    /** An entry without blocks. */
    Incoming take(int kind, int context, int source, int tag, long total) {
        Incoming message = free;
        if (message == null) {
            message = new Incoming(nextRoom());
        } else {
            free = message.nextInBucket;
        }
        message.kind = kind;
        message.context = context;
        message.peer = source;
        message.matchTag = tag;
        message.total = total;
        message.blockCount = 0;
        message.arrived = 0;
        message.localSend = null;
        return message;
    }

    void giveBack(Incoming message) {
        message.nextInBucket = free;
        free = message;
    }

    private MemorySegment nextRoom() {
        if (used == room.byteSize()) {
            room = Arena.ofAuto().allocate((long) ENTRIES * Incoming.ROOM, Long.BYTES);
            used = 0;
        }
        MemorySegment next = room.asSlice(used, Incoming.ROOM);
        used += Incoming.ROOM;
        return next;
    }
}
