package org.isthmus.rdma.backend;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.isthmus.node.wire.FrameDescriptor;
import org.isthmus.node.wire.FrameFlyweight;

/**
 * Messages outside the streams of channels: hellos, and ARRIVED. Each lies in a slot that is used again in turn, long
 * after it was sent. The owner's thread uses it.
 */
final class ControlSlots {
    private static final int SLOTS = 1024;
    private static final int STRIDE = 256;
    static final int BYTES = SLOTS * STRIDE;

    private final RdmaRegion region;
    private final ByteBuffer view;
    private final FrameFlyweight header = new FrameFlyweight();
    private int next;

    ControlSlots(RdmaRegion region) {
        this.region = region;
        this.view = region.memory().asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Sends bytes as they are. There must be room. */
    void send(Link link, byte[] message) {
        int at = claim();
        view.put(at, message);
        link.send(Link.Kind.CONTROL, 0, region.address(at), message.length, region.localKey(), true);
    }

    /** The first message of an end on a new queue pair. There must be room. */
    void sendArrived(Link link, long received, long arrived, long framesTaken, byte[] listening) {
        int at = claim();
        int body = at + FrameDescriptor.HEADER_BYTES;
        int length = RdmaDescriptor.RESUME_ADDRESS_OFFSET + listening.length;
        header.wrap(view, at).fill(FrameDescriptor.TYPE_ARRIVED, length, 0).seal(framesTaken, RdmaDescriptor.CREDITS);
        view.putLong(body + RdmaDescriptor.RESUME_RECEIVED_OFFSET, received)
                .putLong(body + RdmaDescriptor.RESUME_ARRIVED_OFFSET, arrived)
                .put(body + RdmaDescriptor.RESUME_ADDRESS_OFFSET, listening);
        link.send(Link.Kind.CONTROL, 0, region.address(at),
                FrameDescriptor.HEADER_BYTES + length, region.localKey(), true);
    }

    private int claim() {
        int at = next * STRIDE;
        next = (next + 1) % SLOTS;
        return at;
    }

    void close() {
        region.close();
    }
}
