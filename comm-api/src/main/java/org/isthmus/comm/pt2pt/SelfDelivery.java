package org.isthmus.comm.pt2pt;

import java.lang.foreign.MemorySegment;
import org.isthmus.comm.buffer.DeviceBuffer;
import org.isthmus.comm.buffer.UserBuffer;
import org.isthmus.comm.datatype.Packer;
import org.isthmus.comm.error.CommException;
import org.isthmus.node.status.Protocol;

/** Messages of a rank to itself: matched like all others, copied from buffer to buffer. Owned by the engine thread. */
final class SelfDelivery {
    static final int CHUNK = 64 * 1024;

    private final int rank;
    private final int eagerLimit;
    private final MatchTable matching;
    private final Receiver receiver;

    SelfDelivery(int rank, int eagerLimit, MatchTable matching, Receiver receiver) {
        this.rank = rank;
        this.eagerLimit = eagerLimit;
        this.matching = matching;
        this.receiver = receiver;
    }

    /** Starts a send to this rank; it completes at once, or when its receive is posted. */
    void start(Transfer send) {
        receiver.counters().sent(Protocol.SELF, send.bytesAsked);
        Transfer receive = matching.takePosted(send.context, rank, send.matchTag);
        if (receive != null) {
            receiver.counters().received(Protocol.SELF, send.bytesAsked);
            Receiver.match(receive, rank, send.matchTag, send.bytesAsked);
            copy(send, receive, receiver);
            return;
        }
        boolean keep = send.mode != PointToPoint.Mode.SYNCHRONOUS && send.bytesAsked <= eagerLimit;
        Incoming message = receiver.newIncoming(keep ? RecordKind.EAGER_INLINE : RecordKind.LOCAL, send.context, rank,
                send.matchTag, send.bytesAsked);
        if (keep) {
            int bytes = (int) send.bytesAsked;
            Packer.pack(send.base, send.offset, send.count, send.type, 0, message.room(bytes), 0, bytes);
            send.complete();
        } else {
            message.localSend = send;
        }
        receiver.keep(message);
    }

    /** Takes back a send whose receive has not been posted. */
    boolean cancel(Transfer send) {
        Incoming message = matching.findUnexpected(send.context, rank, send.matchTag);
        while (message != null && message.localSend != send) {
            message = message.nextInBucket;
        }
        if (message == null) {
            return false;
        }
        matching.removeUnexpected(message);
        return true;
    }

    /** Copies a matched message and completes both sides. */
    static void copy(Transfer send, Transfer receive, Receiver receiver) {
        try {
            copyBytes(send, receive, receiver, receive.bytes);
        } catch (CommException e) { // of a device
            send.fail(e.errorClass(), e.getMessage());
            receive.fail(e.errorClass(), e.getMessage());
        }
        send.complete();
        receive.complete();
    }

    /** By chunks unless one side is a single segment, or a device does it. */
    private static void copyBytes(Transfer send, Transfer receive, Receiver receiver, long stored) {
        if (send.type.isContiguous() && send.base instanceof MemorySegment from) {
            Packer.unpack(from, send.offset, receive.base, receive.offset, receive.count, receive.type, 0, stored);
        } else if (receive.type.isContiguous() && receive.base instanceof MemorySegment to) {
            Packer.pack(send.base, send.offset, send.count, send.type, 0, to, receive.offset, stored);
        } else if (!copyOnDevice(send, receive, stored)) {
            copyByChunks(send, receive, receiver.chunk(), stored);
        }
    }

    private static boolean copyOnDevice(Transfer send, Transfer receive, long stored) {
        return UserBuffer.isOnDevice(send.base) && UserBuffer.isOnDevice(receive.base) && send.type.isContiguous()
                && receive.type.isContiguous()
                && ((DeviceBuffer) receive.base).copyFrom((DeviceBuffer) send.base, send.offset, receive.offset,
                        stored);
    }

    private static void copyByChunks(Transfer send, Transfer receive, MemorySegment chunk, long stored) {
        for (long position = 0; position < stored; position += CHUNK) {
            long bytes = Math.min(CHUNK, stored - position);
            Packer.pack(send.base, send.offset, send.count, send.type, position, chunk, 0, bytes);
            Packer.unpack(chunk, 0, receive.base, receive.offset, receive.count, receive.type, position, bytes);
        }
    }
}
