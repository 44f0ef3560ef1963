package org.isthmus.node.status;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.isthmus.allocator.NodePool;
import org.isthmus.node.shm.NodeSegment;
import org.isthmus.node.shm.StatusDescriptor;
import org.isthmus.node.spi.BackendCounters;

/**
 * The multiplexer's counters of its links: memory for those that are in use only. Any of the multiplexer's threads may
 * call; a shard's link is asked for by one thread.
 */
public final class LinkTable {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle().withInvokeExactBehavior();
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();

    private final NodeSegment segment;
    private final MemorySegment memory;
    private final long area;
    private final int nodes;
    private final int shards;
    private final int[] backendCounters;
    private long space;
    private long spaceEnd;

    LinkTable(NodeSegment segment, long area, int nodes, int shards) {
        this.segment = segment;
        this.memory = segment.memory();
        this.area = area;
        this.nodes = nodes;
        this.shards = shards;
        this.backendCounters = new int[shards];
    }

    /** Says what a shard's backend counts; before the shard's first link. What exceeds the room for it is not shown. */
    public void describe(int shard, BackendCounters counters) {
        long table = area + StatusDescriptor.NAME_TABLES_OFFSET + shard * StatusDescriptor.NAME_TABLE_BYTES;
        List<BackendCounters.Row> rows = counters.rows();
        int count = Math.min(rows.size(), StatusDescriptor.BACKEND_COUNTERS);
        StatusText.write(memory, table + StatusDescriptor.BACKEND_NAME_OFFSET, StatusDescriptor.BACKEND_NAME_BYTES,
                counters.backend());
        for (int i = 0; i < count; i++) {
            StatusText.write(memory, table + StatusDescriptor.NAMES_OFFSET + (long) i * StatusDescriptor.NAME_BYTES,
                    StatusDescriptor.NAME_BYTES, rows.get(i).name());
        }
        backendCounters[shard] = count;
        INT.setRelease(memory, table + StatusDescriptor.NAME_COUNT_OFFSET, count); // SYNC(status.names)
    }

    /** The counters of a shard's link to another node, zeroed. */
    public synchronized LinkCounters link(int node, int shard) {
        if (node < 0 || node >= nodes || shard < 0 || shard >= shards) {
            throw new IllegalArgumentException("link to node " + node + " of shard " + shard + ": nodes are 0 to "
                    + (nodes - 1) + ", shards 0 to " + (shards - 1));
        }
        if (space + StatusDescriptor.LINK_BLOCK_BYTES > spaceEnd) {
            space = segment.pool().allocateExtent(NodePool.PAGE);
            spaceEnd = space + NodePool.PAGE;
        }
        long block = space;
        space += StatusDescriptor.LINK_BLOCK_BYTES;
        INT.set(memory, block + StatusDescriptor.PEER_OFFSET, node);
        INT.set(memory, block + StatusDescriptor.SHARD_OFFSET, shard);
        long entry = area + StatusDescriptor.directory(shards) + 8L * (node * shards + shard);
        LONG.setRelease(memory, entry, block); // SYNC(status.link)
        return new LinkCounters(memory, block, backendCounters[shard]);
    }
}
