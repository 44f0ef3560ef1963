package org.isthmus.rdma.backend;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Properties;
import org.isthmus.node.config.Settings;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.ChannelHandler;
import org.isthmus.node.spi.EndpointAddress;
import org.isthmus.node.spi.EndpointContext;
import org.isthmus.node.spi.MemoryRegion;
import org.isthmus.node.wire.FrameDescriptor;
import org.isthmus.node.wire.FrameFlyweight;
import org.isthmus.node.wire.JobIdentification;
import org.isthmus.rdma.extension.VerbsProviders;
import org.isthmus.rdma.software.SoftwareProvider;

/**
 * What rdma reads from the wire, against arbitrary bytes. As a test it runs the corpus in {@code RdmaFuzzTestInputs};
 * with {@code JAZZER_FUZZ=1} and one method chosen it searches for more.
 */
class RdmaFuzzTest {
    private static final JobIdentification JOB =
            new JobIdentification("job", new byte[JobIdentification.MIN_SECRET_BYTES]);
    private static final int REGION_BYTES = 1 << 16;
    private static final int LIMIT = 64;
    private static final int MOST_POLLS = 1_000_000;
    private static final int ROUNDS_AFTER = 20;

    // flags of a message in the data
    private static final int UNSEALED = 1;
    private static final int OTHER_LENGTH = 2;
    private static final int SAME_NUMBER = 4;
    private static final int GAP = 8;
    private static final int ACKNOWLEDGES_FUTURE = 16;
    private static final int NO_CREDIT = 32;
    private static final int IS_WRITE = 64;

    @FuzzTest
    void addressOfANode(byte[] data) {
        if (data.length == 0 || data.length > EndpointAddress.MAX_BYTES) {
            return;
        }
        try {
            RdmaAddress.decode(new EndpointAddress(RdmaBackend.NAME, data));
        } catch (IllegalArgumentException e) {
            if (!e.getMessage().contains("malformed")) {
                throw e;
            }
        }
    }

    /**
     * A node that is proven may still be wrong: each message is {@code flags 1 | type 1 | length 1 | body}, sealed
     * unless its flags say otherwise, or a write into the victim's place with immediate data instead of the body. The
     * channel takes it or fails with a cause; nothing else breaks.
     */
    @FuzzTest
    void messagesOfAProvenPeer(byte[] data) throws IOException {
        VerbsProviders.replace(SoftwareProvider.shared());
        Properties properties = new Properties();
        properties.putAll(Map.of("isthmus.rdma.provider", "software", "isthmus.rdma.timeout.close", "5ms",
                "isthmus.rdma.timeout.connect", "1s"));
        Settings settings = Settings.of(Map.of(), properties);
        Side victimSide = new Side(false);
        Side peerSide = new Side(true);
        try (Arena arena = Arena.ofShared();
                RdmaEndpoint victim = open(1, settings, victimSide);
                RdmaEndpoint peer = open(0, settings, peerSide)) {
            RdmaChannel lie = (RdmaChannel) peer.connect(1, victim.address());
            for (int polls = 0; victimSide.channel == null || peerSide.channel == null; polls++) {
                require(polls < MOST_POLLS, "no connection");
                victim.poll(LIMIT);
                peer.poll(LIMIT);
            }
            RdmaRegion text = (RdmaRegion) peer.register(arena.allocate(REGION_BYTES, 64));
            MemoryRegion region = victim.register(arena.allocate(REGION_BYTES, 64));
            victimSide.channel.trySendRegion(region, 0, REGION_BYTES, 1);
            victimSide.channel.tryReceiveRegion(region, 0, REGION_BYTES / 2, 2);
            say(data, lie, text, (RdmaRegion) region, victim, victimSide);
            for (int i = 0; i < ROUNDS_AFTER; i++) {
                victim.poll(LIMIT);
                peer.poll(LIMIT);
            }
            ChannelFailure failure = victimSide.channel.failure();
            require(failure == null || failure.cause() != null && failure.description().startsWith("node 0: "),
                    "failed without a cause: " + failure);
        }
    }

    private static RdmaEndpoint open(int node, Settings settings, Side side) throws IOException {
        return (RdmaEndpoint) new RdmaBackend().open(new EndpointContext(JOB, node, 2, 0, settings, side));
    }

    private static void say(byte[] data, RdmaChannel lie, RdmaRegion text, RdmaRegion place, RdmaEndpoint victim,
            Side victimSide) {
        ByteBuffer in = ByteBuffer.wrap(data);
        ByteBuffer out = text.memory().asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        FrameFlyweight header = new FrameFlyweight();
        long number = 1;
        int at = 0;
        while (in.remaining() >= 3 && !victimSide.closed && lie.link() != null && lie.link().hasRoom(1)) {
            int flags = in.get();
            byte type = in.get();
            int length = Byte.toUnsignedInt(in.get());
            length = (flags & IS_WRITE) != 0 ? length : Math.min(length, in.remaining());
            if (at + FrameDescriptor.HEADER_BYTES + length + 1 > out.capacity()) {
                return;
            }
            if ((flags & IS_WRITE) != 0) {
                int immediate = in.remaining() < Integer.BYTES ? type : in.getInt();
                lie.link().write(0, true, immediate, text.address(at), 1 + length, text.localKey(), place.address(0),
                        place.remoteKey());
            } else {
                int begin = (flags & UNSEALED) == 0 ? FrameDescriptor.HEADER_BYTES : 0;
                for (int i = 0; i < length; i++) {
                    out.put(at + begin + i, in.get());
                }
                if (begin > 0) {
                    header.wrap(out, at).fill(type, (flags & OTHER_LENGTH) == 0 ? length : length + 1,
                            (flags & SAME_NUMBER) != 0 ? number - 1 : (flags & GAP) != 0 ? number + 1 : number)
                            .seal((flags & ACKNOWLEDGES_FUTURE) == 0 ? 0 : 1, (flags & NO_CREDIT) == 0 ? 10 : 0);
                    number += (flags & (SAME_NUMBER | GAP)) == 0 ? 1 : 0;
                }
                lie.link().send(Link.Kind.CONTROL, 0, text.address(at),
                        Math.max(1, begin + length), text.localKey(), true);
            }
            at += FrameDescriptor.HEADER_BYTES + length + 1;
            victim.poll(LIMIT);
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    /** Takes everything, and notes what it is told. */
    private static final class Side implements ChannelHandler {
        private final boolean lies;
        private Channel channel;
        private boolean closed;

        /** @param lies whether its channel may tell it anything */
        Side(boolean lies) {
            this.lies = lies;
        }

        @Override
        public void onConnected(Channel connected) {
            channel = connected;
        }

        @Override
        public boolean onFrame(Channel from, MemorySegment memory, long offset, int length) {
            require(length > 0 && length <= RdmaDescriptor.MAX_FRAME, length + " bytes of a frame");
            memory.get(ValueLayout.JAVA_BYTE, offset + length - 1);
            return true;
        }

        @Override
        public void onSent(Channel to, long context) {
            require(lies || context == 1, "context " + context + " was not sent");
        }

        @Override
        public void onReceived(Channel from, long context, long length) {
            require(context == 2 && length > 0 && length <= REGION_BYTES / 2,
                    length + " bytes received, context " + context);
        }

        @Override
        public void onClosed(Channel ended, ChannelFailure failure) {
            closed = true;
        }
    }
}
