package org.isthmus.rdma.backend;

import java.util.HashMap;
import java.util.Map;

/** With fewer receives than frames may be out: senders wait for a receiver that is not ready. */
class RdmaSmallPoolTest extends RdmaConformanceTest {
    @Override
    protected Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(super.settings());
        settings.put("isthmus.rdma.receives", "16");
        return settings;
    }

    @Override
    protected int frames() {
        return 3_000;
    }
}
