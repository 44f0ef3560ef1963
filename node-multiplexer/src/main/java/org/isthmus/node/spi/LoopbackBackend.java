package org.isthmus.node.spi;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Endpoints of one process that reach each other through its memory: for tests, and for nodes played by threads. */
public final class LoopbackBackend implements Backend {
    public static final String NAME = "loopback";

    private static final AtomicLong NEXT_ID = new AtomicLong(1);
    private static final Map<Long, LoopbackEndpoint> ENDPOINTS = new ConcurrentHashMap<>();

    private static final AtomicLong NEXT_KEY = new AtomicLong(1);
    private static final Map<Long, MemoryRegion> REGIONS = new ConcurrentHashMap<>();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public LoopbackEndpoint open(EndpointContext context) {
        long id = NEXT_ID.getAndIncrement();
        byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(id).array();
        LoopbackEndpoint endpoint = new LoopbackEndpoint(context, id, new EndpointAddress(NAME, bytes));
        ENDPOINTS.put(id, endpoint);
        return endpoint;
    }

    /** The endpoint at that address; null if there is none any more. */
    static LoopbackEndpoint find(EndpointAddress address) {
        byte[] bytes = address.requireBackend(NAME).bytes();
        if (bytes.length != Long.BYTES) {
            throw new IllegalArgumentException("loopback address " + address + ": 8 bytes are needed");
        }
        return ENDPOINTS.get(ByteBuffer.wrap(bytes).getLong());
    }

    static void forget(long id) {
        ENDPOINTS.remove(id);
    }

    /** Makes a region one that peers can use; its key. */
    static long publish(MemoryRegion region) {
        long key = NEXT_KEY.getAndIncrement();
        REGIONS.put(key, region);
        return key;
    }

    static void withdraw(long key) {
        REGIONS.remove(key);
    }

    /** The memory that {@code described} gives access to at {@code offset}; null if it gives none. */
    static MemorySegment reach(RemoteRegion described, long offset, long length) {
        MemoryRegion region = REGIONS.get(described.key());
        if (region == null) {
            return null;
        }
        long at = described.address() + offset - region.memory().address();
        boolean inside = at >= 0 && at <= region.memory().byteSize() - length;
        return inside ? region.memory().asSlice(at, length) : null;
    }
}
