package org.isthmus.comm.pt2pt;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.isthmus.allocator.heap.RankHeap;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.comm.buffer.UserBuffer;
import org.isthmus.comm.datatype.Packer;
import org.isthmus.comm.error.CommException;
import org.isthmus.node.endpoint.BlockRecordDescriptor;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.endpoint.RecordLink;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.status.RankCounter;
import org.isthmus.node.status.RankCounters;

/**
 * The sending side of what travels in blocks: the fragments of EAGER messages, and the bytes of a RENDEZVOUS that the
 * receiver has cleared and cannot reach itself. Each fragment is packed into a block of its own, which the receiver
 * frees. Owned by the engine thread.
 */
final class BlockSender {
    /** How far a message came. */
    enum Step {
        DONE,
        /** Some of it waits for room. */
        WAITS,
        /** None of it has left, and there is no block for it. */
        REFUSED
    }

    private final RankEndpoint endpoint;
    private final MemorySegment memory;
    private final RankHeap heap;
    private final RankCounters counters;
    private final int most;
    private final DeviceCopies copies;

    private final int mostByDevice;
    private MemorySegment packed;

    /**
     * @param most bytes in a block
     * @param mostByDevice the same of what a device packs for this node, to which short copies are dear
     */
    BlockSender(RankEndpoint endpoint, int most, int mostByDevice, DeviceCopies copies) {
        this.copies = copies;
        this.mostByDevice = mostByDevice;
        this.endpoint = endpoint;
        this.memory = endpoint.memory();
        this.heap = endpoint.heap();
        this.counters = endpoint.counters();
        this.most = most;
    }

    /** Sends fragments of a message that the receiver's window has room for. */
    Step advanceEager(PeerOutbox out, Transfer send) {
        while (send.position < send.bytesAsked) {
            boolean first = send.position == 0;
            int bytes = (int) Math.min(most, send.bytesAsked - send.position);
            long block = endpoint.allocateBlock(bytes, send.context);
            if (block == Handle.NONE) {
                out.stop(counters, RankCounter.BLOCKS_EMPTY);
                return first ? Step.REFUSED : Step.WAITS;
            }
            int record = first ? RecordKind.EAGER_FIRST_BYTES : RecordKind.EAGER_NEXT_BYTES;
            long payload = pack(out, send, block, bytes, record);
            if (payload == RecordLink.BACK_PRESSURED) {
                return Step.WAITS;
            }
            if (first) {
                memory.set(ValueLayout.JAVA_LONG, payload + RecordKind.EAGER_TOTAL_OFFSET, send.bytesAsked);
                out.sentBytes += PointToPointOptions.RECORD_COST + send.bytesAsked;
            }
            out.link.publish(first
                    ? RecordDescriptor.header(RecordKind.EAGER_FIRST, send.context, send.matchTag, record)
                    : RecordDescriptor.header(RecordKind.EAGER_NEXT, 0, 0, record));
            send.position += bytes;
        }
        counters.sent(out.eager, send.bytesAsked);
        send.complete();
        return Step.DONE;
    }

    /** Sends the bytes of a message that the receiver has cleared; true when all of them are out. */
    boolean advanceStream(PeerOutbox out, Transfer send) {
        return advanceTo(out, send, send.bytesAsked, most, RecordKind.DATA);
    }

    /**
     * Sends the bytes of a message that its receiver has cleared, up to position {@code limit}, at most {@code piece}
     * in a block; true when all of them are out. Records of {@code kind} are {@link BlockRecordDescriptor}
     * with position.
     */
    boolean advanceTo(PeerOutbox out, Transfer send, long limit, int piece, int kind) {
        if (UserBuffer.isOnDevice(send.base)) {
            return advanceFromDevice(out, send, limit, piece, kind);
        }
        while (send.position < limit) {
            int bytes = (int) Math.min(piece, limit - send.position);
            long block = endpoint.allocateBlock(bytes, send.context);
            if (block == Handle.NONE) {
                return out.stop(counters, RankCounter.BLOCKS_EMPTY);
            }
            long payload = pack(out, send, block, bytes, BlockRecordDescriptor.PIECE_BYTES);
            if (payload == RecordLink.BACK_PRESSURED) {
                return false;
            }
            publishPiece(out, send, payload, bytes, kind);
        }
        return true;
    }

    /** The same for what the device itself packs, several blocks at a time. */
    private boolean advanceFromDevice(PeerOutbox out, Transfer send, long limit, int piece, int kind) {
        if (send.staged == null) {
            send.staged = new StagedBlocks(send, memory, heap, copies);
        }
        StagedBlocks staged = send.staged;
        while (send.position < limit) {
            stage(send, limit, piece, out.here ? Math.max(piece, mostByDevice) : piece);
            if (staged.isEmpty()) {
                return out.stop(counters, RankCounter.BLOCKS_EMPTY);
            }
            if (!staged.isFirstDone()) {
                return false;
            }
            long payload = out.link.claim(BlockRecordDescriptor.PIECE_BYTES);
            if (payload == RecordLink.BACK_PRESSURED) {
                return out.stop(counters, RankCounter.RING_FULL);
            }
            out.go();
            int bytes = staged.firstBytes();
            announce(out, payload, staged.firstBlock(), bytes);
            staged.removeFirst();
            publishPiece(out, send, payload, bytes, kind);
        }
        return true;
    }

    /** @param best bytes of a block; if there is none free, and nothing under way, {@code piece} have to do */
    private void stage(Transfer send, long limit, int piece, int best) {
        StagedBlocks staged = send.staged;
        while (staged.position() < limit && !staged.isFull()) {
            long left = limit - staged.position();
            int bytes = (int) Math.min(best, left);
            long block = endpoint.allocateBlock(bytes, send.context);
            if (block == Handle.NONE && staged.isEmpty()) {
                bytes = (int) Math.min(piece, left);
                block = endpoint.allocateBlock(bytes, send.context);
            }
            if (block == Handle.NONE) {
                return;
            }
            staged.add(block, bytes);
        }
    }

    private void publishPiece(PeerOutbox out, Transfer send, long payload, int bytes, int kind) {
        memory.set(ValueLayout.JAVA_LONG, payload + BlockRecordDescriptor.POSITION_OFFSET, send.position);
        out.link.publish(RecordDescriptor.header(kind, 0, (int) send.remoteId, BlockRecordDescriptor.PIECE_BYTES));
        send.position += bytes;
    }

    /** Fills a block and the first words of its record; where the record's payload is, or {@code BACK_PRESSURED}. */
    private long pack(PeerOutbox out, Transfer send, long block, int bytes, int recordBytes) {
        boolean byDevice = UserBuffer.isOnDevice(send.base);
        if (byDevice) {
            packByDevice(send, block, bytes);
        }
        long payload = out.link.claim(recordBytes);
        if (payload == RecordLink.BACK_PRESSURED) {
            heap.free(block);
            out.stop(counters, RankCounter.RING_FULL);
            return payload;
        }
        out.go();
        if (!byDevice) {
            Packer.pack(send.base, send.offset, send.count, send.type, send.position, memory, heap.offset(block),
                    bytes);
        }
        announce(out, payload, block, bytes);
        return payload;
    }

    /** Before a record is claimed, for a device may fail, and who claims must publish. */
    private void packByDevice(Transfer send, long block, int bytes) {
        try {
            Packer.pack(send.base, send.offset, send.count, send.type, send.position, memory, heap.offset(block),
                    bytes);
        } catch (CommException e) {
            heap.free(block);
            throw e;
        }
    }

    /** A short message out of a device's memory, packed before its record is claimed; valid until the next. */
    MemorySegment packed(Transfer send, int bytes) {
        if (packed == null || packed.byteSize() < bytes) {
            packed = Arena.ofAuto().allocate(Math.max(bytes, RecordDescriptor.MAX_PAYLOAD));
        }
        Packer.pack(send.base, send.offset, send.count, send.type, 0, packed, 0, bytes);
        return packed;
    }

    private void announce(PeerOutbox out, long payload, long block, int bytes) {
        heap.handOver(block, out.holder);
        memory.set(ValueLayout.JAVA_LONG, payload + BlockRecordDescriptor.BLOCK_OFFSET, block);
        memory.set(ValueLayout.JAVA_LONG, payload + BlockRecordDescriptor.BYTES_OFFSET, (long) bytes);
    }
}
