package org.isthmus.node.mux;

import java.lang.foreign.MemorySegment;
import org.isthmus.node.endpoint.LargeRecordDescriptor;
import org.isthmus.node.spi.Endpoint;
import org.isthmus.node.spi.MemoryRegion;

/**
 * The node's segment as regions of a backend. The segment's window may be far larger than the memory behind it, and a
 * device pins what is registered: so it is registered in parts of 2 MiB when something in them is first used, each long
 * enough for a piece that begins at its end.
 *
 * <p>Owned by the multiplexer's thread.
 */
final class SegmentRegions {
    private static final int SHIFT = 21;
    private static final long MASK = (1L << SHIFT) - 1;

    private final MemorySegment segment;
    private final Endpoint backend;
    private final MemoryRegion[] regions;

    SegmentRegions(MemorySegment segment, Endpoint backend) {
        this.segment = segment;
        this.backend = backend;
        this.regions = new MemoryRegion[(int) ((segment.byteSize() >>> SHIFT) + 1)];
    }

    /** The region for a piece that begins at {@code offset} of the segment; there it begins at {@link #within}. */
    MemoryRegion at(long offset) {
        int part = part(offset);
        if (regions[part] == null) {
            long start = (long) part << SHIFT;
            long bytes = Math.min(segment.byteSize() - start, MASK + 1 + LargeRecordDescriptor.MAX_PIECE);
            regions[part] = backend.register(segment.asSlice(start, bytes));
        }
        return regions[part];
    }

    /** Number of the part that such a piece is in. */
    static int part(long offset) {
        return (int) (offset >>> SHIFT);
    }

    static long within(long offset) {
        return offset & MASK;
    }
}
