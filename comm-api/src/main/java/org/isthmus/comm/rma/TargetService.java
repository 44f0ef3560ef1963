package org.isthmus.comm.rma;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeCode;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.op.PredefinedOp;
import org.isthmus.comm.progress.Progress;
import org.isthmus.comm.pt2pt.PointToPoint;
import org.isthmus.comm.pt2pt.TransferRequest;

/**
 * The target's side of {@link RequestMessage}s: does what origins ask for, in the order in which each of them asked.
 *
 * <p>Part of the progress loop, so it runs in whatever thread makes progress, and never waits: replies that find no
 * room leave later, locks that are taken are looked at again in each pass. A request that cannot be done (an address
 * outside of the window) is an error of the origin: it gets it with the reply, or with that of its next flush or
 * unlock.
 */
final class TargetService implements Progress.Progressible {
    private static final TypeMap BYTE = TypeMap.of(Primitive.BYTE);
    private static final RequestMessage.Kind[] KINDS = RequestMessage.Kind.values();
    private static final PredefinedOp[] OPERATIONS = PredefinedOp.values();
    private static final int BURST = 16;

    private final Communicator comm;
    private final Memory memory;
    private final LockWords locks;
    private final int lockIndex;
    private final RequestMessage request = new RequestMessage(Chunks.BYTES);
    private final Map<Long, TypeMap> types = new HashMap<>();
    private final Map<Long, byte[]> descriptions = new HashMap<>();
    private final Map<Integer, CommException> errors = new HashMap<>();
    private final List<LockRequest> waiting = new ArrayList<>();
    private final List<TransferRequest> replies = new ArrayList<>();
    private TransferRequest receive;
    private boolean closed;

    private record LockRequest(int origin, int reply, int ticket, boolean exclusive) {}

    /** Finds the memory of this process that a displacement means; throws when there is none. */
    interface Memory {
        WindowMemory at(long displacement);
    }

    /** @param lockIndex of this process among the members on its node */
    TargetService(Communicator comm, Memory memory, LockWords locks, int lockIndex) {
        this.comm = comm;
        this.memory = memory;
        this.locks = locks;
        this.lockIndex = lockIndex;
        listen();
        comm.progress().register(this);
    }

    /** Ends it; nobody asks for anything any more. */
    void close() {
        closed = true;
        comm.pointToPoint().cancel(receive);
    }

    private void listen() {
        receive = comm.pointToPoint().irecv(comm, request.array(), 0, RequestMessage.MOST_BYTES, BYTE,
                PointToPoint.ANY_SOURCE, RemoteTarget.REQUEST_TAG);
    }

    @Override
    public int progress() {
        if (closed) {
            return -1;
        }
        int events = 0;
        replies.removeIf(TransferRequest::isDone);
        int locked = waiting.size();
        waiting.removeIf(this::grantIfFree);
        events += locked - waiting.size();
        for (int i = 0; i < BURST && receive.isDone(); i++) {
            TransferRequest received = receive;
            handle(received.source, (int) received.bytes);
            comm.pointToPoint().release(received);
            listen();
            events++;
        }
        return events;
    }

    private boolean grantIfFree(LockRequest lock) {
        boolean entered = locks.enter(lockIndex, lock.ticket, lock.exclusive);
        if (entered) {
            grant(lock);
        }
        return entered;
    }

    private void grant(LockRequest lock) {
        reply(lock.origin, lock.reply, new byte[RequestMessage.REPLY_HEADER]);
    }

    private void handle(int origin, int bytes) {
        int kind = request.kind();
        if (kind < 0 || kind >= KINDS.length || bytes < RequestMessage.HEADER || request.length() < 0
                || request.length() > Chunks.BYTES || request.count() < 0) {
            throw new CommException(ErrorClass.INTERN, "a one-sided request of rank " + origin + " is damaged: kind "
                    + kind + ", " + bytes + " bytes");
        }
        switch (KINDS[kind]) {
            case TYPE -> describe(origin);
            case PUT, ACCUMULATE -> {
                try {
                    change(origin, null);
                } catch (CommException e) {
                    errors.putIfAbsent(origin, e);
                }
            }
            case GET, GET_ACCUMULATE, COMPARE_AND_SWAP -> answer(origin);
            case FLUSH -> acknowledge(origin);
            case LOCK -> {
                int ticket = locks.take(lockIndex, request.isExclusive(), request.isQueued());
                LockRequest lock = new LockRequest(origin, request.reply(), ticket, request.isExclusive());
                if (ticket == FairLock.ENTERED) {
                    grant(lock);
                } else {
                    waiting.add(lock);
                }
            }
            case UNLOCK -> {
                locks.unlock(lockIndex, request.isExclusive());
                acknowledge(origin);
            }
        }
    }

    private void describe(int origin) {
        long type = key(origin);
        byte[] code = request.position() == 0 ? new byte[request.count()] : descriptions.get(type);
        MemorySegment.copy(request.bytes(), RequestMessage.HEADER, MemorySegment.ofArray(code), request.position(),
                request.length());
        if (request.position() + request.length() < code.length) {
            descriptions.put(type, code);
        } else {
            descriptions.remove(type);
            types.put(type, TypeCode.decode(code));
        }
    }

    private long key(int origin) {
        return (long) origin << Integer.SIZE | request.type();
    }

    private void answer(int origin) {
        byte[] reply = new byte[RequestMessage.REPLY_HEADER + request.length()];
        try {
            change(origin, MemorySegment.ofArray(reply));
        } catch (CommException e) {
            reply = failed(e);
        }
        reply(origin, request.reply(), reply);
    }

    private void acknowledge(int origin) {
        CommException error = errors.remove(origin);
        reply(origin, request.reply(), error == null ? new byte[RequestMessage.REPLY_HEADER] : failed(error));
    }

    private static byte[] failed(CommException error) {
        byte[] text = error.getMessage().getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, RequestMessage.ERROR_BYTES);
        byte[] reply = new byte[RequestMessage.REPLY_HEADER + length];
        System.arraycopy(text, 0, reply, RequestMessage.REPLY_HEADER, length);
        RequestMessage.replyError(MemorySegment.ofArray(reply), error.errorClass());
        return reply;
    }

    /** Does the request; data that it asks for goes behind the header of {@code reply}. */
    private void change(int origin, MemorySegment reply) {
        TypeMap type = types.get(key(origin));
        int count = request.count();
        long position = request.position();
        int length = request.length();
        if (type == null || position < 0 || position > type.size() * count - length || request.operation() < 0
                || request.operation() >= OPERATIONS.length) {
            throw new CommException(ErrorClass.INTERN, "a one-sided request of rank " + origin + " is damaged: bytes "
                    + position + " to " + (position + length) + " of " + count + " elements of datatype "
                    + request.type());
        }
        WindowMemory target = memory.at(request.displacement());
        long at = target.at(request.displacement(), count, type);
        MemorySegment data = request.bytes();
        switch (KINDS[request.kind()]) {
            case PUT -> target.putPacked(data, RequestMessage.HEADER, at, count, type, position, length);
            case GET -> target.getPacked(reply, RequestMessage.REPLY_HEADER, at, count, type, position, length);
            case ACCUMULATE, GET_ACCUMULATE -> target.accumulate(OPERATIONS[request.operation()], data,
                    RequestMessage.HEADER, at, count, type, position, length, reply, RequestMessage.REPLY_HEADER);
            case COMPARE_AND_SWAP -> target.compareAndSwap(data, RequestMessage.HEADER, data,
                    RequestMessage.HEADER + length, at, type, reply, RequestMessage.REPLY_HEADER);
            default -> throw new IllegalArgumentException("kind " + request.kind());
        }
    }

    private void reply(int origin, int tag, byte[] reply) {
        replies.add(comm.pointToPoint().isend(comm, PointToPoint.Mode.STANDARD, reply, 0, reply.length, BYTE, origin,
                tag));
    }
}
