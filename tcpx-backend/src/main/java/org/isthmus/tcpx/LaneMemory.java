package org.isthmus.tcpx;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.isthmus.tcpx.plugin.NetPluginException;
import org.isthmus.tcpx.plugin.NetPluginNative;

/**
 * The slots of one lane: a chunk with its header each, in memory that is registered with the plugin once. The owner's
 * thread uses it.
 */
final class LaneMemory {
    private static final long PAGE = 4096;

    private final NetPluginNative plugin;
    private final long comm;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment[] slots;
    private final long handle;

    LaneMemory(NetPluginNative plugin, long comm, int slotCount, int chunkBytes) throws NetPluginException {
        this.plugin = plugin;
        this.comm = comm;
        long stride = (chunkBytes + LaneDescriptor.HEADER_BYTES + PAGE - 1) & -PAGE;
        MemorySegment memory = arena.allocate(slotCount * stride, PAGE);
        slots = new MemorySegment[slotCount];
        for (int i = 0; i < slotCount; i++) {
            slots[i] = memory.asSlice(i * stride, chunkBytes + LaneDescriptor.HEADER_BYTES);
        }
        try {
            handle = plugin.register(comm, memory);
        } catch (NetPluginException e) {
            arena.close();
            throw e;
        }
    }

    MemorySegment slot(long number) {
        return slots[(int) (number % slots.length)];
    }

    /** The plugin's handle of the memory. */
    long handle() {
        return handle;
    }

    void deregister() throws NetPluginException {
        plugin.deregister(comm, handle);
    }

    /** After the comm is closed, so that nobody writes here any more. */
    void free() {
        arena.close();
    }
}
