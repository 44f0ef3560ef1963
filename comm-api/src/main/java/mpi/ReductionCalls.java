package mpi;

import java.lang.ref.Reference;
import org.isthmus.comm.Engine;
import org.isthmus.comm.buffer.UserBuffer;
import org.isthmus.comm.coll.Collectives;
import org.isthmus.comm.coll.HostCopy;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.op.ReduceOp;

/**
 * The reductions of {@link Comm} and {@link Intracomm} (MPI 3.1, sections 5.9 to 5.11); shaped like
 * {@link CollectiveCalls}. "In place" the input is taken from the receive buffer.
 */
final class ReductionCalls {
    private ReductionCalls() {}

    static Request reduce(Comm comm, boolean blocking, boolean inPlace, Object sendbuf, Object recvbuf, int count,
            Datatype type, Op op, int root) throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            Communicator c = comm.communicator();
            Checks.root(c, root);
            Checks.inPlace(c, inPlace);
            boolean atRoot = Checks.isRoot(c, root);
            boolean hasData = Checks.isPeerOfRoot(c, root);
            TypeMap map = atRoot || hasData ? Checks.message("count", count, type) : null;
            ReduceOp function = atRoot || hasData ? Checks.op(op, type) : null;
            Object sendBase = !hasData || inPlace && atRoot ? null
                    : UserBuffer.sendBase(sendbuf, "sendbuf", count, map);
            Object recvBase = atRoot ? UserBuffer.recvBase(recvbuf, "recvbuf", count, map) : null;
            Collectives collectives = engine.collectives(c);
            if (blocking) {
                sendBase = UserBuffer.apart(sendBase, recvBase, sendbuf == recvbuf);
                collectives.reduce(sendBase, UserBuffer.offset(sendbuf), recvBase, UserBuffer.offset(recvbuf), count,
                        map, function, root);
                return null;
            }
            return new Request(comm, collectives.ireduce(sendBase, UserBuffer.offset(sendbuf), recvBase,
                    UserBuffer.offset(recvbuf), count, map, function, root), false, sendbuf, recvbuf);
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        } finally {
            engine.exit();
            Reference.reachabilityFence(sendbuf);
            Reference.reachabilityFence(recvbuf);
        }
    }

    static Request allReduce(Comm comm, boolean blocking, boolean inPlace, Object sendbuf, Object recvbuf, int count,
            Datatype type, Op op) throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            Communicator c = comm.communicator();
            Checks.inPlace(c, inPlace);
            TypeMap map = Checks.message("count", count, type);
            ReduceOp function = Checks.op(op, type);
            Object sendBase = inPlace ? null : UserBuffer.sendBase(sendbuf, "sendbuf", count, map);
            Object recvBase = UserBuffer.recvBase(recvbuf, "recvbuf", count, map);
            Collectives collectives = engine.collectives(c);
            if (blocking) {
                sendBase = UserBuffer.apart(sendBase, recvBase, sendbuf == recvbuf);
                collectives.allreduce(sendBase, UserBuffer.offset(sendbuf), recvBase, UserBuffer.offset(recvbuf), count,
                        map, function);
                return null;
            }
            return new Request(comm, collectives.iallreduce(sendBase, UserBuffer.offset(sendbuf), recvBase,
                    UserBuffer.offset(recvbuf), count, map, function), false, sendbuf, recvbuf);
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        } finally {
            engine.exit();
            Reference.reachabilityFence(sendbuf);
            Reference.reachabilityFence(recvbuf);
        }
    }

    static Request scan(Comm comm, boolean blocking, boolean inPlace, Object sendbuf, Object recvbuf, int count,
            Datatype type, Op op) throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            Communicator c = comm.communicator();
            TypeMap map = Checks.message("count", count, type);
            ReduceOp function = Checks.op(op, type);
            Object sendBase = inPlace ? null : UserBuffer.sendBase(sendbuf, "sendbuf", count, map);
            Object recvBase = UserBuffer.recvBase(recvbuf, "recvbuf", count, map);
            Collectives collectives = engine.collectives(c);
            if (blocking) {
                sendBase = UserBuffer.apart(sendBase, recvBase, sendbuf == recvbuf);
                collectives.scan(sendBase, UserBuffer.offset(sendbuf), recvBase, UserBuffer.offset(recvbuf), count, map,
                        function);
                return null;
            }
            return new Request(comm, collectives.iscan(sendBase, UserBuffer.offset(sendbuf), recvBase,
                    UserBuffer.offset(recvbuf), count, map, function), false, sendbuf, recvbuf);
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        } finally {
            engine.exit();
            Reference.reachabilityFence(sendbuf);
            Reference.reachabilityFence(recvbuf);
        }
    }

    static Request exScan(Comm comm, boolean blocking, boolean inPlace, Object sendbuf, Object recvbuf, int count,
            Datatype type, Op op) throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            Communicator c = comm.communicator();
            TypeMap map = Checks.message("count", count, type);
            ReduceOp function = Checks.op(op, type);
            Object sendBase = inPlace ? null : UserBuffer.sendBase(sendbuf, "sendbuf", count, map);
            Object recvBase = UserBuffer.recvBase(recvbuf, "recvbuf", count, map);
            Collectives collectives = engine.collectives(c);
            if (blocking) {
                sendBase = UserBuffer.apart(sendBase, recvBase, sendbuf == recvbuf);
                collectives.exscan(sendBase, UserBuffer.offset(sendbuf), recvBase, UserBuffer.offset(recvbuf), count,
                        map, function);
                return null;
            }
            return new Request(comm, collectives.iexscan(sendBase, UserBuffer.offset(sendbuf), recvBase,
                    UserBuffer.offset(recvbuf), count, map, function), false, sendbuf, recvbuf);
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        } finally {
            engine.exit();
            Reference.reachabilityFence(sendbuf);
            Reference.reachabilityFence(recvbuf);
        }
    }

    static Request reduceScatter(Comm comm, boolean blocking, boolean inPlace, Object sendbuf, Object recvbuf,
            int[] recvcounts, Datatype type, Op op) throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            Communicator c = comm.communicator();
            Checks.inPlace(c, inPlace);
            TypeMap map = Checks.type(type);
            ReduceOp function = Checks.op(op, type);
            Checks.counts("recvcounts", recvcounts, c.localSize(), "ranks");
            long total = 0;
            for (int i = 0; i < c.localSize(); i++) {
                total += recvcounts[i];
            }
            Object sendBase = inPlace ? null : UserBuffer.sendBase(sendbuf, "sendbuf", total, map);
            Object recvBase = UserBuffer.recvBase(recvbuf, "recvbuf", inPlace ? total : recvcounts[c.rank()], map);
            Collectives collectives = engine.collectives(c);
            if (blocking) {
                sendBase = UserBuffer.apart(sendBase, recvBase, sendbuf == recvbuf);
                collectives.reduceScatter(sendBase, UserBuffer.offset(sendbuf), recvBase, UserBuffer.offset(recvbuf),
                        recvcounts, map, function);
                return null;
            }
            return new Request(comm, collectives.ireduceScatter(sendBase, UserBuffer.offset(sendbuf), recvBase,
                    UserBuffer.offset(recvbuf), recvcounts, map, function), false, sendbuf, recvbuf);
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        } finally {
            engine.exit();
            Reference.reachabilityFence(sendbuf);
            Reference.reachabilityFence(recvbuf);
        }
    }

    static Request reduceScatterBlock(Comm comm, boolean blocking, boolean inPlace, Object sendbuf, Object recvbuf,
            int count, Datatype type, Op op) throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            Communicator c = comm.communicator();
            Checks.inPlace(c, inPlace);
            TypeMap map = Checks.message(inPlace ? "count" : "recvcount", count, type);
            ReduceOp function = Checks.op(op, type);
            long total = (long) c.localSize() * count;
            Object sendBase = inPlace ? null : UserBuffer.sendBase(sendbuf, "sendbuf", total, map);
            Object recvBase = UserBuffer.recvBase(recvbuf, "recvbuf", inPlace ? total : count, map);
            Collectives collectives = engine.collectives(c);
            if (blocking) {
                sendBase = UserBuffer.apart(sendBase, recvBase, sendbuf == recvbuf);
                collectives.reduceScatterBlock(sendBase, UserBuffer.offset(sendbuf), recvBase,
                        UserBuffer.offset(recvbuf), count, map, function);
                return null;
            }
            return new Request(comm, collectives.ireduceScatterBlock(sendBase, UserBuffer.offset(sendbuf), recvBase,
                    UserBuffer.offset(recvbuf), count, map, function), false, sendbuf, recvbuf);
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        } finally {
            engine.exit();
            Reference.reachabilityFence(sendbuf);
            Reference.reachabilityFence(recvbuf);
        }
    }

    static void reduceLocal(Object inBuf, Object inOutBuf, int count, Datatype type, Op op) throws MPIException {
        Session.check();
        try {
            TypeMap map = Checks.message("count", count, type);
            ReduceOp function = Checks.op(op, type);
            Object in = UserBuffer.sendBase(inBuf, "inBuf", count, map);
            Object inOut = UserBuffer.recvBase(inOutBuf, "inOutBuf", count, map);
            if (UserBuffer.isOnDevice(in) || UserBuffer.isOnDevice(inOut)) {
                reduceOnHost(in, UserBuffer.offset(inBuf), inOut, UserBuffer.offset(inOutBuf), count, map, function);
            } else {
                function.reduce(in, UserBuffer.offset(inBuf), inOut, UserBuffer.offset(inOutBuf), count, map);
            }
        } catch (CommException e) {
            throw Errors.raise(e);
        } finally {
            Reference.reachabilityFence(inBuf);
            Reference.reachabilityFence(inOutBuf);
        }
    }

    private static void reduceOnHost(Object in, long inOffset, Object inOut, long inOutOffset, int count, TypeMap map,
            ReduceOp function) {
        HostCopy left = HostCopy.of(in, inOffset, count, map);
        HostCopy right = HostCopy.of(inOut, inOutOffset, count, map);
        try {
            left.load();
            right.load();
            function.reduce(left.base(), left.offset(), right.base(), right.offset(), count, map);
            right.store();
        } finally {
            left.release();
            right.release();
        }
    }
}
