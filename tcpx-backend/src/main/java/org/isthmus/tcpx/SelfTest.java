package org.isthmus.tcpx;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.isthmus.node.config.Settings;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.ChannelHandler;
import org.isthmus.node.spi.Diagnosis;
import org.isthmus.node.spi.EndpointContext;
import org.isthmus.node.spi.MemoryRegion;
import org.isthmus.node.wire.JobIdentification;
import org.isthmus.tcpx.plugin.NetPlugin;
import org.isthmus.tcpx.plugin.NetPluginException;
import org.isthmus.tcpx.zerocopy.DeviceMemory;

/**
 * Two endpoints of this process, with the settings of a job, send some transfers to each other: finds what is known to
 * go wrong with TCPX. Set-up for each chunk shows as time, exhausted slots as an error of the plugin, a release that
 * came too early as wrong bytes, requests that changed places as a bad frame, and what a device would lack is listed.
 */
final class SelfTest {
    private static final int TRANSFER_BYTES = 8 << 20;
    private static final int TRANSFERS = 4;
    private static final long PATIENCE_NANOS = 20_000_000_000L;
    private static final long SLOW_CHUNK_NANOS = 20_000_000;
    private static final long SMALL_CHUNK = 128 << 10;

    private final Settings settings;
    private final Unpacker unpacker;

    SelfTest(Settings settings) {
        this(settings, new HostUnpacker());
    }

    SelfTest(Settings settings, Unpacker unpacker) {
        this.settings = settings;
        this.unpacker = unpacker;
    }

    List<Diagnosis> run() throws IOException {
        TcpxOptions options = TcpxOptions.of(settings);
        List<Diagnosis> found = new ArrayList<>();
        found.add(chunkSize(options));
        found.add(slots(options));
        found.add(transfer(options));
        found.add(deviceMemory());
        return found;
    }

    private static Diagnosis chunkSize(TcpxOptions options) {
        String text = "large transfers go in pieces of " + (options.chunkBytes() >> 10) + " KiB";
        return options.chunkBytes() >= SMALL_CHUNK ? Diagnosis.fine("tcpx pieces", text)
                : Diagnosis.slow("tcpx pieces", text,
                "each costs calls of the kernel and a check: set isthmus.tcpx.chunk=512k on all nodes");
    }

    private static Diagnosis slots(TcpxOptions options) {
        if (options.plugin().isEmpty() || options.receiveWindow() <= LaneDescriptor.MAX_SLOTS) {
            return Diagnosis.fine("tcpx slots",
                    options.sendWindow() + " sends, " + options.receiveWindow() + " receives");
        }
        return Diagnosis.slow("tcpx slots",
                options.receiveWindow() + " receives, a plugin has " + LaneDescriptor.MAX_SLOTS,
                "more are not used: set isthmus.tcpx.window.receive=16 and isthmus.tcpx.window.send=12 on all nodes");
    }

    /** Kernel, header split and memory: without them a plugin that receives into a device says "rx no cmsg". */
    private static Diagnosis deviceMemory() throws IOException {
        DeviceMemory devices = new DeviceMemory(Path.of("/"));
        List<String> obstacles = devices.obstacles();
        if (!obstacles.isEmpty()) {
            return Diagnosis.fine("device memory", "not for receiving here: " + String.join("; ", obstacles));
        }
        return Diagnosis.fine("device memory",
                "kernel and cards can receive into it; each card also needs header split and steering: ethtool -G"
                + " CARD tcp-data-split on; ethtool -K CARD ntuple on");
    }

    private Diagnosis transfer(TcpxOptions options) throws IOException {
        String subject = options.plugin().isEmpty() ? "tcpx sockets" : "tcpx plugin";
        NetPlugin plugin;
        try {
            plugin = options.plugin().isEmpty() ? null : NetPlugin.load(options.plugin());
        } catch (NetPluginException e) {
            return Diagnosis.failing(subject, e.getMessage(),
                    "mend that, or set isthmus.tcpx.engine=sockets on all nodes");
        }
        byte[] secret = new byte[JobIdentification.MIN_SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        JobIdentification job = new JobIdentification("doctor", secret);
        Node sender = new Node();
        Node receiver = new Node();
        try (Arena arena = Arena.ofConfined();
                TcpxEndpoint from = new TcpxEndpoint(context(job, 0, sender), options, unpacker, plugin);
                TcpxEndpoint to = new TcpxEndpoint(context(job, 1, receiver), options, unpacker, plugin)) {
            MemorySegment out = arena.allocate(TRANSFER_BYTES, Long.BYTES);
            MemorySegment in = arena.allocate(TRANSFER_BYTES, Long.BYTES);
            for (long at = 0; at < TRANSFER_BYTES; at += Long.BYTES) {
                out.set(ValueLayout.JAVA_LONG, at, at * 0x9E3779B97F4A7C15L);
            }
            MemoryRegion source = from.register(out);
            MemoryRegion place = to.register(in);
            Channel channel = from.connect(1, to.address());
            long start = System.nanoTime();
            poll(from, to, sender, receiver, start, () -> sender.connected != null && receiver.connected != null);
            long begin = System.nanoTime();
            for (int i = 1; i <= TRANSFERS && sender.failure == null && receiver.failure == null; i++) {
                in.fill((byte) 0);
                int number = i;
                channel.trySendRegion(source, 0, TRANSFER_BYTES, i);
                if (receiver.connected != null) {
                    receiver.connected.tryReceiveRegion(place, 0, TRANSFER_BYTES, i);
                }
                poll(from, to, sender, receiver, start, () -> receiver.arrived == number && sender.sent == number);
                if (receiver.arrived == i && in.mismatch(out) >= 0) {
                    return Diagnosis.failing(subject, "byte " + in.mismatch(out) + " of transfer " + i + " is wrong",
                            "a buffer was released before its bytes were unpacked, or the plugin loses bytes: take"
                                    + " another release of the plugin, or set isthmus.tcpx.engine=sockets on all"
                                    + " nodes");
                }
            }
            return verdict(subject, options, sender, receiver, System.nanoTime() - begin);
        }
    }

    private EndpointContext context(JobIdentification job, int node, Node handler) {
        return new EndpointContext(job, node, 2, 0, settings, handler);
    }

    private static void poll(TcpxEndpoint a, TcpxEndpoint b, Node sender, Node receiver, long start,
            BooleanSupplier until) {
        while (!until.getAsBoolean() && sender.failure == null && receiver.failure == null
                && System.nanoTime() - start < PATIENCE_NANOS) {
            if (a.poll(64) + b.poll(64) == 0) {
                Thread.onSpinWait();
            }
        }
    }

    static Diagnosis verdict(String subject, TcpxOptions options, Node sender, Node receiver, long nanos) {
        ChannelFailure failure = sender.failure != null ? sender.failure : receiver.failure;
        if (failure != null) {
            return Diagnosis.failing(subject, failure.toString(), advice(failure));
        } else if (receiver.arrived < TRANSFERS) {
            return Diagnosis.failing(subject, "transfer " + (receiver.arrived + 1)
                    + " did not arrive in " + PATIENCE_NANOS / 1_000_000_000 + " s",
                    "a firewall on this node, or a plugin that waits for a helper of its own: look at its log, or"
                    + " set isthmus.tcpx.engine=sockets on all nodes");
        }
        long chunks = (long) TRANSFERS * TRANSFER_BYTES / options.chunkBytes();
        String text = (TRANSFERS * TRANSFER_BYTES >> 20) + " MiB arrived intact, " + nanos / 1000 / chunks
                + " us for each of " + chunks + " pieces";
        return nanos / chunks < SLOW_CHUNK_NANOS ? Diagnosis.fine(subject, text) : Diagnosis.slow(subject, text,
                "something is set up for each piece, or this machine is busy: try again when it is"
                        + " idle, with another plugin");
    }

    private static String advice(ChannelFailure failure) {
        if (failure.description().contains("to isend") || failure.description().contains("to irecv")) {
            return "its request slots ran out, or it refuses this memory: lower isthmus.tcpx.window.receive and"
                    + " .send on all nodes";
        }
        return switch (failure.cause()) {
            case BAD_FRAME ->
                    "requests changed places or were matched by tag: a plugin must match first in, first out; take"
                    + " another release of it, or set isthmus.tcpx.engine=sockets on all nodes";
            case UNREACHABLE, REFUSED -> "let this node connect to itself on the addresses of isthmus.tcpx.addresses";
            case PEER_LOST, REGION_TOO_LONG ->
                    "look at the plugin's own log, or set isthmus.tcpx.engine=sockets on all nodes";
        };
    }

    /** Writes down what its endpoint tells. */
    static final class Node implements ChannelHandler {
        private Channel connected;
        private int arrived;
        private int sent;
        private ChannelFailure failure;

        @Override
        public void onConnected(Channel channel) {
            connected = channel;
        }

        @Override
        public boolean onFrame(Channel channel, MemorySegment memory, long offset, int length) {
            return true;
        }

        @Override
        public void onSent(Channel channel, long context) {
            sent++;
        }

        @Override
        public void onReceived(Channel channel, long context, long length) {
            arrived++;
        }

        @Override
        public void onClosed(Channel channel, ChannelFailure cause) {
            failure = failure == null ? cause : failure;
        }
    }
}
