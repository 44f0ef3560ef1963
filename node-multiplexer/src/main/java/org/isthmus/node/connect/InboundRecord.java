package org.isthmus.node.connect;

/**
 * A record that has come from a process of another job.
 *
 * @param source the sender's number here
 * @param header as in a ring; 0 says that the sender has called {@code MPI.Finalize}
 * @param payload as in a ring; of a record that carries a block, the first word means nothing
 * @param block the bytes of its block, null if it carries none
 */
record InboundRecord(int source, long header, byte[] payload, byte[] block) {
    static InboundRecord gone(int source) {
        return new InboundRecord(source, 0, new byte[0], null);
    }

    boolean isGone() {
        return header == 0;
    }

    int bytes() {
        return payload.length + (block == null ? 0 : block.length);
    }
}
