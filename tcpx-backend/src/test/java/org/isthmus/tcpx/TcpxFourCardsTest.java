package org.isthmus.tcpx;

import java.util.Map;
import org.isthmus.node.spi.Backend;
import org.isthmus.node.spi.BackendConformance;

/** Four network cards, two sockets for each, played by addresses of the loopback. */
class TcpxFourCardsTest extends BackendConformance {
    @Override
    protected Backend backend() {
        return new TcpxBackend();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("isthmus.tcpx.addresses", "127.0.0.1,127.0.0.2,127.0.0.3,127.0.0.4", "isthmus.tcpx.sockets", "2",
                "isthmus.tcpx.chunk", "64k", "isthmus.tcpx.schedule", "round-robin", "isthmus.tcpx.timeout.close",
                "30s");
    }
}
