package org.isthmus.rdma.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.TestNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The network of a device goes away in the middle of a transfer. For the virtual machine, where rxe1 is on eth1; root.
 */
@Tag("device")
@Timeout(300)
class NetworkLossDeviceTest extends RdmaNodes {
    private static final String ADDRESS = "10.0.3.15";
    private static final String NETWORK = "eth1";

    @Override
    Map<String, String> settings() {
        return Map.of("isthmus.rdma.provider", "native", "isthmus.rdma.timeout.connect", "10s",
                "isthmus.rdma.timeout.hello", "20s", "isthmus.rdma.timeout.silence", "1s",
                "isthmus.rdma.receives", "64", "isthmus.rdma.address", ADDRESS);
    }

    private static void run(String... words) throws Exception {
        assertEquals(0, new ProcessBuilder(words).inheritIO().start().waitFor(), String.join(" ", words));
    }

    @Test
    void aTransferWithoutANetworkFailsInTheTimeOfTheSettingsAndNamesNodeAddressAndCause() throws Exception {
        open(2);
        Channel ab = connect(0, 1);
        TestNode a = nodes.get(0);
        TestNode b = nodes.get(1);
        until(() -> {
            a.trySendFrame(ab, 2_000);
            return b.framesReceived > 50;
        });
        run("ip", "link", "set", NETWORK, "down");
        try {
            long start = System.nanoTime();
            until(() -> {
                a.trySendFrame(ab, 2_000);
                return a.failures.containsKey(1) && b.failures.containsKey(0);
            });
            System.out.printf("lost after %.1f s: %s%n", (System.nanoTime() - start) / 1e9, a.failures.get(1));
            assertLost(a.failures.get(1), 1);
            assertLost(b.failures.get(0), 0);
        } finally {
            run("ip", "link", "set", NETWORK, "up");
        }
    }

    private static void assertLost(ChannelFailure failure, int node) {
        assertEquals(ChannelFailure.Cause.PEER_LOST, failure.cause());
        String text = failure.description();
        assertTrue(text.contains("node " + node) && text.contains(ADDRESS) && text.contains("10000 ms"), text);
    }
}
