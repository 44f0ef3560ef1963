package org.isthmus.node.connect;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import org.isthmus.allocator.heap.RankHeap;
import org.isthmus.node.endpoint.FarLink;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.endpoint.RemoteRecordDescriptor;
import org.isthmus.node.shm.RecordDescriptor;

/**
 * A rank's way to a process of another job: records, with the bytes of their blocks, through a socket that is opened
 * when first needed. Blocks must be handed over to the rank's own heap: they are free once a record is published.
 * Sending is the engine thread's; the rest may be called by any thread.
 */
final class StreamLink extends FarLink {
    private final MemorySegment memory;
    private final RankHeap heap;
    private final OutgoingSocket.Owner owner;
    private final int number;
    private final ProcessCard card;
    private final long scratch;
    private OutgoingSocket socket;
    private volatile boolean gone;

    /** @param scratch room in the segment for one payload */
    StreamLink(RankEndpoint endpoint, OutgoingSocket.Owner owner, int number, ProcessCard card, long scratch) {
        this.memory = endpoint.memory();
        this.heap = endpoint.heap();
        this.owner = owner;
        this.number = number;
        this.card = card;
        this.scratch = scratch;
    }

    /** The peer's number in this process. */
    int number() {
        return number;
    }

    ProcessCard card() {
        return card;
    }

    @Override
    public boolean isGone() {
        return gone;
    }

    /** The peer has called {@code MPI.Finalize}; control records to it are dropped from now on. */
    void setGone() {
        gone = true;
    }

    /** None once the peer has gone: so no message is taken for short enough to be sent at once. */
    @Override
    public int maxPayload() {
        return gone ? -1 : RecordDescriptor.MAX_PAYLOAD;
    }

    @Override
    public long claim(int payloadBytes) {
        return !gone && open().isFull() ? BACK_PRESSURED : scratch;
    }

    @Override
    public void publish(long header) {
        ByteBuffer frame;
        if (RemoteRecordDescriptor.carriesBlock(RecordDescriptor.kind(header))) {
            long block = memory.get(ValueLayout.JAVA_LONG, scratch);
            frame = Frame.record(memory, header, scratch, heap.accept(block));
            heap.free(block);
        } else {
            frame = Frame.record(memory, header, scratch, 0);
        }
        if (!gone) {
            open().add(frame);
        }
    }

    /** The socket in use; a new one, which connects, if there is none. */
    synchronized OutgoingSocket open() {
        if (socket == null || socket.isEnding()) {
            socket = new OutgoingSocket(this, owner, socket);
        }
        return socket;
    }

    /** Ends the socket, if there is one, with {@code last}; returns it, or null. */
    synchronized OutgoingSocket end(ByteBuffer last) {
        if (socket != null) {
            socket.end(last);
        }
        return socket;
    }
}
