package org.isthmus.node.status;

import org.isthmus.node.shm.StatusDescriptor;

/** What the multiplexer counts for each peer node and shard. Outward ones have one writer, inward ones one. */
public enum LinkCounter implements Counter {
    FRAMES_SENT(true, Unit.FRAMES, "that the backend took"),
    RECORDS_SENT(true, Unit.RECORDS, "put into frames; by frames-sent: the average batch"),
    BYTES_SENT(true, Unit.BYTES, "of the frames sent"),
    STALLS(true, Unit.TIMES, "the backend had no room for a frame, after it had taken one"),
    RECORDS_QUEUED(true, Unit.RECORDS, "that waited for a free frame, or for credit of their receiver"),
    HOLDS(true, Unit.FRAMES, "held open for records to come: isthmus.mux.hold"),
    FREE_FRAMES(true, Unit.FRAMES, "now free to be filled: the credits of this link"),
    WAITING_RECORDS(true, Unit.RECORDS, "now waiting for a frame or credit"),
    PIECES_SENT(true, Unit.PIECES, "of large messages that the backend took, from segment to segment"),
    PIECE_BYTES_SENT(true, Unit.BYTES, "of these pieces"),
    ONE_SIDED(true, Unit.OPERATIONS,
    "that read or change memory of that node without its doing, that the backend took"),
    ONE_SIDED_BYTES(true, Unit.BYTES, "of these"),
    FRAMES_RECEIVED(false, Unit.FRAMES, "that came"),
    RECORDS_RECEIVED(false, Unit.RECORDS, "in the frames that came"),
    BYTES_RECEIVED(false, Unit.BYTES, "of the frames that came"),
    PUSHED_BACK(false, Unit.RECORDS, "that the ring or the blocks of their rank had no room for at once"),
    PIECES_RECEIVED(false, Unit.PIECES, "of large messages that came"),
    PIECE_BYTES_RECEIVED(false, Unit.BYTES, "of these pieces");

    private final boolean outward;
    private final Unit unit;
    private final String meaning;

    LinkCounter(boolean outward, Unit unit, String meaning) {
        this.outward = outward;
        this.unit = unit;
        this.meaning = meaning;
    }

    /** Whether whoever sends writes it. */
    public boolean isOutward() {
        return outward;
    }

    /** Where its word lies in a link block. */
    long offset() {
        int inSection = outward ? ordinal() : ordinal() - FRAMES_RECEIVED.ordinal();
        return (outward ? StatusDescriptor.OUTWARD_OFFSET : StatusDescriptor.INWARD_OFFSET) + 8L * inSection;
    }

    @Override
    public String unit() {
        return unit.text();
    }

    @Override
    public String meaning() {
        return meaning;
    }
}
