package org.isthmus.tcpx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.isthmus.node.config.Settings;
import org.isthmus.node.spi.Backend;
import org.isthmus.node.spi.BackendConformance;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.TestNode;
import org.isthmus.node.wire.BadFrame;
import org.isthmus.node.wire.Greeting;
import org.isthmus.node.wire.HelloExchange;
import org.junit.jupiter.api.Test;

/** All that goes over the sockets is sealed. */
class TcpxEncryptedTest extends BackendConformance {
    @Override
    protected Backend backend() {
        return new TcpxBackend();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("isthmus.tcpx.addresses", "127.0.0.1,127.0.0.2", "isthmus.tcpx.encrypt", "true",
                "isthmus.tcpx.timeout.close", "30s");
    }

    @Test
    void oneNodeThatDoesNotEncryptIsRefused() throws IOException {
        Map<String, String> plain = new HashMap<>(settings());
        plain.put("isthmus.tcpx.encrypt", "false");
        try (TestNode a = TcpxPair.open(0, settings(), new HostUnpacker());
                TestNode b = TcpxPair.open(1, plain, new HostUnpacker())) {
            a.endpoint.connect(1, b.endpoint.address());
            while (!a.failures.containsKey(1)) {
                a.endpoint.poll(64);
                b.endpoint.poll(64);
                assertTrue(!Thread.interrupted(), "timed out");
            }
            assertEquals(ChannelFailure.Cause.REFUSED, a.failures.get(1).cause());
            assertTrue(a.failures.get(1).description().contains("isthmus.tcpx.encrypt"),
                    a.failures.get(1).description());
            b.endpoint.abort();
        }
    }

    @Test
    void whatIsNotSealedByThePeerClosesItsSocketAndIsCounted() throws IOException {
        try (TcpxPair pair = new TcpxPair(settings(), new HostUnpacker())) {
            InetSocketAddress listener = TcpxAddress.decode(pair.b.endpoint.address()).get(0);
            try (SocketChannel liar = SocketChannel.open(listener)) {
                new HelloExchange(liar, TcpxPair.JOB, "b").dial(new Greeting(0, 1, 0, 1, 9, pair.ab.id()));
                liar.write(ByteBuffer.allocate(100).put(0, (byte) 50));
                TcpxCounters counters = ((TcpxEndpoint) pair.b.endpoint).total();
                pair.until(() -> counters.badFrames(BadFrame.SEAL) == 1);
            }
            assertEquals(null, pair.ba.failure());
        }
    }

    @Test
    void aPluginCannotEncrypt() {
        Properties properties = new Properties();
        properties.putAll(settings());
        properties.setProperty("isthmus.tcpx.engine", "plugin");
        Settings settings = Settings.of(Map.of(), properties);
        String message = assertThrows(IllegalArgumentException.class, () -> TcpxOptions.of(settings)).getMessage();
        assertTrue(message.contains("isthmus.tcpx.encrypt") && message.contains("isthmus.tcpx.engine"), message);
    }
}
