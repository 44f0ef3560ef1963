package mpi;

import java.lang.ref.Reference;
import org.isthmus.comm.Engine;
import org.isthmus.comm.buffer.UserBuffer;
import org.isthmus.comm.coll.Collectives;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.group.Communicator;

/**
 * The collectives of {@link Comm} that move data (MPI 3.1, chapter 5): check the arguments, resolve the buffers, hand
 * over to the engine, turn its errors into the communicator's. {@link ReductionCalls} has those that combine data.
 *
 * <p>Each method is a collective in both its forms: with {@code blocking} it waits and returns null, else it returns
 * the request. {@code inPlace} applies to the root
 * of rooted collectives only; its own data then is in the other buffer.
 */
final class CollectiveCalls {
    private CollectiveCalls() {}

    static Request barrier(Comm comm, boolean blocking) throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            Collectives collectives = engine.collectives(comm.communicator());
            if (blocking) {
                collectives.barrier();
                return null;
            }
            return new Request(comm, collectives.ibarrier(), false, null, null);
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        } finally {
            engine.exit();
        }
    }

    static Request bcast(Comm comm, boolean blocking, Object buf, int count, Datatype type,
            int root) throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            Communicator c = comm.communicator();
            Checks.root(c, root);
            TypeMap map = null;
            Object base = null;
            if (Checks.isRoot(c, root)) {
                map = Checks.message("count", count, type);
                base = UserBuffer.sendBase(buf, "buf", count, map);
            } else if (Checks.isPeerOfRoot(c, root)) {
                map = Checks.message("count", count, type);
                base = UserBuffer.recvBase(buf, "buf", count, map);
            }
            Collectives collectives = engine.collectives(c);
            if (blocking) {
                collectives.bcast(base, UserBuffer.offset(buf), count, map, root);
                return null;
            }
            return new Request(comm, collectives.ibcast(base, UserBuffer.offset(buf), count, map, root), false, buf,
                    null);
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        } finally {
            engine.exit();
            Reference.reachabilityFence(buf);
        }
    }

    static Request gather(Comm comm, boolean blocking, boolean inPlace, Object sendbuf, int sendcount,
            Datatype sendtype, Object recvbuf, int recvcount, Datatype recvtype, int root) throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            Communicator c = comm.communicator();
            Checks.root(c, root);
            Checks.inPlace(c, inPlace);
            boolean atRoot = Checks.isRoot(c, root);
            TypeMap sendMap = null;
            Object sendBase = null;
            if (Checks.isPeerOfRoot(c, root) && !(atRoot && inPlace)) {
                sendMap = Checks.message("sendcount", sendcount, sendtype);
                sendBase = UserBuffer.sendBase(sendbuf, "sendbuf", sendcount, sendMap);
            }
            TypeMap recvMap = null;
            Object recvBase = null;
            if (atRoot) {
                recvMap = Checks.message("recvcount", recvcount, recvtype);
                recvBase = UserBuffer.recvBase(recvbuf, "recvbuf", (long) c.size() * recvcount, recvMap);
            }
            Collectives collectives = engine.collectives(c);
            if (blocking) {
                sendBase = UserBuffer.apart(sendBase, recvBase, sendbuf == recvbuf);
                collectives.gather(sendBase, UserBuffer.offset(sendbuf), sendcount, sendMap, recvBase,
                        UserBuffer.offset(recvbuf), recvcount, recvMap, root);
                return null;
            }
            return new Request(comm, collectives.igather(sendBase, UserBuffer.offset(sendbuf), sendcount, sendMap,
                    recvBase, UserBuffer.offset(recvbuf), recvcount, recvMap, root), false, sendbuf, recvbuf);
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        } finally {
            engine.exit();
            Reference.reachabilityFence(sendbuf);
            Reference.reachabilityFence(recvbuf);
        }
    }

    static Request gatherv(Comm comm, boolean blocking, boolean inPlace, Object sendbuf, int sendcount,
            Datatype sendtype, Object recvbuf, int[] recvcounts, int[] displs, Datatype recvtype,
            int root) throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            Communicator c = comm.communicator();
            Checks.root(c, root);
            Checks.inPlace(c, inPlace);
            boolean atRoot = Checks.isRoot(c, root);
            TypeMap sendMap = null;
            Object sendBase = null;
            if (Checks.isPeerOfRoot(c, root) && !(atRoot && inPlace)) {
                sendMap = Checks.message("sendcount", sendcount, sendtype);
                sendBase = UserBuffer.sendBase(sendbuf, "sendbuf", sendcount, sendMap);
            }
            TypeMap recvMap = null;
            Object recvBase = null;
            if (atRoot) {
                recvMap = Checks.type(recvtype);
                recvBase = VectorBuffer.base(c, recvbuf, "recv", true, recvcounts, displs, recvMap);
            }
            Collectives collectives = engine.collectives(c);
            if (blocking) {
                sendBase = UserBuffer.apart(sendBase, recvBase, sendbuf == recvbuf);
                collectives.gatherv(sendBase, UserBuffer.offset(sendbuf), sendcount, sendMap, recvBase,
                        UserBuffer.offset(recvbuf), recvcounts, displs, recvMap, root);
                return null;
            }
            return new Request(comm, collectives.igatherv(sendBase, UserBuffer.offset(sendbuf), sendcount, sendMap,
                    recvBase, UserBuffer.offset(recvbuf), recvcounts, displs, recvMap, root), false, sendbuf, recvbuf);
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        } finally {
            engine.exit();
            Reference.reachabilityFence(sendbuf);
            Reference.reachabilityFence(recvbuf);
        }
    }

    static Request scatter(Comm comm, boolean blocking, boolean inPlace, Object sendbuf, int sendcount,
            Datatype sendtype, Object recvbuf, int recvcount, Datatype recvtype, int root) throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            Communicator c = comm.communicator();
            Checks.root(c, root);
            Checks.inPlace(c, inPlace);
            boolean atRoot = Checks.isRoot(c, root);
            TypeMap sendMap = null;
            Object sendBase = null;
            if (atRoot) {
                sendMap = Checks.message("sendcount", sendcount, sendtype);
                sendBase = UserBuffer.sendBase(sendbuf, "sendbuf", (long) c.size() * sendcount, sendMap);
            }
            TypeMap recvMap = null;
            Object recvBase = null;
            if (Checks.isPeerOfRoot(c, root) && !(atRoot && inPlace)) {
                recvMap = Checks.message("recvcount", recvcount, recvtype);
                recvBase = UserBuffer.recvBase(recvbuf, "recvbuf", recvcount, recvMap);
            }
            Collectives collectives = engine.collectives(c);
            if (blocking) {
                sendBase = UserBuffer.apart(sendBase, recvBase, sendbuf == recvbuf);
                collectives.scatter(sendBase, UserBuffer.offset(sendbuf), sendcount, sendMap, recvBase,
                        UserBuffer.offset(recvbuf), recvcount, recvMap, root);
                return null;
            }
            return new Request(comm, collectives.iscatter(sendBase, UserBuffer.offset(sendbuf), sendcount, sendMap,
                    recvBase, UserBuffer.offset(recvbuf), recvcount, recvMap, root), false, sendbuf, recvbuf);
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        } finally {
            engine.exit();
            Reference.reachabilityFence(sendbuf);
            Reference.reachabilityFence(recvbuf);
        }
    }

    static Request scatterv(Comm comm, boolean blocking, boolean inPlace, Object sendbuf, int[] sendcounts,
            int[] displs, Datatype sendtype, Object recvbuf, int recvcount, Datatype recvtype,
            int root) throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            Communicator c = comm.communicator();
            Checks.root(c, root);
            Checks.inPlace(c, inPlace);
            boolean atRoot = Checks.isRoot(c, root);
            TypeMap sendMap = null;
            Object sendBase = null;
            if (atRoot) {
                sendMap = Checks.type(sendtype);
                sendBase = VectorBuffer.base(c, sendbuf, "send", false, sendcounts, displs, sendMap);
            }
            TypeMap recvMap = null;
            Object recvBase = null;
            if (Checks.isPeerOfRoot(c, root) && !(atRoot && inPlace)) {
                recvMap = Checks.message("recvcount", recvcount, recvtype);
                recvBase = UserBuffer.recvBase(recvbuf, "recvbuf", recvcount, recvMap);
            }
            Collectives collectives = engine.collectives(c);
            if (blocking) {
                sendBase = UserBuffer.apart(sendBase, recvBase, sendbuf == recvbuf);
                collectives.scatterv(sendBase, UserBuffer.offset(sendbuf), sendcounts, displs, sendMap, recvBase,
                        UserBuffer.offset(recvbuf), recvcount, recvMap, root);
                return null;
            }
            return new Request(comm, collectives.iscatterv(sendBase, UserBuffer.offset(sendbuf), sendcounts, displs,
                    sendMap, recvBase, UserBuffer.offset(recvbuf), recvcount, recvMap, root), false, sendbuf, recvbuf);
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        } finally {
            engine.exit();
            Reference.reachabilityFence(sendbuf);
            Reference.reachabilityFence(recvbuf);
        }
    }

    static Request allGather(Comm comm, boolean blocking, boolean inPlace, Object sendbuf, int sendcount,
            Datatype sendtype, Object recvbuf, int recvcount, Datatype recvtype) throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            Communicator c = comm.communicator();
            Checks.inPlace(c, inPlace);
            TypeMap sendMap = null;
            Object sendBase = null;
            if (!inPlace) {
                sendMap = Checks.message("sendcount", sendcount, sendtype);
                sendBase = UserBuffer.sendBase(sendbuf, "sendbuf", sendcount, sendMap);
            }
            TypeMap recvMap = Checks.message("recvcount", recvcount, recvtype);
            Object recvBase = UserBuffer.recvBase(recvbuf, "recvbuf", (long) c.size() * recvcount, recvMap);
            Collectives collectives = engine.collectives(c);
            if (blocking) {
                sendBase = UserBuffer.apart(sendBase, recvBase, sendbuf == recvbuf);
                collectives.allgather(sendBase, UserBuffer.offset(sendbuf), sendcount, sendMap, recvBase,
                        UserBuffer.offset(recvbuf), recvcount, recvMap);
                return null;
            }
            return new Request(comm, collectives.iallgather(sendBase, UserBuffer.offset(sendbuf), sendcount, sendMap,
                    recvBase, UserBuffer.offset(recvbuf), recvcount, recvMap), false, sendbuf, recvbuf);
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        } finally {
            engine.exit();
            Reference.reachabilityFence(sendbuf);
            Reference.reachabilityFence(recvbuf);
        }
    }

    static Request allGatherv(Comm comm, boolean blocking, boolean inPlace, Object sendbuf, int sendcount,
            Datatype sendtype, Object recvbuf, int[] recvcounts, int[] displs,
            Datatype recvtype) throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            Communicator c = comm.communicator();
            Checks.inPlace(c, inPlace);
            TypeMap sendMap = null;
            Object sendBase = null;
            if (!inPlace) {
                sendMap = Checks.message("sendcount", sendcount, sendtype);
                sendBase = UserBuffer.sendBase(sendbuf, "sendbuf", sendcount, sendMap);
            }
            TypeMap recvMap = Checks.type(recvtype);
            Object recvBase = VectorBuffer.base(c, recvbuf, "recv", true, recvcounts, displs, recvMap);
            Collectives collectives = engine.collectives(c);
            if (blocking) {
                sendBase = UserBuffer.apart(sendBase, recvBase, sendbuf == recvbuf);
                collectives.allgatherv(sendBase, UserBuffer.offset(sendbuf), sendcount, sendMap, recvBase,
                        UserBuffer.offset(recvbuf), recvcounts, displs, recvMap);
                return null;
            }
            return new Request(comm, collectives.iallgatherv(sendBase, UserBuffer.offset(sendbuf), sendcount, sendMap,
                    recvBase, UserBuffer.offset(recvbuf), recvcounts, displs, recvMap), false, sendbuf, recvbuf);
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        } finally {
            engine.exit();
            Reference.reachabilityFence(sendbuf);
            Reference.reachabilityFence(recvbuf);
        }
    }

    static Request allToAll(Comm comm, boolean blocking, Object sendbuf, int sendcount, Datatype sendtype,
            Object recvbuf, int recvcount, Datatype recvtype) throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            Communicator c = comm.communicator();
            TypeMap sendMap = Checks.message("sendcount", sendcount, sendtype);
            Object sendBase = UserBuffer.sendBase(sendbuf, "sendbuf", (long) c.size() * sendcount, sendMap);
            TypeMap recvMap = Checks.message("recvcount", recvcount, recvtype);
            Object recvBase = UserBuffer.recvBase(recvbuf, "recvbuf", (long) c.size() * recvcount, recvMap);
            Collectives collectives = engine.collectives(c);
            if (blocking) {
                sendBase = UserBuffer.apart(sendBase, recvBase, sendbuf == recvbuf);
                collectives.alltoall(sendBase, UserBuffer.offset(sendbuf), sendcount, sendMap, recvBase,
                        UserBuffer.offset(recvbuf), recvcount, recvMap);
                return null;
            }
            return new Request(comm, collectives.ialltoall(sendBase, UserBuffer.offset(sendbuf), sendcount, sendMap,
                    recvBase, UserBuffer.offset(recvbuf), recvcount, recvMap), false, sendbuf, recvbuf);
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        } finally {
            engine.exit();
            Reference.reachabilityFence(sendbuf);
            Reference.reachabilityFence(recvbuf);
        }
    }

    static Request allToAllv(Comm comm, boolean blocking, Object sendbuf, int[] sendcounts, int[] sdispls,
            Datatype sendtype, Object recvbuf, int[] recvcounts, int[] rdispls,
            Datatype recvtype) throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            Communicator c = comm.communicator();
            TypeMap sendMap = Checks.type(sendtype);
            Object sendBase = VectorBuffer.base(c, sendbuf, "send", false, sendcounts, sdispls, sendMap);
            TypeMap recvMap = Checks.type(recvtype);
            Object recvBase = VectorBuffer.base(c, recvbuf, "recv", true, recvcounts, rdispls, recvMap);
            Collectives collectives = engine.collectives(c);
            if (blocking) {
                sendBase = UserBuffer.apart(sendBase, recvBase, sendbuf == recvbuf);
                collectives.alltoallv(sendBase, UserBuffer.offset(sendbuf), sendcounts, sdispls, sendMap, recvBase,
                        UserBuffer.offset(recvbuf), recvcounts, rdispls, recvMap);
                return null;
            }
            return new Request(comm, collectives.ialltoallv(sendBase, UserBuffer.offset(sendbuf), sendcounts, sdispls,
                    sendMap, recvBase, UserBuffer.offset(recvbuf), recvcounts, rdispls, recvMap), false, sendbuf,
                    recvbuf);
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        } finally {
            engine.exit();
            Reference.reachabilityFence(sendbuf);
            Reference.reachabilityFence(recvbuf);
        }
    }

    static Request allToAllw(Comm comm, boolean blocking, Object sendbuf, int[] sendcounts, int[] sdispls,
            Datatype[] sendtypes, Object recvbuf, int[] recvcounts, int[] rdispls,
            Datatype[] recvtypes) throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            Communicator c = comm.communicator();
            TypeMap[] sendMaps = VectorBuffer.types(c, "sendtypes", sendtypes);
            TypeMap[] recvMaps = VectorBuffer.types(c, "recvtypes", recvtypes);
            Object sendBase = VectorBuffer.base(c, sendbuf, "send", false, sendcounts, sdispls, sendMaps);
            Object recvBase = VectorBuffer.base(c, recvbuf, "recv", true, recvcounts, rdispls, recvMaps);
            Collectives collectives = engine.collectives(c);
            if (blocking) {
                sendBase = UserBuffer.apart(sendBase, recvBase, sendbuf == recvbuf);
                collectives.alltoallw(sendBase, UserBuffer.offset(sendbuf), sendcounts, sdispls, sendMaps, recvBase,
                        UserBuffer.offset(recvbuf), recvcounts, rdispls, recvMaps);
                return null;
            }
            return new Request(comm, collectives.ialltoallw(sendBase, UserBuffer.offset(sendbuf), sendcounts, sdispls,
                    sendMaps, recvBase, UserBuffer.offset(recvbuf), recvcounts, rdispls, recvMaps), false, sendbuf,
                    recvbuf);
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        } finally {
            engine.exit();
            Reference.reachabilityFence(sendbuf);
            Reference.reachabilityFence(recvbuf);
        }
    }

    /**
     * Refuses a form of a rooted collective that only the root, or only the others, may call.
     *
     * @param instead the form to use on this rank
     */
    static void checkRole(Comm comm, int root, boolean rootOnly, String instead) throws MPIException {
        Session.check();
        try {
            Communicator c = comm.communicator();
            Checks.root(c, root);
            Checks.inPlace(c, rootOnly);
            if (Checks.isRoot(c, root) != rootOnly) {
                throw Checks.arg("this form is for " + (rootOnly ? "the root only" : "ranks other than the root")
                        + ", but rank is " + c.rank() + " and root is " + root + ": call " + instead);
            }
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        }
    }
}
