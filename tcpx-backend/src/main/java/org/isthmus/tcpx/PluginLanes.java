package org.isthmus.tcpx;

import java.nio.ByteBuffer;
import java.util.List;
import org.isthmus.node.spi.RegionTooLongException;
import org.isthmus.tcpx.plugin.NetPlugin;
import org.isthmus.tcpx.plugin.NetPluginDevice;
import org.isthmus.tcpx.plugin.NetPluginException;
import org.isthmus.tcpx.plugin.NetPluginNative;

/**
 * The lanes of a channel in engine {@code plugin}: they carry its chunks both ways, while all else goes over its
 * sockets. Lane i belongs to network card i modulo the cards. An error of the plugin breaks all of them for good. The
 * owner's thread calls.
 */
final class PluginLanes {
    private static final int CHUNKS_PER_POLL = 32;

    private final NetPlugin plugin;
    private final TcpxOptions options;
    private final TcpxCounters counters;
    private final SendRequests sends;
    private final ReceiveRequests receives;
    private final Unpacker unpacker;
    private final PluginReceiveLane[] in;
    private final PluginSendLane[] out = new PluginSendLane[LaneDescriptor.MAX_LANES];
    private final long begin;
    private int opened;
    private int outCount;
    private int turn;
    private boolean connected;
    private String broken;
    private long brokenSince;

    PluginLanes(NetPlugin plugin, TcpxOptions options, TcpxCounters counters, SendRequests sends,
            ReceiveRequests receives, Unpacker unpacker, long now) {
        this.plugin = plugin;
        this.options = options;
        this.counters = counters;
        this.sends = sends;
        this.receives = receives;
        this.unpacker = unpacker;
        this.begin = now;
        this.in = new PluginReceiveLane[Math.min(LaneDescriptor.MAX_LANES,
                plugin.devices().size() * options.socketsPerNic())];
    }

    /** Whether there is a lane that the peer does not know of yet. */
    boolean hasNews() {
        return opened < in.length && broken == null;
    }

    /** Opens the next lane and writes its announcement; false if that failed. */
    boolean announce(ByteBuffer body, int at, long now) {
        try {
            in[opened] = new PluginReceiveLane(plugin.functions(), card(opened),
                    Math.min(options.receiveWindow(), LaneDescriptor.MAX_SLOTS), options.chunkBytes(),
                    receives, unpacker);
        } catch (NetPluginException e) {
            breakWith(e.getMessage(), now);
            return false;
        }
        body.putInt(at + LaneDescriptor.LANE_OFFSET, opened).putInt(at + LaneDescriptor.LANES_OFFSET, in.length);
        in[opened++].announce(body, at);
        return true;
    }

    private int card(int lane) {
        List<NetPluginDevice> cards = plugin.devices();
        return cards.get(lane % cards.size()).index();
    }

    /** The peer's announcement of its next lane; what is wrong with it, or null. */
    String onAnnounced(ByteBuffer in, int at) {
        int lanes = in.getInt(at + LaneDescriptor.LANES_OFFSET);
        int chunkBytes = in.getInt(at + LaneDescriptor.CHUNK_BYTES_OFFSET);
        int slots = in.getInt(at + LaneDescriptor.SLOTS_OFFSET);
        if (in.getInt(at + LaneDescriptor.LANE_OFFSET) != outCount || lanes <= outCount
                || lanes > LaneDescriptor.MAX_LANES || slots < 1 || slots > LaneDescriptor.MAX_SLOTS) {
            return "lane " + in.getInt(at + LaneDescriptor.LANE_OFFSET) + " of " + lanes + " with " + slots
                    + " slots is not what comes after " + outCount + " lanes";
        } else if (chunkBytes != options.chunkBytes()) {
            return "isthmus.tcpx.chunk is " + chunkBytes + " there and " + options.chunkBytes()
                    + " here: set it equal on all nodes";
        }
        byte[] handle = new byte[NetPluginNative.HANDLE_BYTES];
        in.get(at + LaneDescriptor.HANDLE_OFFSET, handle);
        out[outCount] = new PluginSendLane(plugin.functions(), card(outCount), Math.min(options.sendWindow(), slots),
                chunkBytes, in.getLong(at + LaneDescriptor.TOKEN_OFFSET), handle);
        outCount++;
        return null;
    }

    /** Moves everything on; how much was done. */
    int progress(long now) throws RegionTooLongException, BadFrameException {
        if (broken != null) {
            return 0;
        }
        int done = 0;
        try {
            for (int i = 0; i < opened; i++) {
                done += in[i].progress();
            }
            for (int i = 0; i < outCount; i++) {
                done += out[i].progress();
            }
            done += sendChunks();
            if (!connected) {
                checkConnected(now);
            }
        } catch (NetPluginException e) {
            breakWith(e.getMessage(), now);
        }
        return done;
    }

    private int sendChunks() throws NetPluginException, RegionTooLongException {
        int done = 0;
        while (done < CHUNKS_PER_POLL) {
            long chunk = sends.nextChunk();
            int lane = chunk < 0 ? -1 : nextWithRoom();
            if (lane < 0) {
                break;
            }
            sends.assign(chunk, TcpxEndpoint.MAX_LINKS + lane);
            out[lane].send(sends, chunk);
            counters.increment(TcpxCounters.Counter.CHUNKS_SENT);
            done++;
        }
        return done;
    }

    private int nextWithRoom() {
        for (int i = 1; i <= outCount; i++) {
            int lane = (turn + i) % outCount;
            if (out[lane].hasRoom()) {
                turn = lane;
                return lane;
            }
        }
        return -1;
    }

    private void checkConnected(long now) {
        int missing = in.length - opened;
        for (int i = 0; i < opened; i++) {
            missing += in[i].isConnected() ? 0 : 1;
        }
        for (int i = 0; i < outCount; i++) {
            missing += out[i].isConnected() ? 0 : 1;
        }
        connected = missing == 0 && outCount > 0;
        if (!connected && now - begin > options.connectNanos()) {
            breakWith("lanes of plugin " + plugin.functions().name() + " are not connected after "
                    + options.connectNanos() / 1_000_000 + " ms: look at the plugin's own log, at firewalls between its"
                    + " network cards, and whether both nodes load the same plugin", now);
        }
    }

    /** Whether the owner must go on polling though no socket has anything. */
    boolean isPending() {
        if (broken != null || !connected || receives.isExpecting() || sends.isUnderWay()) {
            return true;
        }
        for (int i = 0; i < opened; i++) {
            if (in[i].isPending()) {
                return true;
            }
        }
        for (int i = 0; i < outCount; i++) {
            if (out[i].isPending()) {
                return true;
            }
        }
        return false;
    }

    private void breakWith(String cause, long now) {
        broken = cause;
        brokenSince = now;
    }

    /** Why the lanes are of no use any more, if they have not been for so long; else null. */
    String brokenFor(long nanos, long now) {
        return broken != null && now - brokenSince >= nanos ? broken : null;
    }

    void close() {
        try {
            for (int i = 0; i < opened; i++) {
                in[i].close();
            }
            for (int i = 0; i < outCount; i++) {
                out[i].close();
            }
        } catch (NetPluginException e) {
            System.getLogger(PluginLanes.class.getName()).log(System.Logger.Level.WARNING, "closing lanes", e);
        }
        opened = 0;
        outCount = 0;
        broken = "closed";
    }
}
