package org.isthmus.tcpx;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.isthmus.node.spi.MemoryRegion;

/**
 * Registered memory, with views for the socket calls made once: one for each GiB, each long enough for a chunk that
 * begins at its end. The owner's thread uses it.
 */
final class TcpxRegion implements MemoryRegion {
    private static final int STRIDE_SHIFT = 30;
    /** The part of an offset that is an index in its view. */
    static final long OFFSET_MASK = (1L << STRIDE_SHIFT) - 1;
    private static final long LARGEST_PIECE = 32 << 20;

    private final MemorySegment memory;
    private final ByteBuffer[] views;

    TcpxRegion(MemorySegment memory) {
        this.memory = memory;
        long size = memory.byteSize();
        this.views = new ByteBuffer[(int) ((size >>> STRIDE_SHIFT) + 1)];
        for (int i = 0; i < views.length; i++) {
            long start = (long) i << STRIDE_SHIFT;
            views[i] = memory.asSlice(start, Math.min(size - start, (1L << STRIDE_SHIFT) + LARGEST_PIECE))
                    .asByteBuffer();
        }
    }

    @Override
    public MemorySegment memory() {
        return memory;
    }

    /** The bytes {@code [offset, offset + length)}, valid until the next call. */
    ByteBuffer view(long offset, int length) {
        int at = (int) (offset & OFFSET_MASK);
        return views[(int) (offset >>> STRIDE_SHIFT)].limit(at + length).position(at);
    }

    @Override
    public void close() {
        // the views go with the memory
    }
}
