package org.isthmus.comm.rma;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.isthmus.comm.coll.CollectiveRequest;
import org.isthmus.comm.datatype.Packer;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.pt2pt.TransferRequest;

/**
 * What an origin waits for after asking a target: some replies, whose data goes to the origin's buffer as they come in.
 * Advanced by the progress loop; under the engine lock.
 */
final class PendingReply extends CollectiveRequest {
    private static final TypeMap BYTE = TypeMap.of(Primitive.BYTE);

    private static final int MOST_PARTS = 64;

    private final Communicator comm;
    private final int target;
    private final Object base;
    private final long offset;
    private final int count;
    private final TypeMap type;
    private final List<Part> parts = new ArrayList<>();
    private boolean complete;

    private record Part(TransferRequest receive, MemorySegment reply, long position) {}

    /** @param base where the data goes, null when there is none */
    PendingReply(Communicator comm, int target, Object base, long offset, int count, TypeMap type) {
        this.comm = comm;
        this.target = target;
        this.base = base;
        this.offset = offset;
        this.count = count;
        this.type = type;
    }

    @Override
    public boolean mayBeFreed() {
        return true;
    }

    /** Expects a reply with {@code length} bytes at {@code position} of the packed stream; before it is asked for. */
    void expect(int tag, long position, int length) {
        byte[] reply = new byte[RequestMessage.REPLY_HEADER + Math.max(length, RequestMessage.ERROR_BYTES)];
        TransferRequest receive = comm.pointToPoint().irecv(comm, reply, 0, reply.length, BYTE, target, tag);
        parts.add(new Part(receive, MemorySegment.ofArray(reply), position));
    }

    /** Waits until few enough replies are under way for another one. */
    void awaitRoom() {
        if (parts.size() >= MOST_PARTS) {
            comm.progress().await(() -> {
                progress();
                return parts.size() < MOST_PARTS;
            });
        }
    }

    /** Everything has been asked for. */
    PendingReply start() {
        complete = true;
        if (progress() >= 0) {
            comm.progress().register(this);
        }
        return this;
    }

    @Override
    public int progress() {
        int events = 0;
        for (int i = parts.size() - 1; i >= 0; i--) {
            if (parts.get(i).receive.isDone()) {
                take(parts.remove(i));
                events++;
            }
        }
        done = complete && parts.isEmpty();
        return done ? -1 : events;
    }

    private void take(Part part) {
        long bytes = part.receive.bytes - RequestMessage.REPLY_HEADER;
        int error = RequestMessage.replyError(part.reply);
        if (part.receive.errorClass != ErrorClass.SUCCESS) {
            fail(part.receive.errorClass, part.receive.errorMessage);
        } else if (error != ErrorClass.SUCCESS) {
            byte[] text = part.reply.asSlice(RequestMessage.REPLY_HEADER, bytes).toArray(ValueLayout.JAVA_BYTE);
            fail(error, new String(text, StandardCharsets.UTF_8));
        } else if (base != null) {
            Packer.unpack(part.reply, RequestMessage.REPLY_HEADER, base, offset, count, type, part.position, bytes);
        }
        comm.pointToPoint().release(part.receive);
    }

    /** Waits for the end; throws what went wrong. */
    void await() {
        if (!done) {
            comm.progress().await(this);
        }
        if (errorClass != ErrorClass.SUCCESS) {
            throw new CommException(errorClass, errorMessage);
        }
    }
}
