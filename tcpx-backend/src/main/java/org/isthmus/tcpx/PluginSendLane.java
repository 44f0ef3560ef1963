package org.isthmus.tcpx;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.isthmus.tcpx.plugin.NetPluginException;
import org.isthmus.tcpx.plugin.NetPluginNative;

/**
 * The sending end of a lane. A chunk is copied behind its header into a slot, posted, and asked for strictly in order;
 * its slot is used again when the plugin says that it is out.
 *
 * <p>Invariants: {@code done <= posted <= filled <= done + slots}.
 */
final class PluginSendLane {
    private static final ValueLayout.OfLong L = ValueLayout.JAVA_LONG;

    private final NetPluginNative plugin;
    private final int device;
    private final int chunkBytes;
    private final long token;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment scratch = arena.allocate(NetPluginNative.SCRATCH_BYTES, Long.BYTES);
    private final MemorySegment handle = arena.allocate(NetPluginNative.HANDLE_BYTES, Long.BYTES);
    private final long[] requests;
    private final int[] lengths;
    private long comm;
    private LaneMemory memory;
    private long filled;
    private long posted;
    private long done;

    /** @param peerHandle what the peer announced */
    PluginSendLane(NetPluginNative plugin, int device, int slots, int chunkBytes, long token, byte[] peerHandle) {
        this.plugin = plugin;
        this.device = device;
        this.chunkBytes = chunkBytes;
        this.token = token;
        this.requests = new long[slots];
        this.lengths = new int[slots];
        MemorySegment.copy(peerHandle, 0, handle, ValueLayout.JAVA_BYTE, 0, peerHandle.length);
    }

    boolean isConnected() {
        return comm != 0;
    }

    boolean hasRoom() {
        return comm != 0 && filled - done < requests.length;
    }

    /** Whether the plugin must be asked again, for progress is made in its calls. */
    boolean isPending() {
        return comm == 0 || done < filled;
    }

    void send(SendRequests sends, long chunk) throws NetPluginException {
        if (memory == null) {
            memory = new LaneMemory(plugin, comm, requests.length, chunkBytes);
        }
        MemorySegment slot = memory.slot(filled);
        int length = sends.length(chunk);
        slot.set(L, LaneDescriptor.CHUNK_TOKEN_OFFSET, token);
        slot.set(L, LaneDescriptor.CHUNK_NUMBER_OFFSET, chunk);
        slot.set(L, LaneDescriptor.CHUNK_OFFSET_OFFSET, sends.offset(chunk));
        slot.set(L, LaneDescriptor.CHUNK_TOTAL_OFFSET, sends.total(chunk));
        slot.set(L, LaneDescriptor.CHUNK_LENGTH_OFFSET, length);
        MemorySegment.copy(sends.region(chunk).memory(), sends.regionOffset(chunk), slot, LaneDescriptor.HEADER_BYTES,
                length);
        lengths[(int) (filled++ % lengths.length)] = LaneDescriptor.HEADER_BYTES + length;
        post();
    }

    /** Connects, posts and completes; how much was done. */
    int progress() throws NetPluginException {
        if (comm == 0) {
            comm = plugin.connect(device, handle);
            return comm == 0 ? 0 : 1;
        }
        int work = post();
        while (done < posted && plugin.test(requests[(int) (done % requests.length)], scratch)) {
            done++;
            work++;
        }
        return work;
    }

    private int post() throws NetPluginException {
        int work = 0;
        while (posted < filled) {
            int index = (int) (posted % requests.length);
            long request = plugin.send(comm, memory.slot(posted).address(), lengths[index], memory.handle(), scratch);
            if (request == 0) {
                break;
            }
            requests[index] = request;
            posted++;
            work++;
        }
        return work;
    }

    void close() throws NetPluginException {
        if (comm != 0) {
            if (memory != null) {
                memory.deregister();
            }
            plugin.closeSend(comm);
            comm = 0;
            if (memory != null) {
                memory.free();
            }
        }
        arena.close();
    }
}
