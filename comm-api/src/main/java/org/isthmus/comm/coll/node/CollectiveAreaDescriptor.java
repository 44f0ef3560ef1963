package org.isthmus.comm.coll.node;

/**
 * Layout of the memory through which the members of one communicator on one node do their collectives.
 *
 * <pre>
 *  0        sleepers u32    members asleep in a collective, fetch-and-add
 *  64       control block of member 0 (256 bytes), of member 1 ...
 *           exchange slots: member 0 even, member 0 odd, member 1 even ...   (SLOT bytes each)
 *           cells: member 0, member 1 ...                                    (CELL bytes each)
 *           result                                                           (CELL bytes)
 *           broadcast slots: even, odd                                       (CELL bytes each)
 *
 *  control block, each line written by its member alone, with release
 *     0  even line: arrived u64, inline payload 56 bytes     operations with an even number
 *    64  odd line:  arrived u64, inline payload 56 bytes     operations with an odd number
 *   128  done u64      last operation whose reading this member has finished
 *   192  second u64    last operation whose second phase this member has reached
 * </pre>
 *
 * Operations of an area are numbered from 1, equally on all members. SYNC(coll.arrived), SYNC(coll.done) and
 * SYNC(coll.second) pair each of these words' release stores with the acquire loads of the waiting members.
 */
final class CollectiveAreaDescriptor {
    static final long SLEEPERS_OFFSET = 0;
    static final int INLINE_BYTES = 56;
    static final int SLOT_BYTES = 8 * 1024;
    static final int CELL_BYTES = 64 * 1024;

    static final long INLINE_OFFSET = 8;
    static final long DONE_OFFSET = 128;
    static final long SECOND_OFFSET = 192;

    private static final long CONTROL_START = 64;
    private static final long CONTROL_BYTES = 256;
    private static final long LINE = 64;

    private CollectiveAreaDescriptor() {}

    /** Bytes of an area of {@code members}. */
    static long bytes(int members) {
        return result(members) + 3L * CELL_BYTES;
    }

    static long control(int member) {
        return CONTROL_START + member * CONTROL_BYTES;
    }

    static long arrivedLine(int member, long operation) {
        return control(member) + (operation & 1) * LINE;
    }

    static long exchangeSlot(int members, int member, long operation) {
        return control(members) + (member * 2L + (operation & 1)) * SLOT_BYTES;
    }

    static long cell(int members, int member) {
        return exchangeSlot(members, members, 0) + (long) member * CELL_BYTES;
    }

    static long result(int members) {
        return cell(members, members);
    }

    static long broadcastSlot(int members, long operation) {
        return result(members) + CELL_BYTES + (operation & 1) * CELL_BYTES;
    }
}
