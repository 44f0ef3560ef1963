package org.isthmus.tcpx;

import java.util.Map;
import org.isthmus.node.spi.Backend;
import org.isthmus.node.spi.BackendConformance;

/** Chunks are received in two stages. */
class TcpxBounceTest extends BackendConformance {
    @Override
    protected Backend backend() {
        return new TcpxBackend();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("isthmus.tcpx.addresses", "127.0.0.1,127.0.0.2", "isthmus.tcpx.bounce", "true",
                "isthmus.tcpx.timeout.close", "30s");
    }
}
