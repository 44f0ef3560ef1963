package org.isthmus.node.shm;

/**
 * Layout of the segment's status area: who the job is, and what its ranks and its multiplexer have counted. Each word
 * has one writer; readers, which may be processes outside the job, only look.
 *
 * <pre>
 *    0                +--------------------------------------------------------+
 *                     | job block                                              |
 *  256                +--------------------------------------------------------+
 *                     | rank block of place 0                                  |
 *                     +--------------------------------------------------------+
 *                     | rank block of place 1 ...                              |
 *                     +--------------------------------------------------------+
 *
 *  job block (256 bytes)
 *    0  started  u64   local rank 0, release, last: SYNC(status.job): milliseconds since 1970; 0: not yet described
 *    8  jobSize  u32   ranks of the job
 *   12  node     u32   index of this node
 *   16  nodes    u32   nodes of the job
 *   20  oneSided u32   multiplexer, release: SYNC(status.one-sided): ordinal of what the backend can do with memory of
 *                      other nodes
 *   24  links    u64   multiplexer, release: SYNC(status.links): where in the segment its link area lies; 0: there is
 *                      none
 *   64  job      text  32 bytes, UTF-8, padded with zeros: the same on all nodes of the job
 *   96  launcher text  32 bytes
 *  128  program  text  128 bytes
 *
 *  rank block (512 bytes, 8 cache lines), all of it written by its owner
 *    0  rank     u32   release, last: SYNC(status.rank): rank in the job plus 1, -1 for the multiplexer; 0: nobody yet
 *    8  pid      u64
 *   64  counters u64 each, opaque, {@link #RANK_COUNTERS} of them: shown now and then, by one thread at a time
 *
 *  link area, an extent of the multiplexer's
 *    0  nodes    u32   plain
 *    4  shards   u32   plain
 *   64  name table of shard 0, of shard 1 ...
 *       directory u64 for each node and shard, node by node: where in the segment the link block lies, release:
 *                     SYNC(status.link); 0: that node has not been talked to by that shard
 *
 *  name table (2048 bytes): what the backend of a shard counts
 *    0  count    u32   release, last: SYNC(status.names)
 *    8  backend  text  56 bytes
 *   64  names    text  40 bytes each, {@link #BACKEND_COUNTERS} of them
 *
 *  link block (704 bytes, 11 cache lines)
 *    0  peer     u32   plain
 *    4  shard    u32   plain
 *   64  outward  u64 each, opaque, {@link #LINK_COUNTERS} of them: written by who sends
 *  192  inward   u64 each, opaque, as many: written by who receives
 *  320  backend  u64 each, opaque, {@link #BACKEND_COUNTERS} of them, in the order of the name table
 * </pre>
 */
public final class StatusDescriptor {
    public static final long STARTED_OFFSET = 0;
    public static final long JOB_SIZE_OFFSET = 8;
    public static final long NODE_OFFSET = 12;
    public static final long NODES_OFFSET = 16;
    public static final long ONE_SIDED_OFFSET = 20;
    public static final long LINKS_OFFSET = 24;
    public static final long JOB_OFFSET = 64;
    public static final int JOB_BYTES = 32;
    public static final long LAUNCHER_OFFSET = 96;
    public static final int LAUNCHER_BYTES = 32;
    public static final long PROGRAM_OFFSET = 128;
    public static final int PROGRAM_BYTES = 128;
    public static final long JOB_BLOCK_BYTES = 256;

    public static final long RANK_OFFSET = 0;
    public static final long PID_OFFSET = 8;
    public static final long COUNTERS_OFFSET = 64;
    public static final int RANK_COUNTERS = 56;
    public static final long RANK_BLOCK_BYTES = COUNTERS_OFFSET + 8L * RANK_COUNTERS;
    /** What {@link #RANK_OFFSET} holds in the block of the multiplexer. */
    public static final int MULTIPLEXER = -1;

    public static final long AREA_NODES_OFFSET = 0;
    public static final long AREA_SHARDS_OFFSET = 4;
    public static final long NAME_TABLES_OFFSET = 64;
    public static final long NAME_TABLE_BYTES = 2048;
    public static final long NAME_COUNT_OFFSET = 0;
    public static final long BACKEND_NAME_OFFSET = 8;
    public static final int BACKEND_NAME_BYTES = 56;
    public static final long NAMES_OFFSET = 64;
    public static final int NAME_BYTES = 40;
    public static final int BACKEND_COUNTERS = 48;

    public static final long PEER_OFFSET = 0;
    public static final long SHARD_OFFSET = 4;
    public static final int LINK_COUNTERS = 16;
    public static final long OUTWARD_OFFSET = 64;
    public static final long INWARD_OFFSET = OUTWARD_OFFSET + 8L * LINK_COUNTERS;
    public static final long BACKEND_OFFSET = INWARD_OFFSET + 8L * LINK_COUNTERS;
    public static final long LINK_BLOCK_BYTES = BACKEND_OFFSET + 8L * BACKEND_COUNTERS;

    private StatusDescriptor() {}

    /** Bytes of the area of a segment with so many places. */
    public static long bytes(int places) {
        return rankBlock(places);
    }

    /** Start of a place's block, from the start of the area. */
    public static long rankBlock(int place) {
        return JOB_BLOCK_BYTES + place * RANK_BLOCK_BYTES;
    }

    /** Start of the directory, from the start of the link area. */
    public static long directory(int shards) {
        return NAME_TABLES_OFFSET + shards * NAME_TABLE_BYTES;
    }

    /** Bytes of a link area. */
    public static long linkAreaBytes(int nodes, int shards) {
        return directory(shards) + 8L * nodes * shards;
    }
}
