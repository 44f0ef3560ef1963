package org.isthmus.tcpx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.TestNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An endpoint that sleeps in its selector is woken by a pipe as well as by its sockets. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TcpxWatchTest {
    private static final Map<String, String> ONE_CARD = Map.of("isthmus.tcpx.addresses", "127.0.0.1",
            "isthmus.tcpx.timeout.silence", "100m");
    private static final long LONG_NANOS = TimeUnit.HOURS.toNanos(1);

    @Test
    void aPipeEndsTheSleepAndIsEmptied() throws Exception {
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        try (TestNode node = TcpxPair.open(0, ONE_CARD, new HostUnpacker())) {
            assertTrue(node.endpoint.watch(pipe.source(), -1));
            for (int round = 0; round < 3; round++) {
                pipe.sink().write(ByteBuffer.allocate(5));
                node.endpoint.await(LONG_NANOS);
                node.endpoint.poll(1);
                assertEquals(0, pipe.source().read(ByteBuffer.allocate(1)));
            }
            pipe.sink().close();
            node.endpoint.await(LONG_NANOS);
            node.endpoint.poll(1);
        }
    }

    @Test
    void framesThatEndTheSleepAreThereAtTheNextPoll() throws Exception {
        try (TestNode a = TcpxPair.open(0, ONE_CARD, new HostUnpacker());
                TestNode b = TcpxPair.open(1, ONE_CARD, new HostUnpacker())) {
            Channel channel = a.endpoint.connect(1, b.endpoint.address());
            while (a.connected.isEmpty() || b.connected.isEmpty()) {
                a.endpoint.poll(10);
                b.endpoint.poll(10);
            }
            for (int frame = 1; frame <= 100; frame++) {
                assertEquals(Channel.ACCEPTED, a.trySendFrame(channel, 100));
                while (b.framesReceived < frame) {
                    b.endpoint.await(LONG_NANOS);
                    b.endpoint.poll(10);
                }
                a.endpoint.poll(10);
            }
        }
    }
}
