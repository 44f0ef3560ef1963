package org.isthmus.launch.simulate;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.ChannelHandler;

/**
 * The second level of two-level routing on one shard: records of arriving frames that are for this node go to its
 * multiplexer, the others into frames for the neighbour on their way. A model: the multiplexer has no relay of its own.
 */
final class Relay {
    private final Scenario scenario;
    private final Grid grid;
    private final int node;
    private final int maxFrame;
    private final Map<Integer, ArrayDeque<byte[]>> onward = new TreeMap<>();

    Relay(Scenario scenario, int node, int maxFrame) {
        this.scenario = scenario;
        this.grid = scenario.grid();
        this.node = node;
        this.maxFrame = maxFrame;
    }

    boolean isEmpty() {
        return onward.isEmpty();
    }

    /** Sorts the records of an arriving frame. */
    void take(SimulatedEndpoint endpoint, byte[] frame, ChannelHandler handler) {
        FrameRecords records = new FrameRecords(frame);
        int start = 0;
        int end = 0;
        int via = -1;
        while (records.next()) {
            int target = records.destination() / scenario.ranks();
            int from = target == node ? grid.nextHop(node, records.source() / scenario.ranks()) : -1;
            if (from != via) {
                deliver(endpoint, frame, start, end, via, handler);
                start = records.offset();
                via = from;
            }
            end = records.offset() + records.bytes();
            if (target != node) {
                onward.computeIfAbsent(grid.nextHop(node, target), hop -> new ArrayDeque<>())
                        .add(Arrays.copyOfRange(frame, records.offset(), end));
            }
        }
        deliver(endpoint, frame, start, end, via, handler);
    }

    /** The multiplexer expects records on the channel by which it would answer. */
    private static void deliver(SimulatedEndpoint endpoint, byte[] frame, int start, int end, int via,
            ChannelHandler handler) {
        if (via < 0 || start == end) {
            return;
        }
        Channel channel = endpoint.channel(via);
        if (!handler.onFrame(channel, MemorySegment.ofArray(frame), start, end - start)) {
            throw new IllegalStateException("a refused frame cannot be put back behind a relay");
        }
    }

    /** Sends on what it can. Returns how many frames left. */
    int flush(SimulatedEndpoint endpoint) {
        int left = 0;
        Iterator<Map.Entry<Integer, ArrayDeque<byte[]>>> hops = onward.entrySet().iterator();
        while (hops.hasNext()) {
            Map.Entry<Integer, ArrayDeque<byte[]>> hop = hops.next();
            ArrayDeque<byte[]> records = hop.getValue();
            endpoint.connect(hop.getKey(), SimulatedEndpoint.address(hop.getKey()));
            byte[] frame;
            while (!records.isEmpty() && endpoint.channel(hop.getKey()).tryRelay(frame = pack(records))) {
                left++;
                for (int sent = FrameRecords.count(frame); sent > 0; sent--) {
                    records.remove();
                }
            }
            if (records.isEmpty()) {
                hops.remove();
            }
        }
        return left;
    }

    /** As many of the first records as one frame takes. */
    private byte[] pack(ArrayDeque<byte[]> records) {
        byte[] frame = new byte[maxFrame];
        int used = 0;
        for (byte[] record : records) {
            if (used + record.length > maxFrame) {
                break;
            }
            System.arraycopy(record, 0, frame, used, record.length);
            used += record.length;
        }
        return Arrays.copyOf(frame, used);
    }
}
