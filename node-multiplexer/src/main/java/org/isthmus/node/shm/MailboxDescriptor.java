package org.isthmus.node.shm;

/**
 * Layout of a rank's mailbox: a bounded queue of fixed cells that every other rank may write to. First contact between
 * two ranks and all traffic of pairs beyond the ring budget pass through it.
 *
 * <pre>
 *    0   tail u64                    producers, compare-and-set: next cell to claim
 *   64   cell 0                      CELL_BYTES each
 *
 *  cell
 *    0   turn   u64   i: free for claim i; i + 1: holds record i (release by its producer, SYNC(mailbox.publish));
 *                     i + CELLS: consumed (release by the consumer, SYNC(mailbox.free))
 *    8   source u32   producer, plain
 *   16   record       header word and payload, plain
 * </pre>
 *
 * The creator of the segment writes {@code turn = i} into each cell i.
 */
public final class MailboxDescriptor {
    public static final int CELLS = 64;
    public static final int CELL_BYTES = 256;
    public static final long TAIL_OFFSET = 0;
    public static final long CELLS_OFFSET = 64;
    public static final long BYTES = CELLS_OFFSET + (long) CELLS * CELL_BYTES;
    public static final long TURN_OFFSET = 0;
    public static final long SOURCE_OFFSET = 8;
    public static final long HEADER_OFFSET = 16;
    public static final long PAYLOAD_OFFSET = 24;
    /** Largest payload that fits a cell. */
    public static final int MAX_PAYLOAD = CELL_BYTES - (int) PAYLOAD_OFFSET;

    private MailboxDescriptor() {}

    /** Offset from the mailbox's start of the cell for turn {@code i}. */
    public static long cell(long turn) {
        return CELLS_OFFSET + (turn & CELLS - 1) * CELL_BYTES;
    }
}
