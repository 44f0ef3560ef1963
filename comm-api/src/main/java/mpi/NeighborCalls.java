package mpi;

import java.lang.ref.Reference;
import org.isthmus.comm.Engine;
import org.isthmus.comm.buffer.UserBuffer;
import org.isthmus.comm.coll.AlgorithmTable;
import org.isthmus.comm.coll.CollectiveCall;
import org.isthmus.comm.coll.CollectiveKind;
import org.isthmus.comm.coll.ScheduledCollectives;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.topology.Neighborhood;
import org.isthmus.comm.topology.Topology;

/**
 * The neighbourhood collectives of {@link Comm} (MPI 3.1, section 7.6): check the arguments, resolve the buffers, hand
 * over to the engine. With {@code blocking} they wait and return null, else they return the request.
 */
final class NeighborCalls {
    private static final String OWNERS = "neighbours";

    private NeighborCalls() {}

    /** Checks the arguments of one call and puts both its sides into {@code call}. */
    private interface Arguments {
        void fill(CollectiveCall call, int sources, int destinations);
    }

    static Request allGather(Comm comm, boolean blocking, Object sendbuf, int sendcount, Datatype sendtype,
            Object recvbuf, int recvcount, Datatype recvtype) throws MPIException {
        return run(comm, blocking, CollectiveKind.NEIGHBOR_ALLGATHER, sendbuf, recvbuf, (call, sources, dests) -> {
            TypeMap sendMap = Checks.message("sendcount", sendcount, sendtype);
            Object sendBase = UserBuffer.sendBase(sendbuf, "sendbuf", sendcount, sendMap);
            TypeMap recvMap = Checks.message("recvcount", recvcount, recvtype);
            Object recvBase = UserBuffer.recvBase(recvbuf, "recvbuf", (long) sources * recvcount, recvMap);
            call.send(apart(blocking, sendBase, recvBase, sendbuf, recvbuf), UserBuffer.offset(sendbuf), sendcount,
                    sendMap).receive(recvBase, UserBuffer.offset(recvbuf), recvcount, recvMap);
        });
    }

    static Request allGatherv(Comm comm, boolean blocking, Object sendbuf, int sendcount, Datatype sendtype,
            Object recvbuf, int[] recvcounts, int[] displs, Datatype recvtype) throws MPIException {
        return run(comm, blocking, CollectiveKind.NEIGHBOR_ALLGATHERV, sendbuf, recvbuf, (call, sources, dests) -> {
            TypeMap sendMap = Checks.message("sendcount", sendcount, sendtype);
            Object sendBase = UserBuffer.sendBase(sendbuf, "sendbuf", sendcount, sendMap);
            TypeMap recvMap = Checks.type(recvtype);
            Object recvBase = VectorBuffer.base(sources, OWNERS, recvbuf, "recv", true, recvcounts, displs, recvMap);
            call.send(apart(blocking, sendBase, recvBase, sendbuf, recvbuf), UserBuffer.offset(sendbuf), sendcount,
                    sendMap).receiveV(recvBase, UserBuffer.offset(recvbuf), recvcounts, displs, recvMap);
        });
    }

    static Request allToAll(Comm comm, boolean blocking, Object sendbuf, int sendcount, Datatype sendtype,
            Object recvbuf, int recvcount, Datatype recvtype) throws MPIException {
        return run(comm, blocking, CollectiveKind.NEIGHBOR_ALLTOALL, sendbuf, recvbuf, (call, sources, dests) -> {
            TypeMap sendMap = Checks.message("sendcount", sendcount, sendtype);
            Object sendBase = UserBuffer.sendBase(sendbuf, "sendbuf", (long) dests * sendcount, sendMap);
            TypeMap recvMap = Checks.message("recvcount", recvcount, recvtype);
            Object recvBase = UserBuffer.recvBase(recvbuf, "recvbuf", (long) sources * recvcount, recvMap);
            call.send(apart(blocking, sendBase, recvBase, sendbuf, recvbuf), UserBuffer.offset(sendbuf), sendcount,
                    sendMap).receive(recvBase, UserBuffer.offset(recvbuf), recvcount, recvMap);
        });
    }

    static Request allToAllv(Comm comm, boolean blocking, Object sendbuf, int[] sendcounts, int[] sdispls,
            Datatype sendtype, Object recvbuf, int[] recvcounts, int[] rdispls,
            Datatype recvtype) throws MPIException {
        return run(comm, blocking, CollectiveKind.NEIGHBOR_ALLTOALLV, sendbuf, recvbuf, (call, sources, dests) -> {
            TypeMap sendMap = Checks.type(sendtype);
            Object sendBase = VectorBuffer.base(dests, OWNERS, sendbuf, "send", false, sendcounts, sdispls, sendMap);
            TypeMap recvMap = Checks.type(recvtype);
            Object recvBase = VectorBuffer.base(sources, OWNERS, recvbuf, "recv", true, recvcounts, rdispls, recvMap);
            call.sendV(apart(blocking, sendBase, recvBase, sendbuf, recvbuf), UserBuffer.offset(sendbuf), sendcounts,
                    sdispls, sendMap).receiveV(recvBase, UserBuffer.offset(recvbuf), recvcounts, rdispls, recvMap);
        });
    }

    /** Displacements are in bytes. */
    static Request allToAllw(Comm comm, boolean blocking, Object sendbuf, int[] sendcounts, int[] sdispls,
            Datatype[] sendtypes, Object recvbuf, int[] recvcounts, int[] rdispls,
            Datatype[] recvtypes) throws MPIException {
        return run(comm, blocking, CollectiveKind.NEIGHBOR_ALLTOALLW, sendbuf, recvbuf, (call, sources, dests) -> {
            TypeMap[] sendMaps = VectorBuffer.types(dests, OWNERS, "sendtypes", sendtypes);
            Object sendBase = VectorBuffer.base(dests, OWNERS, sendbuf, "send", false, sendcounts, sdispls, sendMaps);
            TypeMap[] recvMaps = VectorBuffer.types(sources, OWNERS, "recvtypes", recvtypes);
            Object recvBase = VectorBuffer.base(sources, OWNERS, recvbuf, "recv", true, recvcounts, rdispls, recvMaps);
            call.sendW(apart(blocking, sendBase, recvBase, sendbuf, recvbuf), UserBuffer.offset(sendbuf), sendcounts,
                    sdispls, sendMaps).receiveW(recvBase, UserBuffer.offset(recvbuf), recvcounts, rdispls, recvMaps);
        });
    }

    private static Object apart(boolean blocking, Object sendBase, Object recvBase, Object sendbuf, Object recvbuf) {
        return blocking ? UserBuffer.apart(sendBase, recvBase, sendbuf == recvbuf) : sendBase;
    }

    private static Request run(Comm comm, boolean blocking, CollectiveKind kind, Object sendbuf, Object recvbuf,
            Arguments arguments) throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            Communicator c = comm.communicator();
            Neighborhood neighbors = neighborhood(comm, c);
            CollectiveCall call = new CollectiveCall(kind, c.size()).neighborhood(neighbors);
            arguments.fill(call, neighbors.sources().length, neighbors.destinations().length);
            ScheduledCollectives collectives = new ScheduledCollectives(c, AlgorithmTable.ofPointToPoint());
            if (blocking) {
                collectives.run(call);
                return null;
            }
            return new Request(comm, collectives.start(call), false, sendbuf, recvbuf);
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        } finally {
            engine.exit();
            Reference.reachabilityFence(sendbuf);
            Reference.reachabilityFence(recvbuf);
        }
    }

    private static Neighborhood neighborhood(Comm comm, Communicator c) {
        Topology topology = comm.topology();
        if (topology == null) {
            throw new CommException(ErrorClass.TOPOLOGY, comm.describe() + " has no topology, so no neighbours: make a"
                    + " communicator with createCart, createGraph, createDistGraph or createDistGraphAdjacent");
        }
        return topology.neighborhood(c.rank());
    }
}
