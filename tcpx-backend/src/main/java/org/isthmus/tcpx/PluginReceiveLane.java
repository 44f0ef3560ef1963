package org.isthmus.tcpx;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import org.isthmus.node.wire.BadFrame;
import org.isthmus.tcpx.plugin.NetPluginException;
import org.isthmus.tcpx.plugin.NetPluginNative;

/**
 * The receiving end of a lane. Its slots are bounce buffers: posted, filled by the plugin, verified and unpacked into
 * the chunk's place, and given back to the plugin only when the unpack has finished; every step strictly in order.
 *
 * <p>Invariants: {@code consumed <= arrived <= posted <= consumed + slots}.
 */
final class PluginReceiveLane {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final ValueLayout.OfLong L = ValueLayout.JAVA_LONG;

    private final NetPluginNative plugin;
    private final Unpacker unpacker;
    private final ReceiveRequests receives;
    private final int chunkBytes;
    private final long token = RANDOM.nextLong();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment scratch = arena.allocate(NetPluginNative.SCRATCH_BYTES, Long.BYTES);
    private final MemorySegment handle = arena.allocate(NetPluginNative.HANDLE_BYTES, Long.BYTES);
    private final long[] requests;
    private final long[] chunks;
    private final int[] lengths;
    private final long[] tickets;
    private long listener;
    private long comm;
    private LaneMemory memory;
    private long posted;
    private long arrived;
    private long consumed;

    /** Begins to listen. */
    PluginReceiveLane(NetPluginNative plugin, int device, int slots, int chunkBytes, ReceiveRequests receives,
            Unpacker unpacker) throws NetPluginException {
        this.plugin = plugin;
        this.unpacker = unpacker;
        this.receives = receives;
        this.chunkBytes = chunkBytes;
        this.requests = new long[slots];
        this.chunks = new long[slots];
        this.lengths = new int[slots];
        this.tickets = new long[slots];
        try {
            this.listener = plugin.listen(device, handle);
        } catch (NetPluginException e) {
            arena.close();
            throw e;
        }
    }

    /** Writes what the peer needs to connect, but for the lane's own number. */
    void announce(ByteBuffer out, int at) {
        out.putInt(at + LaneDescriptor.CHUNK_BYTES_OFFSET, chunkBytes);
        out.putInt(at + LaneDescriptor.SLOTS_OFFSET, requests.length);
        out.putLong(at + LaneDescriptor.TOKEN_OFFSET, token);
        out.put(at + LaneDescriptor.HANDLE_OFFSET, handle.asByteBuffer(), 0, NetPluginNative.HANDLE_BYTES);
    }

    boolean isConnected() {
        return comm != 0;
    }

    /** Whether the plugin must be asked again though no place is open. */
    boolean isPending() {
        return comm == 0 || consumed < arrived;
    }

    /** Accepts, posts, receives and unpacks; how much was done. */
    int progress() throws NetPluginException, BadFrameException {
        if (comm == 0) {
            comm = plugin.accept(listener);
            return comm == 0 ? 0 : 1;
        }
        int work = finishUnpacks();
        if (receives.isExpecting()) {
            work += post();
            while (arrived < posted && plugin.test(requests[index(arrived)], scratch)) {
                beginUnpack();
                work++;
            }
        }
        return work + finishUnpacks();
    }

    private int post() throws NetPluginException {
        if (memory == null) {
            memory = new LaneMemory(plugin, comm, requests.length, chunkBytes);
        }
        int work = 0;
        while (posted - consumed < requests.length) {
            MemorySegment slot = memory.slot(posted);
            long request = plugin.receive(comm, slot.address(), slot.byteSize(), memory.handle(), scratch);
            if (request == 0) {
                break;
            }
            requests[index(posted++)] = request;
            work++;
        }
        return work;
    }

    private void beginUnpack() throws BadFrameException {
        MemorySegment slot = memory.slot(arrived);
        long chunk = slot.get(L, LaneDescriptor.CHUNK_NUMBER_OFFSET);
        long offset = slot.get(L, LaneDescriptor.CHUNK_OFFSET_OFFSET);
        long total = slot.get(L, LaneDescriptor.CHUNK_TOTAL_OFFSET);
        long length = slot.get(L, LaneDescriptor.CHUNK_LENGTH_OFFSET);
        int size = plugin.testedSize(scratch);
        boolean ours = slot.get(L, LaneDescriptor.CHUNK_TOKEN_OFFSET) == token;
        if (!ours || size >= 0 && size != LaneDescriptor.HEADER_BYTES + length || chunk < 0
                || receives.check(chunk, offset, total, length) != ReceiveRequests.Verdict.WANTED) {
            throw new BadFrameException(ours ? BadFrame.BODY : BadFrame.MAGIC,
                    "on a lane of plugin " + plugin.name() + ": chunk " + chunk + ", offset "
                    + offset + " of " + total + ", length " + length + ", size " + size);
        }
        int index = index(arrived);
        receives.take(chunk);
        chunks[index] = chunk;
        lengths[index] = (int) length;
        tickets[index] = unpacker.begin(slot.asSlice(LaneDescriptor.HEADER_BYTES), receives.region(chunk).memory(),
                receives.regionOffset(chunk), (int) length);
        arrived++;
    }

    private int finishUnpacks() throws NetPluginException {
        int work = 0;
        while (consumed < arrived && unpacker.isDone(tickets[index(consumed)])) {
            int index = index(consumed);
            receives.complete(chunks[index], lengths[index]);
            if (plugin.wantsConsumed()) {
                plugin.consumed(comm, requests[index]);
            }
            consumed++;
            work++;
        }
        return work;
    }

    private int index(long number) {
        return (int) (number % requests.length);
    }

    void close() throws NetPluginException {
        if (comm != 0) {
            if (memory != null) {
                memory.deregister();
            }
            plugin.closeReceive(comm);
            comm = 0;
            if (memory != null) {
                memory.free();
            }
        }
        if (listener != 0) {
            plugin.closeListen(listener);
            listener = 0;
        }
        arena.close();
    }
}
