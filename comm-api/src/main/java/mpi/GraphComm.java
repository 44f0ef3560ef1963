package mpi;

import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.topology.DistGraphTopology;
import org.isthmus.comm.topology.GraphTopology;
import org.isthmus.comm.topology.Topology;

/**
 * A communicator whose processes are the vertices of a graph (MPI 3.1, section 7.5): a graph that every process knows,
 * made by {@link Intracomm#createGraph}, or a distributed one, of which each knows its own edges, made by
 * {@link Intracomm#createDistGraph}. All calls are local. Threads and errors as in {@link Comm}.
 */
public final class GraphComm extends Intracomm {
    private final Topology topology;

    GraphComm(Communicator communicator, Topology topology) {
        super(communicator);
        this.topology = topology;
    }

    @Override
    Comm like(Communicator duplicate) {
        return new GraphComm(duplicate, topology);
    }

    @Override
    Topology topology() {
        return topology;
    }

    @Override
    public GraphComm clone() {
        return (GraphComm) super.clone();
    }

    @Override
    public GraphComm dup() throws MPIException {
        return (GraphComm) super.dup();
    }

    @Override
    public GraphComm iDup() throws MPIException {
        return (GraphComm) super.iDup();
    }

    @Override
    public GraphComm dupWithInfo(Info info) throws MPIException {
        return (GraphComm) super.dupWithInfo(info);
    }

    /** The graph; not for a distributed one. */
    public GraphParms getDims() throws MPIException {
        return TopologyCalls.local(this, c -> new GraphParms(graph().index(), graph().edges()));
    }

    /** The neighbours of {@code rank}; not for a distributed graph. */
    public int[] getNeighbors(int rank) throws MPIException {
        return TopologyCalls.local(this, c -> {
            Checks.member("rank", rank, c.size());
            return graph().neighbors(rank);
        });
    }

    /** The edges at this process; for a distributed graph only. */
    public DistGraphNeighbors getDistGraphNeighbors() throws MPIException {
        return TopologyCalls.local(this, c -> {
            if (topology instanceof DistGraphTopology part) {
                return new DistGraphNeighbors(part);
            }
            throw new CommException(ErrorClass.TOPOLOGY,
                    "the graph is not a distributed one: ask getNeighbors(rank) for its edges");
        });
    }

    /**
     * The rank that this process would have in a graph made of this communicator with reorder; {@code MPI.UNDEFINED}
     * when it would be left over.
     */
    public int map(int[] index, int[] edges) throws MPIException {
        return TopologyCalls.mapToGraph(this, index, edges);
    }

    private GraphTopology graph() {
        if (topology instanceof GraphTopology graph) {
            return graph;
        }
        throw new CommException(ErrorClass.TOPOLOGY,
                "the graph is a distributed one: ask getDistGraphNeighbors() for the edges at this process");
    }
}
