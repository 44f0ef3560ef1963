package org.isthmus.node.shm;

/**
 * Layout of a rank's mailbox: a bounded queue of fixed cells that every other rank may write to. First contact between
 * two ranks and all traffic of pairs beyond the ring budget pass through it.
 *
 * <pre>
 *    0   tail u64                    producers, compare-and-set: next turn to claim, or one that is claimed already
 *    8   wanted u32                  producers, 1 when they find all cells taken; the consumer, 0: SYNC(mailbox.wanted)
 *   64   cell 0                      CELL_BYTES each
 *
 *  cell
 *    0   state  u64   whose turn the cell is, and how far
 *    8   source u32   producer, plain
 *   16   record       header word and payload, plain
 *
 *  state
 *   63                                 18 17                   0
 *  +-------------------------------------+----------------------+
 *  | turn                                | step                 |
 *  +-------------------------------------+----------------------+
 *
 *   step  0           free for the claim of that turn
 *         1           holds the record of that turn: release by its producer, SYNC(mailbox.publish)
 *         2 + source  claimed by that producer: compare-and-set from free
 * </pre>
 *
 * Turn i is cell i mod CELLS. The consumer moves a cell on to turn i + CELLS, free (release, SYNC(mailbox.free)). The
 * creator of the segment writes turn i into each cell i.
 */
public final class MailboxDescriptor {
    public static final int CELLS = 64;
    public static final int CELL_BYTES = 256;
    public static final long TAIL_OFFSET = 0;
    public static final long WANTED_OFFSET = 8;
    public static final long CELLS_OFFSET = 64;
    public static final long BYTES = CELLS_OFFSET + (long) CELLS * CELL_BYTES;
    public static final long STATE_OFFSET = 0;
    public static final long SOURCE_OFFSET = 8;
    public static final long HEADER_OFFSET = 16;
    public static final long PAYLOAD_OFFSET = 24;
    /** Largest payload that fits a cell. */
    public static final int MAX_PAYLOAD = CELL_BYTES - (int) PAYLOAD_OFFSET;

    private static final int STEP_BITS = 18;
    private static final long STEP_MASK = (1L << STEP_BITS) - 1;
    private static final long PUBLISHED = 1;
    private static final long CLAIMED = 2;

    private MailboxDescriptor() {}

    /** Offset from the mailbox's start of the cell for turn {@code i}. */
    public static long cell(long turn) {
        return CELLS_OFFSET + (turn & CELLS - 1) * CELL_BYTES;
    }

    /** State of a cell that may be claimed for turn {@code i}: above each state of an earlier turn. */
    public static long free(long turn) {
        return turn << STEP_BITS;
    }

    /** State of a cell that {@code source}, a place of the node, is filling. */
    public static long claimed(long turn, int source) {
        return free(turn) | CLAIMED + source;
    }

    /** State of a cell with a record. */
    public static long published(long turn) {
        return free(turn) | PUBLISHED;
    }

    /** Who is filling a cell for turn {@code i}, as its state says; -1 when nobody is. */
    public static int claimant(long state, long turn) {
        long step = state - free(turn);
        return step >= CLAIMED && step <= STEP_MASK ? (int) (step - CLAIMED) : -1;
    }
}
