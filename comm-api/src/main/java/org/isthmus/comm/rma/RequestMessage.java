package org.isthmus.comm.rma;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * What an origin asks a target to do that it cannot do itself, as a message on the window's communicator.
 *
 * <pre>
 *   0  kind u32          ordinal of Kind
 *   4  operation u32     ordinal of PredefinedOp: ACCUMULATE, GET_ACCUMULATE
 *   8  displacement u64  in units of the target's window
 *  16  position u64      of the first byte in the packed stream; of TYPE, in the description
 *  24  count u32         elements of the target's datatype; of TYPE, bytes of the description
 *  28  type u32          the origin's number for the target's datatype, as told by TYPE
 *  32  reply u32         tag that the origin awaits the reply with
 *  36  length u32        bytes of the packed stream
 *  40  exclusive u32     LOCK and UNLOCK: 1 for an exclusive lock
 *  44  queued u32        LOCK: 1 to wait in line for it
 *  48  payload: PUT and accumulates, the packed operand; COMPARE_AND_SWAP, the expected element, then the new one
 * </pre>
 *
 * A reply is an error class (u32, 0 for success), four unused bytes, then the data asked for or the text of the error.
 * Little-endian; data as it is in memory. A flyweight over an array of its own.
 */
final class RequestMessage {
    /** Which operation is asked for. */
    enum Kind {
        /** Tells a piece of the description of a datatype. No reply. */
        TYPE,
        /** No reply. */
        PUT,
        GET,
        /** No reply. */
        ACCUMULATE,
        GET_ACCUMULATE,
        COMPARE_AND_SWAP,
        /** Replied when everything before it has been done, with the first error among it. */
        FLUSH,
        /** Replied when the lock has been taken. */
        LOCK,
        /** As FLUSH, then gives up the lock. */
        UNLOCK
    }

    static final int HEADER = 48;
    static final int REPLY_HEADER = 8;
    /** Room that every reply has for the text of an error. */
    static final int ERROR_BYTES = 1024;
    static final int MOST_BYTES = HEADER + Chunks.BYTES;

    static final int KIND_OFFSET = 0;
    static final int OPERATION_OFFSET = 4;
    static final int DISPLACEMENT_OFFSET = 8;
    static final int POSITION_OFFSET = 16;
    static final int COUNT_OFFSET = 24;
    static final int TYPE_OFFSET = 28;
    static final int REPLY_OFFSET = 32;
    static final int LENGTH_OFFSET = 36;
    static final int EXCLUSIVE_OFFSET = 40;
    static final int QUEUED_OFFSET = 44;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final byte[] array;
    private final MemorySegment bytes;

    /** @param payload bytes after the header */
    RequestMessage(int payload) {
        this.array = new byte[HEADER + payload];
        this.bytes = MemorySegment.ofArray(array);
    }

    byte[] array() {
        return array;
    }

    /** Header and payload. */
    MemorySegment bytes() {
        return bytes;
    }

    RequestMessage kind(Kind kind) {
        bytes.set(INT, KIND_OFFSET, kind.ordinal());
        return this;
    }

    /** The number of the kind, which may be none. */
    int kind() {
        return bytes.get(INT, KIND_OFFSET);
    }

    RequestMessage operation(int ordinal) {
        bytes.set(INT, OPERATION_OFFSET, ordinal);
        return this;
    }

    int operation() {
        return bytes.get(INT, OPERATION_OFFSET);
    }

    RequestMessage displacement(long displacement) {
        bytes.set(LONG, DISPLACEMENT_OFFSET, displacement);
        return this;
    }

    long displacement() {
        return bytes.get(LONG, DISPLACEMENT_OFFSET);
    }

    RequestMessage position(long position) {
        bytes.set(LONG, POSITION_OFFSET, position);
        return this;
    }

    long position() {
        return bytes.get(LONG, POSITION_OFFSET);
    }

    RequestMessage elements(int count, int type) {
        bytes.set(INT, COUNT_OFFSET, count);
        bytes.set(INT, TYPE_OFFSET, type);
        return this;
    }

    int count() {
        return bytes.get(INT, COUNT_OFFSET);
    }

    int type() {
        return bytes.get(INT, TYPE_OFFSET);
    }

    RequestMessage reply(int tag) {
        bytes.set(INT, REPLY_OFFSET, tag);
        return this;
    }

    int reply() {
        return bytes.get(INT, REPLY_OFFSET);
    }

    RequestMessage length(long length) {
        bytes.set(INT, LENGTH_OFFSET, (int) length);
        return this;
    }

    int length() {
        return bytes.get(INT, LENGTH_OFFSET);
    }

    RequestMessage exclusive(boolean exclusive) {
        bytes.set(INT, EXCLUSIVE_OFFSET, exclusive ? 1 : 0);
        return this;
    }

    RequestMessage queued(boolean queued) {
        bytes.set(INT, QUEUED_OFFSET, queued ? 1 : 0);
        return this;
    }

    boolean isQueued() {
        return bytes.get(INT, QUEUED_OFFSET) != 0;
    }

    boolean isExclusive() {
        return bytes.get(INT, EXCLUSIVE_OFFSET) != 0;
    }

    static void replyError(MemorySegment reply, int errorClass) {
        reply.set(INT, 0, errorClass);
    }

    static int replyError(MemorySegment reply) {
        return reply.get(INT, 0);
    }
}
