package org.isthmus.tcpx;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Properties;
import org.isthmus.node.config.Settings;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.ChannelHandler;
import org.isthmus.node.spi.EndpointAddress;
import org.isthmus.node.spi.EndpointContext;
import org.isthmus.node.spi.MemoryRegion;
import org.isthmus.node.wire.Greeting;
import org.isthmus.node.wire.HelloExchange;

/**
 * What tcpx reads from the wire, against arbitrary bytes. As a test it runs the corpus in {@code TcpxFuzzTestInputs};
 * with {@code JAZZER_FUZZ=1} and one method chosen it searches for more.
 */
class TcpxFuzzTest {
    private static final int PLACE_BYTES = 1 << 20;
    private static final int GUARD_BYTES = 64;
    private static final byte GUARD = 0x55;
    private static final int MOST_POLLS = 1_000_000;

    @FuzzTest
    void addressOfANode(byte[] data) {
        if (data.length == 0 || data.length > EndpointAddress.MAX_BYTES) {
            return;
        }
        try {
            TcpxAddress.decode(new EndpointAddress(TcpxBackend.NAME, data)).forEach(address -> {
                if (address.isUnresolved()) {
                    throw new AssertionError("unresolved: " + address);
                }
            });
        } catch (IllegalArgumentException e) {
            if (!e.getMessage().contains("malformed")) {
                throw e;
            }
        }
    }

    @FuzzTest
    void sealedRecords(byte[] data) throws IOException {
        try {
            int got = SealedChannelTest.receive(data);
            if (got > 0) {
                throw new AssertionError(got + " forged bytes");
            }
        } catch (BadFrameException e) {
            if (e.frameCause() == null) {
                throw new AssertionError(e);
            }
        }
    }

    /** A node that is proven may still be wrong: it must not write beside its place, nor break the endpoint. */
    @FuzzTest
    void framesOfAProvenPeer(byte[] data) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("isthmus.tcpx.addresses", "127.0.0.1");
        properties.setProperty("isthmus.tcpx.timeout.close", "20ms");
        properties.setProperty("isthmus.tcpx.timeout.connect", "20ms");
        Settings settings = Settings.of(Map.of(), properties);
        Victim victim = new Victim();
        EndpointContext context = new EndpointContext(TcpxPair.JOB, 1, 2, 0, settings, victim);
        try (Arena arena = Arena.ofConfined();
                TcpxEndpoint endpoint = new TcpxEndpoint(context, TcpxOptions.of(settings), new HostUnpacker(), null);
                SocketChannel peer = SocketChannel.open(TcpxAddress.decode(endpoint.address()).getFirst())) {
            MemorySegment memory = arena.allocate(2 * GUARD_BYTES + PLACE_BYTES).fill(GUARD);
            victim.region = endpoint.register(memory);
            new HelloExchange(peer, TcpxPair.JOB, "fuzzer").dial(new Greeting(0, 1, 0, 0, 0, 77));
            peer.configureBlocking(false);
            ByteBuffer rest = ByteBuffer.wrap(data);
            ByteBuffer answers = ByteBuffer.allocate(1 << 16);
            boolean speaks = true;
            for (int polls = 0; !victim.closed; polls++) {
                if (polls > MOST_POLLS) {
                    throw new AssertionError("the channel does not end");
                }
                endpoint.poll(64);
                if (speaks && !write(peer, rest, answers)) {
                    speaks = false;
                    shutDown(peer);
                }
            }
            for (int i = 0; i < GUARD_BYTES; i++) {
                if (memory.get(ValueLayout.JAVA_BYTE, i) != GUARD
                        || memory.get(ValueLayout.JAVA_BYTE, GUARD_BYTES + PLACE_BYTES + i) != GUARD) {
                    throw new AssertionError("written beside its place");
                }
            }
        }
    }

    private static void shutDown(SocketChannel peer) {
        try {
            peer.shutdownOutput();
        } catch (IOException e) {
            if (peer.socket().isConnected() && !e.getMessage().contains("not connected")) {
                throw new AssertionError(e); // one that the endpoint has reset is not connected any more
            }
        }
    }

    /** Goes on; false when all is written or the endpoint has closed the socket. */
    private static boolean write(SocketChannel peer, ByteBuffer rest, ByteBuffer answers) {
        try {
            peer.write(rest);
            return peer.read(answers.clear()) >= 0 && rest.hasRemaining();
        } catch (IOException e) {
            return false;
        }
    }

    /** Gives one place and takes everything. */
    private static final class Victim implements ChannelHandler {
        private MemoryRegion region;
        private boolean closed;

        @Override
        public void onConnected(Channel channel) {
            channel.tryReceiveRegion(region, GUARD_BYTES, PLACE_BYTES, 1);
        }

        @Override
        public boolean onFrame(Channel channel, MemorySegment memory, long offset, int length) {
            memory.asSlice(offset, length);
            return true;
        }

        @Override
        public void onSent(Channel channel, long context) {
            throw new AssertionError("nothing was sent");
        }

        @Override
        public void onReceived(Channel channel, long context, long length) {
            if (length <= 0 || length > PLACE_BYTES) {
                throw new AssertionError(length + " bytes received");
            }
        }

        @Override
        public void onClosed(Channel channel, ChannelFailure failure) {
            closed = true;
        }
    }
}
