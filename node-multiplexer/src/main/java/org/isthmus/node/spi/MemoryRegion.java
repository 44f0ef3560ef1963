package org.isthmus.node.spi;

import java.lang.foreign.MemorySegment;

/**
 * Memory that one endpoint may send from and receive into; made by {@link Endpoint#register}. Backends keep their keys
 * and views in it.
 */
public interface MemoryRegion extends AutoCloseable {
    /** The memory, offset 0 at its start. */
    MemorySegment memory();

    /**
     * What the peers of the endpoint's channels need for one-sided operations on this memory; holds until it is closed.
     *
     * @throws UnsupportedOperationException if the endpoint has none, see {@link Capabilities#oneSided}
     */
    default RemoteRegion remote() {
        throw new UnsupportedOperationException(Channel.NOT_ONE_SIDED);
    }

    /** Ends the registration; no operation may be under way in it. */
    @Override
    void close();

    /**
     * {@link IllegalArgumentException} unless {@code [offset, offset + length)} lies inside and {@code length <= max}.
     */
    static void check(MemoryRegion region, long offset, long length, long max) {
        long size = region.memory().byteSize();
        if (length <= 0 || length > max) {
            throw new IllegalArgumentException("length = " + length + ": from 1 to " + max + " is allowed");
        }
        if (offset < 0 || offset > size - length) {
            throw new IllegalArgumentException("offset = " + offset + " with length " + length
                    + ": lies outside the region of " + size + " bytes");
        }
    }

    /** {@link IllegalArgumentException} if {@code memory} lies on the heap. */
    static MemorySegment requireOffHeap(MemorySegment memory) {
        if (!memory.isNative()) {
            throw new IllegalArgumentException("memory = " + memory
                    + ": is on the heap, where a device cannot reach it; give native or mapped memory");
        }
        return memory;
    }
}
