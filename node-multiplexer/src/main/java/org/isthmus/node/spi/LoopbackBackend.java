package org.isthmus.node.spi;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Endpoints of one process that reach each other through its memory: for tests, and for nodes played by threads. */
public final class LoopbackBackend implements Backend {
    public static final String NAME = "loopback";

    private static final AtomicLong NEXT_ID = new AtomicLong(1);
    private static final Map<Long, LoopbackEndpoint> ENDPOINTS = new ConcurrentHashMap<>();

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
}
