package org.isthmus.node.shm;

import org.isthmus.allocator.segment.KillPoints;

/** Where a producer's death leaves a mailbox half written: after every store that others can see. */
enum MailboxKillPoint {
    /** The cell is claimed, the tail still points to it. */
    CLAIM_AFTER_CELL,
    CLAIM_AFTER_TAIL,
    /** All of the record is there, but nobody may look at it. */
    PUBLISH_AFTER_HEADER,
    PUBLISH_AFTER_STATE;

    void reach() {
        KillPoints.reach(this);
    }
}
