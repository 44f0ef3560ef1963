package org.isthmus.tcpx;

import java.util.Map;
import org.isthmus.node.spi.Backend;
import org.isthmus.node.spi.BackendConformance;

class TcpxConformanceTest extends BackendConformance {
    @Override
    protected Backend backend() {
        return new TcpxBackend();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("isthmus.tcpx.addresses", "127.0.0.1", "isthmus.tcpx.timeout.close", "30s");
    }
}
