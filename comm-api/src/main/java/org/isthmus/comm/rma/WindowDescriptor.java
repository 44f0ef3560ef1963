package org.isthmus.comm.rma;

/**
 * Layout of the control memory that the members of a window on one node share.
 *
 * <pre>
 *   0   sleepers u32      members asleep before a lock word, fetch-and-add
 *  64   lock u64          member 0's lock word: see FairLock
 * 128   elements u64      member 0's element lock: see ElementLock
 * 192   lock u64          member 1's lock word
 * 256   elements u64      member 1's element lock ...
 * </pre>
 *
 * Members are those on this node, in order of rank. Each word has a cache line of its own.
 */
final class WindowDescriptor {
    static final long SLEEPERS_OFFSET = 0;
    private static final long LINE = 64;

    private WindowDescriptor() {}

    /** Bytes for {@code members} members. */
    static long bytes(int members) {
        return lock(members);
    }

    static long lock(int member) {
        return LINE + 2 * LINE * member;
    }

    static long elements(int member) {
        return lock(member) + LINE;
    }
}
