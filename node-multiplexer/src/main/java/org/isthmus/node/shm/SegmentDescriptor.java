package org.isthmus.node.shm;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * Layout of the node segment's fixed part. Native byte order: only processes of one machine map it.
 *
 * <pre>
 *  0                 +-----------------------------------------------------------+
 *                    | header (one page)                                         |
 *  4096              +-----------------------------------------------------------+
 *                    | rank block 0: rank line, activity bitmap, mailbox         |
 *                    +-----------------------------------------------------------+
 *                    | rank block 1 ...                                          |
 *  rankBlocksEnd     +-----------------------------------------------------------+
 *                    | failure board, if there is one                            |
 *                    +-----------------------------------------------------------+
 *                    | status area ({@link StatusDescriptor})                     |
 *                    +-----------------------------------------------------------+
 *                    | heaps of all ranks: message blocks, user buffers          |
 *                    +-----------------------------------------------------------+
 *                    | extents: rings, collectives                               |
 *                    +-----------------------------------------------------------+
 *
 *  header
 *    0  magic    u64   creator, plain
 *    8  version  u32   creator, release, last of all: SYNC(segment.ready)
 *   12  ranks    u32   creator, plain
 *   16  window   u64   creator, plain: bytes that every rank maps
 *   24  board    u64   creator, plain: bytes of the {@link FailureBoard} that follows the fixed part; 0: there is none
 *   32  heaps    u64   creator, plain: where the heaps' area begins
 *   40  extents  u64   creator, plain: where the extents begin
 *   48  policy   u64   local rank 0, release: where the heaps' learned limits lie; 0 none. SYNC(segment.policy)
 *   56  status   u64   creator, plain: where the status area begins
 *   64  poolEnd  u64   any rank, fetch-and-add: end of the extents handed out
 *
 *  rank line (64 bytes)
 *    0  attention u32  owner: {@link #SLEEPING} while it sleeps or is about to, {@link #COLD} while it does not look at
 *                      every ring; {@link #STALLED} besides while it sleeps and waits for room at others; 0 lets
 *                      senders skip everything else
 *    4  wake      u32  any rank adds 1 to wake the owner; the futex word
 *    8  ticket    u32  owner: wake as it was when the owner last went to sleep; who finds wake changed since then need
 *                      not wake it again
 * </pre>
 */
public final class SegmentDescriptor {
    public static final long MAGIC = 0x0049_5354_484d_5553L;
    public static final int VERSION = 4;
    /** Bits of the attention word. */
    public static final int SLEEPING = 1;

    public static final int COLD = 2;

    public static final int STALLED = 4;

    public static final StructLayout HEADER = MemoryLayout.structLayout(
            ValueLayout.JAVA_LONG.withName("magic"),
            ValueLayout.JAVA_INT.withName("version"),
            ValueLayout.JAVA_INT.withName("ranks"),
            ValueLayout.JAVA_LONG.withName("window"),
            ValueLayout.JAVA_LONG.withName("boardBytes"),
            ValueLayout.JAVA_LONG.withName("heaps"),
            ValueLayout.JAVA_LONG.withName("extents"),
            ValueLayout.JAVA_LONG.withName("policy"),
            ValueLayout.JAVA_LONG.withName("status"),
            ValueLayout.JAVA_LONG.withName("poolEnd"),
            MemoryLayout.paddingLayout(56));

    public static final StructLayout RANK_LINE = MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("attention"),
            ValueLayout.JAVA_INT.withName("wake"),
            ValueLayout.JAVA_INT.withName("ticket"),
            MemoryLayout.paddingLayout(52));

    public static final long MAGIC_OFFSET = offset(HEADER, "magic");
    public static final long VERSION_OFFSET = offset(HEADER, "version");
    public static final long RANKS_OFFSET = offset(HEADER, "ranks");
    public static final long WINDOW_OFFSET = offset(HEADER, "window");
    public static final long BOARD_BYTES_OFFSET = offset(HEADER, "boardBytes");
    public static final long HEAPS_OFFSET = offset(HEADER, "heaps");
    public static final long EXTENTS_OFFSET = offset(HEADER, "extents");
    public static final long POLICY_OFFSET = offset(HEADER, "policy");
    public static final long STATUS_OFFSET = offset(HEADER, "status");
    public static final long POOL_END_OFFSET = offset(HEADER, "poolEnd");
    public static final long ATTENTION_OFFSET = offset(RANK_LINE, "attention");
    public static final long WAKE_OFFSET = offset(RANK_LINE, "wake");
    public static final long TICKET_OFFSET = offset(RANK_LINE, "ticket");

    private static final int PAGE = 4096;
    private static final int LINE = 64;

    private SegmentDescriptor() {}

    /** Start of the block of {@code rank}, which is its rank line. */
    public static long rankLine(int ranks, int rank) {
        return PAGE + (long) rank * rankBlockBytes(ranks);
    }

    /** Start of the activity bitmap of {@code rank}: bit s says that the ring from rank s may hold records. */
    public static long activityBitmap(int ranks, int rank) {
        return rankLine(ranks, rank) + LINE;
    }

    /** Start of the mailbox of {@code rank}; see {@link MailboxDescriptor}. */
    public static long mailbox(int ranks, int rank) {
        return activityBitmap(ranks, rank) + bitmapBytes(ranks);
    }

    /** End of the rank blocks, where the failure board or the status area begins; a whole number of pages. */
    public static long fixedBytes(int ranks) {
        return (rankLine(ranks, ranks) + PAGE - 1) & -PAGE;
    }

    private static long rankBlockBytes(int ranks) {
        return LINE + bitmapBytes(ranks) + MailboxDescriptor.BYTES;
    }

    private static long bitmapBytes(int ranks) {
        return (ranks + LINE * 8 - 1) / (LINE * 8) * LINE;
    }

    private static long offset(StructLayout layout, String field) {
        return layout.byteOffset(MemoryLayout.PathElement.groupElement(field));
    }
}
