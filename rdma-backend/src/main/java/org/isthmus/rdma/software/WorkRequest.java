package org.isthmus.rdma.software;

/** A posted send or receive: its pieces of memory, and for a send what is to be done with them. */
final class WorkRequest {
    final long[] addresses = new long[SoftwareLimits.MAX_SGE];
    final int[] lengths = new int[SoftwareLimits.MAX_SGE];
    final int[] keys = new int[SoftwareLimits.MAX_SGE];
    final byte[] inline = new byte[SoftwareLimits.MAX_INLINE];
    long wrId;
    int pieces;
    int opcode;
    int flags;
    int immediate;
    long remoteAddress;
    int remoteKey;
    long compareAdd;
    long swap;
    int inlineLength;
    /** Number among the sends of its queue pair. */
    long number;

    void set(WorkRequest from) {
        wrId = from.wrId;
        pieces = from.pieces;
        opcode = from.opcode;
        flags = from.flags;
        immediate = from.immediate;
        remoteAddress = from.remoteAddress;
        remoteKey = from.remoteKey;
        compareAdd = from.compareAdd;
        swap = from.swap;
        System.arraycopy(from.addresses, 0, addresses, 0, pieces);
        System.arraycopy(from.lengths, 0, lengths, 0, pieces);
        System.arraycopy(from.keys, 0, keys, 0, pieces);
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    long bytes() {
        long bytes = 0;
        for (int i = 0; i < pieces; i++) {
            bytes += Integer.toUnsignedLong(lengths[i]);
        }
        return bytes;
    }
}
