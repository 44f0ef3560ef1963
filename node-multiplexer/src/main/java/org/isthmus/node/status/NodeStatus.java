package org.isthmus.node.status;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.isthmus.node.shm.NodeSegment;
import org.isthmus.node.shm.StatusDescriptor;
import org.isthmus.node.spi.Capabilities;

/**
 * The writers' side of a node segment's status area ({@link StatusDescriptor}). Each method says who may call it; each
 * is called once in a process.
 */
public final class NodeStatus {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle().withInvokeExactBehavior();
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();

    private final NodeSegment segment;
    private final MemorySegment memory;
    private final long area;

    public NodeStatus(NodeSegment segment) {
        this.segment = segment;
        this.memory = segment.memory();
        this.area = segment.statusOffset();
    }

    /**
     * Says what job this is; local rank 0 calls it.
     *
     * @param job name of the job, the same on all its nodes; this and the other texts are cut to their fields' lengths
     */
    public void describe(String job, String launcher, String program, int jobSize, int node, int nodes) {
        StatusText.write(memory, area + StatusDescriptor.JOB_OFFSET, StatusDescriptor.JOB_BYTES, job);
        StatusText.write(memory, area + StatusDescriptor.LAUNCHER_OFFSET, StatusDescriptor.LAUNCHER_BYTES, launcher);
        StatusText.write(memory, area + StatusDescriptor.PROGRAM_OFFSET, StatusDescriptor.PROGRAM_BYTES, program);
        INT.set(memory, area + StatusDescriptor.JOB_SIZE_OFFSET, jobSize);
        INT.set(memory, area + StatusDescriptor.NODE_OFFSET, node);
        INT.set(memory, area + StatusDescriptor.NODES_OFFSET, nodes);
        LONG.setRelease(memory, area + StatusDescriptor.STARTED_OFFSET, System.currentTimeMillis()); // SYNC(status.job)
    }

    /** The counters of a place, for its owner. */
    public RankCounters counters(int place) {
        return new RankCounters(memory, area + StatusDescriptor.rankBlock(place) + StatusDescriptor.COUNTERS_OFFSET);
    }

    /** Says which rank of the job has this place; its owner calls it. */
    public void joinAsRank(int place, int rank) {
        join(place, rank + 1);
    }

    /** Says that this process is the node's multiplexer. */
    public void joinAsMultiplexer(int place) {
        join(place, StatusDescriptor.MULTIPLEXER);
    }

    private void join(int place, int word) {
        long block = area + StatusDescriptor.rankBlock(place);
        LONG.set(memory, block + StatusDescriptor.PID_OFFSET, ProcessHandle.current().pid());
        INT.setRelease(memory, block + StatusDescriptor.RANK_OFFSET, word); // SYNC(status.rank)
    }

    /**
     * Says what all shards' backends can do with memory of other nodes; the multiplexer calls it, before ranks go on.
     */
    public void tellOneSided(Capabilities.OneSided level) {
        INT.setRelease(memory, area + StatusDescriptor.ONE_SIDED_OFFSET, level.ordinal()); // SYNC(status.one-sided)
    }

    /** What the node's multiplexer can do with memory of other nodes, and theirs with this one's; NONE without one. */
    public Capabilities.OneSided oneSided() {
        int level = (int) INT.getAcquire(memory, area + StatusDescriptor.ONE_SIDED_OFFSET); // SYNC(status.one-sided)
        return Capabilities.OneSided.values()[level];
    }

    /**
     * Makes room for the counters of links; the multiplexer calls it.
     *
     * @throws org.isthmus.allocator.segment.SegmentFullException when the node has no room for it
     */
    public LinkTable createLinks(int nodes, int shards) {
        long links = segment.pool().allocateExtent(StatusDescriptor.linkAreaBytes(nodes, shards));
        INT.set(memory, links + StatusDescriptor.AREA_NODES_OFFSET, nodes);
        INT.set(memory, links + StatusDescriptor.AREA_SHARDS_OFFSET, shards);
        LONG.setRelease(memory, area + StatusDescriptor.LINKS_OFFSET, links); // SYNC(status.links)
        return new LinkTable(segment, links, nodes, shards);
    }
}
