package org.isthmus.tcpx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.isthmus.node.spi.Backend;
import org.isthmus.node.spi.BackendConformance;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.TestNode;
import org.junit.jupiter.api.Test;

/** The kernel is asked to send without copies; over loopback it copies, and the sockets go on as others do. */
class TcpxZeroCopyTest extends BackendConformance {
    private static final int LENGTH = 9_000_001;

    @Override
    protected Backend backend() {
        return new TcpxBackend();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("isthmus.tcpx.addresses", "127.0.0.1,127.0.0.2", "isthmus.tcpx.zerocopy", "true",
                "isthmus.tcpx.timeout.close", "30s");
    }

    @Test
    void itIsTriedUntilTheKernelSaysThatItCopies() throws IOException {
        try (TcpxPair pair = new TcpxPair(new HashMap<>(settings()), new HostUnpacker())) {
            for (int i = 0; i < 20; i++) {
                TestNode.fill(pair.a.memory, 0, LENGTH, i);
                int expected = i + 1;
                assertEquals(Channel.ACCEPTED, pair.ab.trySendRegion(pair.a.region, 0, LENGTH, i));
                assertEquals(Channel.ACCEPTED, pair.ba.tryReceiveRegion(pair.b.region, 0, LENGTH, i));
                pair.until(() -> pair.a.regionsSent.size() == expected
                        && pair.b.regionsReceived.size() == 2 * expected);
                TestNode.verify(pair.b.memory, 0, LENGTH, i);
            }
            long notCopied = pair.count(TcpxCounters.Counter.BYTES_NOT_COPIED);
            assertTrue(notCopied > 0, "never tried");
            assertTrue(notCopied < 20L * LENGTH, "never stopped, though loopback copies");
        }
    }
}
