package org.isthmus.rdma.provider;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** One object for each open device: DiSNI's endpoints share protection domains and queues by it. Any thread. */
final class Contexts {
    private final Map<Long, Context> byAddress = new HashMap<>();

    synchronized Context of(long address) throws IOException {
        Context context = byAddress.get(address);
        if (context == null) {
            context = new Context(address);
            byAddress.put(address, context);
        }
        return context;
    }
}
