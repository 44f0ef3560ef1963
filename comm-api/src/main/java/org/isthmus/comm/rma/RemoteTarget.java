package org.isthmus.comm.rma;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.IntSupplier;
import org.isthmus.comm.coll.CollectiveRequest;
import org.isthmus.comm.datatype.Packer;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeCode;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.op.PredefinedOp;
import org.isthmus.comm.pt2pt.PointToPoint;

/**
 * The origin's side of a target whose memory it does not reach: turns operations into {@link RequestMessage}s, but for
 * those that {@link FarMemory} can do without the target. An atomic operation goes that way only while no accumulate is
 * asked for by message and not known to be done, and the reverse: so the accumulates of one origin stay in order.
 *
 * <p>Requests arrive in the order sent and are done in that order. Long data goes in pieces of {@link Chunks#BYTES};
 * a request is copied, so the origin's buffer is free at once. Used under the engine lock; calls may wait for room and
 * make progress meanwhile.
 */
final class RemoteTarget {
    /** Tag of all requests. */
    static final int REQUEST_TAG = 3;

    private static final TypeMap BYTE = TypeMap.of(Primitive.BYTE);
    /** Numbers of datatypes before the first is used again. */
    private static final int TYPES = 256;

    private final Communicator comm;
    private final int target;
    private final IntSupplier replyTags;
    private final Map<TypeMap, Integer> types = new IdentityHashMap<>();
    private final Deque<PendingReply> pending = new ArrayDeque<>();
    /** Null if the target itself has to do everything. */
    private final FarMemory far;
    private final long start;
    private final int unit;
    private boolean dirty;
    /** Accumulates asked for by message; those before the last flush; those that are known to be done. */
    private long asked;
    private long flushed;
    private long known;
    /** A thread describes a datatype; others wait, for it may let them in meanwhile. */
    private boolean describing;

    /**
     * @param replyTags gives a tag that no other reply to this process has
     * @param far the target's memory, null if it cannot be used so; {@code start}: where in it the window begins
     * @param unit bytes of a unit of displacement
     */
    RemoteTarget(Communicator comm, int target, IntSupplier replyTags, FarMemory far, long start, int unit) {
        this.far = far;
        this.start = start;
        this.unit = unit;
        this.comm = comm;
        this.target = target;
        this.replyTags = replyTags;
    }

    void put(Object base, long offset, int count, TypeMap type, long disp, int targetCount, TypeMap targetType) {
        if (far != null && targetType.isContiguous()) {
            far.put(base, offset, count, type, at(disp));
            return;
        }
        int number = number(targetType);
        long length = type.size() * count;
        for (long done = 0; done < length; done += Chunks.BYTES) {
            int n = (int) Math.min(Chunks.BYTES, length - done);
            RequestMessage message = new RequestMessage(n).kind(RequestMessage.Kind.PUT).displacement(disp)
                    .position(done).elements(targetCount, number).length(n);
            Packer.pack(base, offset, count, type, done, message.bytes(), RequestMessage.HEADER, n);
            send(message);
        }
    }

    /** The data is in the buffer once the result is done. */
    CollectiveRequest get(Object base, long offset, int count, TypeMap type, long disp, int targetCount,
            TypeMap targetType) {
        if (far != null && targetType.isContiguous()) {
            return far.get(base, offset, count, type, at(disp));
        }
        int number = number(targetType);
        PendingReply reply = new PendingReply(comm, target, base, offset, count, type);
        long length = type.size() * count;
        for (long done = 0; done < length; done += Chunks.BYTES) {
            int n = (int) Math.min(Chunks.BYTES, length - done);
            ask(reply, done, n, new RequestMessage(0).kind(RequestMessage.Kind.GET).displacement(disp).position(done)
                    .elements(targetCount, number).length(n));
        }
        return keep(reply);
    }

    void accumulate(PredefinedOp op, Object base, long offset, int count, TypeMap type, long disp, int targetCount,
            TypeMap targetType) {
        if (mayPass() && far.adds(op, targetType, targetCount, at(disp))) {
            far.fetchAdd(FarMemory.word(base, offset, type), null, 0, null, at(disp));
            return;
        }
        askForAccumulate();
        int number = number(targetType);
        long length = type.size() * count;
        for (long done = 0; done < length; done += Chunks.BYTES) {
            int n = (int) Math.min(Chunks.BYTES, length - done);
            RequestMessage message = new RequestMessage(n).kind(RequestMessage.Kind.ACCUMULATE)
                    .operation(op.ordinal()).displacement(disp).position(done).elements(targetCount, number).length(n);
            Packer.pack(base, offset, count, type, done, message.bytes(), RequestMessage.HEADER, n);
            send(message);
        }
    }

    /** The former elements are in the result buffer once the result is done; no origin buffer for NO_OP. */
    CollectiveRequest getAccumulate(PredefinedOp op, Object base, long offset, int count, TypeMap type,
            Object resultBase, long resultOffset, int resultCount, TypeMap resultType, long disp, int targetCount,
            TypeMap targetType) {
        if (mayPass() && far.adds(op, targetType, targetCount, at(disp))) {
            long add = op == PredefinedOp.NO_OP ? 0 : FarMemory.word(base, offset, type);
            return far.fetchAdd(add, resultBase, resultOffset, resultType, at(disp));
        }
        askForAccumulate();
        int number = number(targetType);
        PendingReply reply = new PendingReply(comm, target, resultBase, resultOffset, resultCount, resultType);
        long length = targetType.size() * targetCount;
        for (long done = 0; done < length; done += Chunks.BYTES) {
            int n = (int) Math.min(Chunks.BYTES, length - done);
            RequestMessage message = new RequestMessage(base == null ? 0 : n)
                    .kind(RequestMessage.Kind.GET_ACCUMULATE).operation(op.ordinal()).displacement(disp)
                    .position(done).elements(targetCount, number).length(n);
            if (base != null) {
                Packer.pack(base, offset, count, type, done, message.bytes(), RequestMessage.HEADER, n);
            }
            ask(reply, done, n, message);
        }
        return keep(reply);
    }

    void compareAndSwap(Object base, long offset, Object compareBase, long compareOffset, Object resultBase,
            long resultOffset, TypeMap type, long disp) {
        if (mayPass() && far.isWord(type, at(disp))) {
            far.compareAndSwap(FarMemory.word(compareBase, compareOffset, type), FarMemory.word(base, offset, type),
                    resultBase, resultOffset, type, at(disp));
            return;
        }
        askForAccumulate();
        int size = (int) type.size();
        RequestMessage message = new RequestMessage(2 * size).kind(RequestMessage.Kind.COMPARE_AND_SWAP)
                .displacement(disp).elements(1, number(type)).length(size);
        Packer.pack(compareBase, compareOffset, 1, type, 0, message.bytes(), RequestMessage.HEADER, size);
        Packer.pack(base, offset, 1, type, 0, message.bytes(), RequestMessage.HEADER + size, size);
        PendingReply reply = new PendingReply(comm, target, resultBase, resultOffset, 1, type);
        ask(reply, 0, size, message);
        keep(reply);
    }

    private long at(long disp) {
        return start + disp * unit;
    }

    /** Whether an atomic operation may pass by the target. */
    private boolean mayPass() {
        return far != null && known == asked;
    }

    private void askForAccumulate() {
        asked++;
        if (far != null) {
            far.awaitAtomics();
        }
    }

    /** Asks the target to have done everything; {@link #awaitAll} waits for it. */
    void startFlush() {
        flushed = asked;
        if (dirty) {
            dirty = false;
            PendingReply reply = new PendingReply(comm, target, null, 0, 0, null);
            ask(reply, 0, 0, new RequestMessage(0).kind(RequestMessage.Kind.FLUSH));
            keep(reply);
        }
    }

    /** Waits for everything that was asked for; throws the first error, when all is over. */
    void awaitAll() {
        long before = flushed;
        if (far != null) {
            far.awaitAll();
        }
        CommException first = null;
        while (!pending.isEmpty()) {
            PendingReply reply = pending.peekFirst(); // it stays there: other threads must wait for it too
            try {
                reply.await();
            } catch (CommException e) {
                comm.progress().checkJob();
                first = first == null ? e : first;
            }
            pending.remove(reply);
        }
        known = Math.max(known, before);
        if (first != null) {
            throw first;
        }
    }

    /** Asks for the target's lock; the result is done when this process has it. */
    PendingReply startLock(boolean exclusive, boolean queued) {
        PendingReply reply = new PendingReply(comm, target, null, 0, 0, null);
        ask(reply, 0, 0, new RequestMessage(0).kind(RequestMessage.Kind.LOCK).exclusive(exclusive)
                .queued(queued));
        return reply.start();
    }

    /** Gives the lock up after everything before; {@link #awaitAll} waits for it. */
    void startUnlock(boolean exclusive) {
        if (far != null) {
            far.awaitAll(); // the next holder of the lock finds it done
        }
        flushed = asked;
        dirty = false;
        PendingReply reply = new PendingReply(comm, target, null, 0, 0, null);
        ask(reply, 0, 0, new RequestMessage(0).kind(RequestMessage.Kind.UNLOCK).exclusive(exclusive));
        keep(reply);
    }

    private PendingReply keep(PendingReply reply) {
        pending.removeIf(old -> old.isDone() && old.errorClass == 0);
        pending.add(reply.start());
        return reply;
    }

    private void ask(PendingReply reply, long position, int length, RequestMessage message) {
        reply.awaitRoom();
        int tag = replyTags.getAsInt();
        reply.expect(tag, position, length);
        transmit(message.reply(tag));
    }

    private void send(RequestMessage message) {
        dirty = true;
        transmit(message);
    }

    private void transmit(RequestMessage message) {
        byte[] bytes = message.array();
        comm.pointToPoint().send(comm, PointToPoint.Mode.STANDARD, bytes, 0, bytes.length, BYTE, target, REQUEST_TAG);
    }

    /** The number under which the target knows {@code type}; tells it first if it does not. */
    private int number(TypeMap type) {
        if (describing) {
            comm.progress().await(() -> !describing);
        }
        Integer known = types.get(type);
        if (known != null) {
            return known;
        }
        if (types.size() == TYPES) {
            types.clear();
        }
        int number = types.size();
        describing = true;
        try {
            describe(type, number);
            types.put(type, number);
        } finally {
            describing = false;
        }
        return number;
    }

    private void describe(TypeMap type, int number) {
        byte[] code = TypeCode.encode(type);
        for (int done = 0; done < code.length; done += Chunks.BYTES) {
            int n = Math.min(code.length - done, Chunks.BYTES);
            RequestMessage message = new RequestMessage(n).kind(RequestMessage.Kind.TYPE).position(done)
                    .elements(code.length, number).length(n);
            System.arraycopy(code, done, message.array(), RequestMessage.HEADER, n);
            send(message);
        }
    }
}
