package org.isthmus.node.endpoint;

import org.isthmus.node.shm.RecordDescriptor;

/**
 * Payload of a {@link RecordDescriptor#KIND_RING_CREATED}, the first record of a rank to another in its mailbox. The
 * sender writes it before it publishes the record, the receiver alone reads it.
 *
 * <pre>
 *   0            8            16
 *  +------------+------------+------------+
 *  | ring u64   | bytes u64  | variant u64|
 *  +------------+------------+------------+
 * </pre>
 *
 * Ring: offset in the segment. Bytes: of the ring; 0 where there is its control line alone, and records go through the
 * mailbox. Variant: ordinal of {@link org.isthmus.node.shm.ring.RingVariant}.
 */
final class RingCreatedDescriptor {
    static final int RING_OFFSET = 0;
    static final int LENGTH_OFFSET = 8;
    static final int VARIANT_OFFSET = 16;
    static final int BYTES = 24;

    private RingCreatedDescriptor() {}
}
