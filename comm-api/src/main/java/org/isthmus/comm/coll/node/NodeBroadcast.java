package org.isthmus.comm.coll.node;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.isthmus.comm.datatype.Packer;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/**
 * Broadcast: the root shows where its bytes lie, the others copy them.
 *
 * <p>Short messages go through the root's exchange slot. Longer ones that lie in the segment are read from the root's
 * own buffer, which costs one copy a member and holds the root until all have it; others pass through two slots in
 * turn, so that the root fills one while the members empty the other. Cost: n copied once by every member, and once by
 * the root where its buffer is not shared.
 */
final class NodeBroadcast {
    /** Offsets of the second and third word of the root's inline payload; the first is where the bytes are. */
    private static final long BYTES = 8;

    private static final long TOTAL = 16;

    private NodeBroadcast() {}

    static void run(CollectiveArea area, Object base, long offset, int count, TypeMap type, int root) {
        if (area.me() == root) {
            send(area, base, offset, count, type);
        } else {
            receive(area, base, offset, count, type, root);
        }
    }

    private static void send(CollectiveArea area, Object base, long offset, int count, TypeMap type) {
        MemorySegment memory = area.memory();
        long total = type.size() * count;
        boolean shared = total > CollectiveAreaDescriptor.SLOT_BYTES && base == memory && type.isContiguous();
        long position = 0;
        do {
            area.begin();
            long bytes = shared ? total : Math.min(total - position, limit(total));
            long from = shared ? offset : slot(area, total, area.me());
            if (!shared) {
                Packer.pack(base, offset, count, type, position, memory, from, bytes);
            }
            memory.set(ValueLayout.JAVA_LONG, area.inline(area.me()), from);
            memory.set(ValueLayout.JAVA_LONG, area.inline(area.me()) + BYTES, bytes);
            memory.set(ValueLayout.JAVA_LONG, area.inline(area.me()) + TOTAL, total);
            area.arrive();
            area.done();
            position += bytes;
        } while (position < total);
        if (shared) {
            area.awaitAllDone(area.operation());
        }
    }

    private static void receive(CollectiveArea area, Object base, long offset, int count, TypeMap type, int root) {
        MemorySegment memory = area.memory();
        long room = type.size() * count;
        long total;
        long position = 0;
        do {
            area.begin();
            area.awaitArrived(root);
            long from = memory.get(ValueLayout.JAVA_LONG, area.inline(root));
            long bytes = memory.get(ValueLayout.JAVA_LONG, area.inline(root) + BYTES);
            total = memory.get(ValueLayout.JAVA_LONG, area.inline(root) + TOTAL);
            long stored = Math.min(bytes, room - position);
            if (stored > 0) {
                Packer.unpack(memory, from, base, offset, count, type, position, stored);
            }
            area.done();
            position += bytes;
        } while (position < total);
        if (total > room) {
            throw new CommException(ErrorClass.TRUNCATE, "rank " + root + " broadcasts " + total
                    + " bytes, the buffer here has room for " + room + "; the first " + room + " bytes were stored");
        }
    }

    private static long limit(long total) {
        return total <= CollectiveAreaDescriptor.SLOT_BYTES ? total : CollectiveAreaDescriptor.CELL_BYTES;
    }

    private static long slot(CollectiveArea area, long total, int member) {
        return total <= CollectiveAreaDescriptor.SLOT_BYTES ? area.exchangeSlot(member) : area.broadcastSlot();
    }
}
