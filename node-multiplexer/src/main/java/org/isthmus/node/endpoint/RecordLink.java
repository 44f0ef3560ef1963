package org.isthmus.node.endpoint;

import org.isthmus.node.shm.RingProducer;

/**
 * A rank's way to send records to one other rank: {@link PeerLink} to one on this node, {@link FarLink} to any other.
 * Records arrive whole and in order.
 *
 * <p>Used by the engine thread (or under the engine lock); each successful claim is followed by its publish.
 */
public abstract class RecordLink {
    /** Answer of {@link #claim}: no room now; drive progress and try again. */
    public static final long BACK_PRESSURED = RingProducer.BACK_PRESSURED;

    protected RecordLink() {}

    /** Largest payload that one record can carry; may grow with the first claim. */
    public abstract int maxPayload();

    /** Makes room for a record; returns where in the segment its payload goes, or {@link #BACK_PRESSURED}. */
    public abstract long claim(int payloadBytes);

    /** Makes the claimed record visible and sees to it that it is noticed. */
    public abstract void publish(long header);

    /** Bytes of eager messages of ours that the peer has passed on to its user. */
    public abstract long grantedBytes();
}
