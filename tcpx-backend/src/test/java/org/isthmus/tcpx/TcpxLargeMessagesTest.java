package org.isthmus.tcpx;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Map;
import java.util.Random;
import org.isthmus.node.mux.LargeMessagesConformance;
import org.isthmus.node.spi.Backend;
import org.isthmus.node.spi.Endpoint;
import org.isthmus.node.spi.EndpointContext;
import org.junit.jupiter.api.Test;

class TcpxLargeMessagesTest extends LargeMessagesConformance {
    private static final int SOCKETS = 4;
    private final TcpxEndpoint[] endpoints = new TcpxEndpoint[2];

    @Override
    protected Backend backend(int node) {
        return new Backend() {
            @Override
            public String name() {
                return TcpxBackend.NAME;
            }

            @Override
            public Endpoint open(EndpointContext context) throws IOException {
                endpoints[node] =
                        new TcpxEndpoint(context, TcpxOptions.of(context.settings()), new HostUnpacker(), null);
                return endpoints[node];
            }
        };
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("isthmus.tcpx.addresses", "127.0.0.1", "isthmus.tcpx.timeout.close", "50ms",
                "isthmus.tcpx.sockets", Integer.toString(SOCKETS), "isthmus.tcpx.chunk", "64k");
    }

    @Test
    void brokenSocketsLoseNothing() {
        Random random = new Random(8);
        int broken = 0;
        for (int round = 0; round < 20; round++) {
            int sockets = round;
            broken += transferWhile(round, () -> ((TcpxChannel) endpoints[0].connect(1, endpoints[1].address()))
                    .breakLink(random.nextInt(SOCKETS), "test " + sockets));
        }
        assertTrue(broken > 0, "no socket was broken");
    }
}
