package org.isthmus.allocator.heap;

import org.isthmus.allocator.segment.KillPoints;

/**
 * The places where a rank's death leaves something half done for others to repair: after every store of the heap that
 * another process can see.
 * See {@link KillPoints}.
 */
enum KillPoint {
    /** A block has left the private stack, its state still FREE. */
    ALLOCATE_BEFORE_STATE,
    ALLOCATE_AFTER_STATE,
    /** INFLIGHT, but in no ring. */
    HAND_OVER_AFTER_STATE,
    ACCEPT_AFTER_STATE,
    LOCAL_FREE_AFTER_STATE,
    /** RETURNED, the bit still in the freer's private batch. */
    RETURN_AFTER_STATE,
    RAISE_AFTER_BIT,
    RAISE_AFTER_SLICE,
    RAISE_AFTER_MIDDLE,
    COLLECT_AFTER_TOP,
    COLLECT_AFTER_MIDDLE,
    COLLECT_AFTER_SLICES,
    COLLECT_AFTER_BITS,
    /** FREE, in no stack. */
    COLLECT_AFTER_STATE,
    CLAIM_AFTER_BIT,
    CLAIM_AFTER_OWNER,
    RESERVE_AFTER_PAGES,
    OPEN_AFTER_CLASS,
    CLOSE_AFTER_CLASS,
    RELEASE_AFTER_OWNER,
    RUN_AFTER_BITS,
    RUN_AFTER_TAIL,
    RUN_AFTER_HEAD,
    RUN_RELEASE_AFTER_HEAD,
    RUN_RELEASE_AFTER_TAIL,
    REAP_AFTER_LEASE,
    REAP_AFTER_STATE,
    ADOPT_AFTER_TAIL,
    ADOPT_AFTER_OWNER,
    ADOPT_AFTER_STATE,
    REAP_AFTER_ADOPTION,
    REAP_AFTER_EPOCH,
    REAP_AFTER_REAPED;

    static final boolean ENABLED = KillPoints.ENABLED;

    void reach() {
        KillPoints.reach(this);
    }
}
