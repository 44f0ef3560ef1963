package mpi;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import org.isthmus.comm.Engine;
import org.isthmus.comm.buffer.UserBuffer;
import org.isthmus.comm.datatype.Packer;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.pt2pt.Envelope;
import org.isthmus.comm.pt2pt.MatchedMessage;
import org.isthmus.comm.pt2pt.PointToPoint;
import org.isthmus.comm.pt2pt.TransferRequest;

/**
 * The point-to-point calls of {@link Comm} (MPI 3.1, chapter 3): check the arguments, resolve the buffer, hand over to
 * the engine, turn its errors into the communicator's.
 */
final class Messaging {
    static final BsendBuffer BSEND = new BsendBuffer();

    private Messaging() {}

    static void send(Comm comm, SendMode mode, Object buf, int count, Datatype type, int dest, int tag)
            throws MPIException {
        transfer(Call.SEND, comm, mode, buf, count, type, dest, tag);
    }

    /** The envelope is valid until the next receive of this thread. */
    static Envelope recv(Comm comm, Object buf, int count, Datatype type, int source, int tag) throws MPIException {
        return (Envelope) transfer(Call.RECV, comm, null, buf, count, type, source, tag);
    }

    static Request isend(Comm comm, SendMode mode, Object buf, int count, Datatype type, int dest, int tag)
            throws MPIException {
        Engine engine = Session.engine();
        long start = CallStatistics.begin();
        try {
            Communicator c = comm.communicator();
            TypeMap map = Checks.message("count", count, type);
            Checks.dest(c, dest);
            Checks.tag(tag);
            Object base = UserBuffer.sendBase(buf, "buf", count, map);
            long offset = UserBuffer.offset(buf);
            engine.enter();
            try {
                TransferRequest send = startSend(engine, mode, c, base, offset, count, map, dest, tag);
                CallStatistics.end(start, mode.nonBlockingCall, count, map);
                return new Request(comm, send, false, buf, null);
            } finally {
                engine.exit();
            }
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        }
    }

    static Request irecv(Comm comm, Object buf, int count, Datatype type, int source, int tag) throws MPIException {
        Engine engine = Session.engine();
        long start = CallStatistics.begin();
        try {
            Communicator c = comm.communicator();
            TypeMap map = Checks.message("count", count, type);
            Checks.source(c, source);
            Checks.recvTag(tag);
            Object base = UserBuffer.recvBase(buf, "buf", count, map);
            long offset = UserBuffer.offset(buf);
            engine.enter();
            try {
                TransferRequest receive = startReceive(engine, c, base, offset, count, map, source, tag);
                CallStatistics.end(start, "MPI_Irecv", count, map);
                return new Request(comm, receive, true, null, buf);
            } finally {
                engine.exit();
            }
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        }
    }

    /** A persistent send, or with {@code mode} null a persistent receive. */
    static Prequest init(Comm comm, SendMode mode, Object buf, int count, Datatype type, int peer, int tag)
            throws MPIException {
        return (Prequest) transfer(Call.INIT, comm, mode, buf, count, type, peer, tag);
    }

    private enum Call { SEND, RECV, INIT }

    /**
     * Blocking and persistent sends, and with {@code mode} null such receives. One method for all of them, which is too
     * long for the JIT to inline (325 bytes of code): so {@link Comm#recv} stays short, is inlined in the program's
     * loop, and the {@link Status} that it makes of the envelope is not allocated where the program ignores it.
     * Non-blocking calls, whose result is always allocated, are faster on their own.
     *
     * @return what the call gives: nothing, an {@code Envelope} or a {@code Prequest}
     */
    private static Object transfer(Call call, Comm comm, SendMode mode, Object buf, int count, Datatype type, int peer,
            int tag) throws MPIException {
        Engine engine = Session.engine();
        long start = CallStatistics.begin();
        try {
            Communicator c = comm.communicator();
            TypeMap map = Checks.message("count", count, type);
            Object base;
            if (mode == null) {
                Checks.source(c, peer);
                Checks.recvTag(tag);
                base = UserBuffer.recvBase(buf, "buf", count, map);
            } else {
                Checks.dest(c, peer);
                Checks.tag(tag);
                base = UserBuffer.sendBase(buf, "buf", count, map);
            }
            long offset = UserBuffer.offset(buf);
            engine.enter();
            try {
                switch (call) {
                    case SEND -> {
                        if (mode == SendMode.BUFFERED || peer == Constant.PROC_NULL) {
                            startSend(engine, mode, c, base, offset, count, map, peer, tag);
                        } else {
                            c.pointToPoint().send(c, mode.engineMode, base, offset, count, map, peer, tag);
                        }
                        CallStatistics.end(start, mode.call, count, map);
                        return null;
                    }
                    case RECV -> {
                        Envelope result = Session.envelope();
                        if (peer == Constant.PROC_NULL) {
                            setNobody(result);
                        } else {
                            c.pointToPoint().recv(c, base, offset, count, map, peer, tag, result);
                        }
                        CallStatistics.end(start, "MPI_Recv", count, map);
                        return result;
                    }
                    default -> {
                        return new Prequest(
                                new Prequest.Transfer(mode, comm, base, offset, count, map, peer, tag), buf);
                    }
                }
            } finally {
                engine.exit();
            }
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        } finally {
            Reference.reachabilityFence(buf);
        }
    }

    private static void setNobody(Envelope envelope) {
        envelope.source = Constant.PROC_NULL;
        envelope.tag = Constant.ANY_TAG;
        envelope.bytes = 0;
        envelope.cancelled = false;
    }

    /** Starts a send whose arguments were checked; the caller holds the engine lock. */
    static TransferRequest startSend(Engine engine, SendMode mode, Communicator comm, Object base, long offset,
            int count, TypeMap map, int dest, int tag) {
        if (dest == Constant.PROC_NULL) {
            return new FinishedTransfer();
        }
        if (mode == SendMode.BUFFERED) {
            BSEND.send(engine, comm, base, offset, count, map, dest, tag);
            return new FinishedTransfer();
        }
        return comm.pointToPoint().isend(comm, mode.engineMode, base, offset, count, map, dest, tag);
    }

    /** Starts a receive whose arguments were checked; the caller holds the engine lock. */
    static TransferRequest startReceive(Engine engine, Communicator comm, Object base, long offset, int count,
            TypeMap map, int source, int tag) {
        return source == Constant.PROC_NULL ? new FinishedTransfer()
                : comm.pointToPoint().irecv(comm, base, offset, count, map, source, tag);
    }

    static Status sendRecv(Comm comm, Object sendbuf, int sendcount, Datatype sendtype, int dest, int sendtag,
            Object recvbuf, int recvcount, Datatype recvtype, int source, int recvtag) throws MPIException {
        if (sendbuf == recvbuf && sendbuf != null && sendbuf.getClass().isArray()) {
            byte[] copy = packedCopy(comm, sendbuf, "sendcount", sendcount, sendtype);
            return exchange(comm, copy, copy.length, MPI.PACKED, dest, sendtag, recvbuf, recvcount, recvtype, source,
                    recvtag);
        }
        return exchange(comm, sendbuf, sendcount, sendtype, dest, sendtag, recvbuf, recvcount, recvtype, source,
                recvtag);
    }

    private static Status exchange(Comm comm, Object sendbuf, int sendcount, Datatype sendtype, int dest, int sendtag,
            Object recvbuf, int recvcount, Datatype recvtype, int source, int recvtag) throws MPIException {
        Request receive = irecv(comm, recvbuf, recvcount, recvtype, source, recvtag);
        Request send;
        try {
            send = isend(comm, SendMode.STANDARD, sendbuf, sendcount, sendtype, dest, sendtag);
        } catch (MPIException e) {
            receive.cancel();
            receive.waitFor();
            throw e;
        }
        Status status = null;
        try {
            status = receive.waitStatus();
        } finally {
            send.waitFor();
        }
        return status;
    }

    static Status sendRecvReplace(Comm comm, Object buf, int count, Datatype type, int dest, int sendtag, int source,
            int recvtag) throws MPIException {
        byte[] copy = packedCopy(comm, buf, "count", count, type);
        return exchange(comm, copy, copy.length, MPI.PACKED, dest, sendtag, buf, count, type, source, recvtag);
    }

    /** The message in an array of its own, so that {@code buf} is free to be received into. */
    private static byte[] packedCopy(Comm comm, Object buf, String countName, int count, Datatype type)
            throws MPIException {
        Session.check();
        try {
            TypeMap map = Checks.message(countName, count, type);
            Object base = UserBuffer.recvBase(buf, "buf", count, map);
            byte[] copy = new byte[packedSize(count, map)];
            Packer.pack(base, UserBuffer.offset(buf), count, map, 0, MemorySegment.ofArray(copy), 0, copy.length);
            return copy;
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        }
    }

    private static int packedSize(int count, TypeMap map) {
        long bytes = count * map.size();
        if (bytes > Integer.MAX_VALUE) {
            throw new CommException(ErrorClass.COUNT, "count is " + count + ": " + bytes
                    + " packed bytes are more than a byte[] can hold (" + Integer.MAX_VALUE + ")");
        }
        return (int) bytes;
    }

    static int packSize(Comm comm, int count, Datatype type) throws MPIException {
        Session.check();
        try {
            comm.communicator();
            return packedSize(count, Checks.message("incount", count, type));
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        }
    }

    static int pack(Comm comm, Object inbuf, int count, Datatype type, byte[] outbuf, int position)
            throws MPIException {
        Session.check();
        try {
            comm.communicator();
            TypeMap map = Checks.message("incount", count, type);
            int bytes = packedSize(count, map);
            checkRoom("outbuf", outbuf, position, bytes);
            Object base = UserBuffer.sendBase(inbuf, "inbuf", count, map);
            Packer.pack(base, UserBuffer.offset(inbuf), count, map, 0, MemorySegment.ofArray(outbuf), position, bytes);
            return position + bytes;
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        }
    }

    static int unpack(Comm comm, byte[] inbuf, int position, Object outbuf, int count, Datatype type)
            throws MPIException {
        Session.check();
        try {
            comm.communicator();
            TypeMap map = Checks.message("outcount", count, type);
            int bytes = packedSize(count, map);
            checkRoom("inbuf", inbuf, position, bytes);
            Object base = UserBuffer.recvBase(outbuf, "outbuf", count, map);
            Packer.unpack(MemorySegment.ofArray(inbuf), position, base, UserBuffer.offset(outbuf), count, map, 0,
                    bytes);
            return position + bytes;
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        }
    }

    private static void checkRoom(String name, byte[] packed, int position, int bytes) {
        Checks.notNull(packed, name);
        if (position < 0 || position > packed.length) {
            throw Checks.arg("position is " + position + "; it must be from 0 to " + packed.length + ", the length of "
                    + name);
        }
        if (bytes > packed.length - position) {
            throw new CommException(ErrorClass.TRUNCATE, name + " has " + (packed.length - position)
                    + " bytes from position " + position + ", but " + bytes + " are needed");
        }
    }

    static Status probe(Comm comm, int source, int tag) throws MPIException {
        Engine engine = Session.engine();
        try {
            Communicator c = checkProbe(comm, source, tag);
            if (source == Constant.PROC_NULL) {
                return Status.ofNobody();
            }
            Envelope result = new Envelope();
            engine.enter();
            try {
                c.pointToPoint().probe(c, source, tag, result);
            } finally {
                engine.exit();
            }
            return new Status(result);
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        }
    }

    /** Null when there is no message. */
    static Status iprobe(Comm comm, int source, int tag) throws MPIException {
        Engine engine = Session.engine();
        try {
            Communicator c = checkProbe(comm, source, tag);
            if (source == Constant.PROC_NULL) {
                return Status.ofNobody();
            }
            Envelope result = Session.envelope();
            engine.enter();
            try {
                return c.pointToPoint().iprobe(c, source, tag, result) ? new Status(result) : null;
            } finally {
                engine.exit();
            }
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        }
    }

    /** Takes a message out of matching; null when there is none and the call does not wait. */
    static MatchedMessage matchedProbe(Comm comm, int source, int tag, boolean wait) throws MPIException {
        Engine engine = Session.engine();
        try {
            Communicator c = checkProbe(comm, source, tag);
            engine.enter();
            try {
                PointToPoint p = c.pointToPoint();
                MatchedMessage message = p.improbe(c, source, tag);
                while (message == null && wait) {
                    p.probe(c, source, tag, new Envelope());
                    message = p.improbe(c, source, tag);
                }
                return message;
            } finally {
                engine.exit();
            }
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        }
    }

    private static Communicator checkProbe(Comm comm, int source, int tag) {
        Communicator c = comm.communicator();
        Checks.source(c, source);
        Checks.recvTag(tag);
        return c;
    }
}
