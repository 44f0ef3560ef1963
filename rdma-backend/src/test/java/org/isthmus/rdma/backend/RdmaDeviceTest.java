package org.isthmus.rdma.backend;

import java.util.Map;
import org.isthmus.node.spi.Backend;
import org.isthmus.node.spi.BackendConformance;
import org.junit.jupiter.api.Tag;

/** The backend over the native provider, where there is a device. */
@Tag("device")
class RdmaDeviceTest extends BackendConformance {
    @Override
    protected Backend backend() {
        return new RdmaBackend();
    }

    @Override
    protected Map<String, String> settings() {
        // an emulated machine is slow
        return Map.of("isthmus.rdma.provider", "native", "isthmus.rdma.timeout.close", "500ms",
                "isthmus.rdma.timeout.connect", "60s", "isthmus.rdma.timeout.hello", "20s");
    }

    @Override
    protected int frames() {
        return 2_000;
    }
}
