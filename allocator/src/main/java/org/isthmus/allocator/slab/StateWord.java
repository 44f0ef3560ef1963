package org.isthmus.allocator.slab;

/**
 * The word that alone says whether a block is free and who holds it.
 *
 * <pre>
 *  31        20 19     16 15           0
 *  +-----------+---------+--------------+
 *  | generation| status  | holder       |     holder: index of a heap; 0 where FREE
 *  +-----------+---------+--------------+
 * </pre>
 *
 * <pre>
 *  from        to          by                                 with
 *  FREE        LIVE        owner: allocate                    generation + 1, plain store
 *  LIVE        INFLIGHT    owner: hand over                   plain store; published by the ring
 *  INFLIGHT    LIVE        receiver: accept                   compare-and-set (against the reaper's ORPHAN)
 *  LIVE        FREE        owner, holding it: free            plain store
 *  LIVE        RETURNED    another holder: free               release store, SYNC(block.return)
 *  RETURNED    FREE        owner: collect, sweep              acquire load, SYNC(block.return); plain store
 *  INFLIGHT    FREE        owner: sweep, receiver dead        plain store
 *  INFLIGHT    ORPHAN      adopter of a dead sender's slab    compare-and-set
 *  ORPHAN      LIVE        receiver: accept                   compare-and-set
 *  ORPHAN      RETURNED    receiver, that ring drained        compare-and-set
 *  any held    RETURNED    reaper of a dead holder            compare-and-set
 * </pre>
 *
 * So a status has one writer at a time: the owner of the slab while FREE or RETURNED, else the holder, or once it is
 * dead the reaper.
 */
public final class StateWord {
    public static final int FREE = 0;
    public static final int LIVE = 1;
    public static final int INFLIGHT = 2;
    public static final int RETURNED = 3;
    public static final int ORPHAN = 4;

    public static final int MAX_HOLDER = 0xffff;

    private static final int STATUS_SHIFT = 16;
    private static final int STATUS_MASK = 0xf;
    private static final int GENERATION_SHIFT = 20;
    private static final int GENERATION_ONE = 1 << GENERATION_SHIFT;
    private static final int GENERATION_MASK = -GENERATION_ONE;

    private StateWord() {}

    public static int of(int generation, int status, int holder) {
        return generation << GENERATION_SHIFT | status << STATUS_SHIFT | holder;
    }

    /** The generation of a handle with status and holder, which are {@link #of} generation 0. */
    public static int inLifeOf(long handle, int held) {
        return (int) (handle >>> 32) & GENERATION_MASK | held;
    }

    /** The same life, FREE. */
    public static int freed(int state) {
        return state & GENERATION_MASK;
    }

    /** The same life and holder with another status. */
    public static int withStatus(int state, int status) {
        return state & ~(STATUS_MASK << STATUS_SHIFT) | status << STATUS_SHIFT;
    }

    public static int generation(int state) {
        return state >>> GENERATION_SHIFT;
    }

    public static int status(int state) {
        return state >>> STATUS_SHIFT & STATUS_MASK;
    }

    public static int holder(int state) {
        return state & MAX_HOLDER;
    }

    /** For messages. */
    public static String describe(int state) {
        int status = status(state);
        String name = switch (status) {
            case FREE -> "free";
            case LIVE -> "live, held by heap " + holder(state);
            case INFLIGHT -> "in flight to heap " + holder(state);
            case RETURNED -> "returned by heap " + holder(state);
            case ORPHAN -> "in flight to heap " + holder(state) + " from a dead one";
            default -> "damaged, status " + status;
        };
        return name + ", generation " + generation(state);
    }
}
