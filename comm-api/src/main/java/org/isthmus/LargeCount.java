package org.isthmus;

import java.lang.foreign.MemorySegment;
import mpi.Comm;
import mpi.Datatype;
import mpi.MPIException;
import mpi.Op;
import mpi.Status;
import org.isthmus.access.MpiAccess;
import org.isthmus.comm.Engine;
import org.isthmus.comm.buffer.UserBuffer;
import org.isthmus.comm.coll.Collectives;
import org.isthmus.comm.datatype.DerivedTypes;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.op.ReduceOp;
import org.isthmus.comm.pt2pt.Envelope;
import org.isthmus.comm.pt2pt.PointToPoint;

/**
 * Messages and collectives with counts above 2^31 - 1 (MPI 4.0, section 2.5.8, the {@code _c} forms), on
 * {@code MemorySegment}s, which may be that long.
 *
 * <p>Counts are in elements of the datatype, with the meaning that they have in {@link Comm}. A message sent here may
 * be received by any receive and the other way round; {@link Status#getElementsX} tells its length. All ranks of a
 * collective call it here. Collectives are for intracommunicators; {@code null} for the send buffer is "in place" where
 * it says so. Threads and errors as in {@link Comm}.
 */
public final class LargeCount {
    /** Bytes that a collective moves at a time, all ranks' blocks together. */
    private static final long PIECE_BYTES = 1 << 28;

    private LargeCount() {}

    public static void send(Comm comm, MemorySegment buf, long count, Datatype type, int dest, int tag)
            throws MPIException {
        call(comm, (access, engine, c) -> {
            access.checkPeer(c, "dest", dest, false);
            access.checkTag(tag, false);
            TypeMap map = type(access, "count", count, type);
            Object base = UserBuffer.sendBase(buf, "buf", count, map);
            if (dest >= 0) {
                c.pointToPoint().send(c, PointToPoint.Mode.STANDARD, base, UserBuffer.offset(buf), 1,
                        DerivedTypes.contiguous(count, map), dest, tag);
            }
            return null;
        });
    }

    /** {@code source} and {@code tag} may be wildcards. */
    public static Status recv(Comm comm, MemorySegment buf, long count, Datatype type, int source, int tag)
            throws MPIException {
        return call(comm, (access, engine, c) -> {
            access.checkPeer(c, "source", source, true);
            access.checkTag(tag, true);
            TypeMap map = type(access, "count", count, type);
            Object base = UserBuffer.recvBase(buf, "buf", count, map);
            Envelope envelope = new Envelope();
            envelope.source = source;
            envelope.tag = PointToPoint.ANY_TAG;
            if (source >= PointToPoint.ANY_SOURCE) {
                c.pointToPoint().recv(c, base, UserBuffer.offset(buf), 1, DerivedTypes.contiguous(count, map), source,
                        tag, envelope);
            }
            return access.status(envelope);
        });
    }

    /** The root's elements reach all. */
    public static void bcast(Comm comm, MemorySegment buf, long count, Datatype type, int root) throws MPIException {
        call(comm, (access, engine, c) -> {
            access.checkRoot(c, root);
            TypeMap map = type(access, "count", count, type);
            Object base = c.rank() == root ? UserBuffer.sendBase(buf, "buf", count, map)
                    : UserBuffer.recvBase(buf, "buf", count, map);
            long offset = UserBuffer.offset(buf);
            Collectives collectives = engine.collectives(c);
            pieces(count, map, 1, (first, length) ->
                    collectives.bcast(base, offset + first * map.extent(), length, map, root));
            return null;
        });
    }

    /** @param sendbuf null at the root: in place */
    public static void reduce(Comm comm, MemorySegment sendbuf, MemorySegment recvbuf, long count, Datatype type, Op op,
            int root) throws MPIException {
        call(comm, (access, engine, c) -> {
            access.checkRoot(c, root);
            boolean atRoot = c.rank() == root;
            Operands operands = operands(access, atRoot && sendbuf == null, sendbuf, atRoot, recvbuf, count, type, op);
            Collectives collectives = engine.collectives(c);
            pieces(count, operands.map, 1, (first, length) -> {
                long skip = first * operands.map.extent();
                collectives.reduce(operands.send, operands.sendOffset + skip, operands.recv, operands.recvOffset + skip,
                        length, operands.map, operands.op, root);
            });
            return null;
        });
    }

    /** @param sendbuf null: in place */
    public static void allReduce(Comm comm, MemorySegment sendbuf, MemorySegment recvbuf, long count, Datatype type,
            Op op) throws MPIException {
        call(comm, (access, engine, c) -> {
            Operands operands = operands(access, sendbuf == null, sendbuf, true, recvbuf, count, type, op);
            Collectives collectives = engine.collectives(c);
            pieces(count, operands.map, 1, (first, length) -> {
                long skip = first * operands.map.extent();
                collectives.allreduce(operands.send, operands.sendOffset + skip, operands.recv,
                        operands.recvOffset + skip, length, operands.map, operands.op);
            });
            return null;
        });
    }

    /**
     * {@code count} elements of each rank, in order, at the root.
     *
     * @param recvbuf room for {@code count} elements of each rank; matters at the root only
     */
    public static void gather(Comm comm, MemorySegment sendbuf, long count, Datatype type, MemorySegment recvbuf,
            int root) throws MPIException {
        call(comm, (access, engine, c) -> {
            access.checkRoot(c, root);
            TypeMap map = type(access, "count", count, type);
            Object send = UserBuffer.sendBase(sendbuf, "sendbuf", count, map);
            Object recv = c.rank() == root
                    ? UserBuffer.recvBase(recvbuf, "recvbuf", Math.multiplyExact(count, c.size()), map) : null;
            long sendOffset = UserBuffer.offset(sendbuf);
            long recvOffset = UserBuffer.offset(recvbuf);
            Collectives collectives = engine.collectives(c);
            pieces(count, map, c.size(), (first, length) ->
                    collectives.gather(send, sendOffset + first * map.extent(), 1, piece(length, count, map),
                    recv, recvOffset + first * map.extent(), 1, piece(length, count, map), root));
            return null;
        });
    }

    /** {@code count} elements of each rank, in order, on all. */
    public static void allGather(Comm comm, MemorySegment sendbuf, long count, Datatype type, MemorySegment recvbuf)
            throws MPIException {
        call(comm, (access, engine, c) -> {
            TypeMap map = type(access, "count", count, type);
            Object send = UserBuffer.sendBase(sendbuf, "sendbuf", count, map);
            Object recv = UserBuffer.recvBase(recvbuf, "recvbuf", Math.multiplyExact(count, c.size()), map);
            long sendOffset = UserBuffer.offset(sendbuf);
            long recvOffset = UserBuffer.offset(recvbuf);
            Collectives collectives = engine.collectives(c);
            pieces(count, map, c.size(), (first, length) -> collectives.allgather(send,
                    sendOffset + first * map.extent(), 1, piece(length, count, map), recv,
                    recvOffset + first * map.extent(), 1, piece(length, count, map)));
            return null;
        });
    }

    /** Block i of {@code count} elements goes to rank i. */
    public static void allToAll(Comm comm, MemorySegment sendbuf, long count, Datatype type, MemorySegment recvbuf)
            throws MPIException {
        call(comm, (access, engine, c) -> {
            TypeMap map = type(access, "count", count, type);
            long all = Math.multiplyExact(count, c.size());
            Object send = UserBuffer.sendBase(sendbuf, "sendbuf", all, map);
            Object recv = UserBuffer.recvBase(recvbuf, "recvbuf", all, map);
            long sendOffset = UserBuffer.offset(sendbuf);
            long recvOffset = UserBuffer.offset(recvbuf);
            Collectives collectives = engine.collectives(c);
            pieces(count, map, c.size(), (first, length) -> collectives.alltoall(send,
                    sendOffset + first * map.extent(), 1, piece(length, count, map), recv,
                    recvOffset + first * map.extent(), 1, piece(length, count, map)));
            return null;
        });
    }

    /** A part of a collective. */
    interface Piece {
        void run(long first, int length);
    }

    /**
     * Cuts {@code count} elements into pieces, in order.
     *
     * @param blocks how many blocks of so many elements are moved at once
     */
    static void pieces(long count, TypeMap map, int blocks, Piece piece) {
        long most = Math.max(1, PIECE_BYTES / Math.max(1, map.size() * blocks));
        long first = 0;
        do {
            int length = (int) Math.min(most, count - first);
            piece.run(first, length);
            first += length;
        } while (first < count);
    }

    /** {@code length} elements, with the extent of a block of {@code count}, so that pieces of blocks lie right. */
    private static TypeMap piece(long length, long count, TypeMap map) {
        return DerivedTypes.resized(DerivedTypes.contiguous(length, map), 0, count * map.extent());
    }

    private record Operands(TypeMap map, ReduceOp op, Object send, long sendOffset, Object recv, long recvOffset) {}

    private static Operands operands(MpiAccess access, boolean inPlace, MemorySegment sendbuf, boolean receives,
            MemorySegment recvbuf, long count, Datatype type, Op op) {
        TypeMap map = type(access, "count", count, type);
        ReduceOp function = access.op(op, type);
        Object send = inPlace ? null : UserBuffer.sendBase(sendbuf, "sendbuf", count, map);
        Object recv = receives ? UserBuffer.recvBase(recvbuf, "recvbuf", count, map) : null;
        return new Operands(map, function, send, UserBuffer.offset(sendbuf), recv, UserBuffer.offset(recvbuf));
    }

    private interface Body<R> {
        R run(MpiAccess access, Engine engine, Communicator c);
    }

    private static <R> R call(Comm comm, Body<R> body) throws MPIException {
        MpiAccess access = MpiAccess.get();
        Engine engine = access.engine();
        engine.enter();
        try {
            return body.run(access, engine, access.communicator(comm));
        } catch (CommException e) {
            throw access.raise(comm, e);
        } catch (ArithmeticException e) {
            throw access.raise(comm,
                    new CommException(ErrorClass.COUNT, "count times the number of ranks is 2^63 or more"));
        } finally {
            engine.exit();
        }
    }

    private static TypeMap type(MpiAccess access, String name, long count, Datatype type) {
        if (count < 0) {
            throw new CommException(ErrorClass.COUNT, name + " is " + count + "; it must be 0 or more");
        }
        TypeMap map = access.messageType(type);
        Math.multiplyExact(count, Math.max(1, Math.abs(map.extent())));
        return map;
    }
}
