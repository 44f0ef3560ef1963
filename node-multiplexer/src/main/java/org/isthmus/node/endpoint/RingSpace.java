package org.isthmus.node.endpoint;

import org.isthmus.allocator.NodePool;

/** Where a rank makes the rings that it sends by, up to its budget of them. Used by the thread of its endpoint. */
final class RingSpace {
    /** Answer of {@link #allocateRing}: the ring budget is spent. */
    static final long NO_RING = 0;

    private static final int LINE = 64;

    private final NodePool pool;
    private final EndpointOptions options;
    private int rings;
    private long ringSpace;
    private long ringSpaceEnd;
    private long lineSpace;
    private long lineSpaceEnd;

    RingSpace(NodePool pool, EndpointOptions options) {
        this.pool = pool;
        this.options = options;
    }

    /** Offset of a zeroed ring, or {@link #NO_RING}. */
    long allocateRing() {
        if (rings == options.maxRings()) {
            return NO_RING;
        }
        int bytes = options.ringBytes();
        if (ringSpace + bytes > ringSpaceEnd) {
            ringSpace = pool.allocateExtent(bytes);
            ringSpaceEnd = ringSpace + NodePool.roundUp(bytes);
        }
        rings++;
        long ring = ringSpace;
        ringSpace += bytes;
        return ring;
    }

    /** Offset of a zeroed control line, for a pair without a ring. */
    long allocateControlLine() {
        if (lineSpace == lineSpaceEnd) {
            lineSpace = pool.allocateExtent(NodePool.PAGE);
            lineSpaceEnd = lineSpace + NodePool.PAGE;
        }
        long line = lineSpace;
        lineSpace += LINE;
        return line;
    }
}
