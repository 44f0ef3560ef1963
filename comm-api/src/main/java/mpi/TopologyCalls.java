package mpi;

import java.util.Arrays;
import org.isthmus.comm.Engine;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.group.EdgeExchange;
import org.isthmus.comm.topology.CartTopology;
import org.isthmus.comm.topology.DistGraphTopology;
import org.isthmus.comm.topology.GraphTopology;
import org.isthmus.comm.topology.NodePlacement;

/**
 * The work behind the topology methods of {@link Intracomm}, {@link CartComm} and {@link GraphComm}: check the
 * arguments, compute the topology, make the communicator.
 */
final class TopologyCalls {
    private static final int UNWEIGHTED = 1;

    private TopologyCalls() {}

    /** What is computed of a communicator's engine side. */
    interface Query<T> {
        T of(Communicator communicator);
    }

    private interface Maker<C> {
        C make(Engine engine, Communicator parent) throws MPIException;
    }

    /** A local call, its errors those of {@code comm}. */
    static <T> T local(Comm comm, Query<T> query) throws MPIException {
        Session.check();
        try {
            return query.of(comm.communicator());
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        }
    }

    private static <C extends Comm> C make(Comm comm, Maker<C> maker) throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            return comm.adopt(maker.make(engine, comm.communicator()));
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        } finally {
            engine.exit();
        }
    }

    static CartComm createCart(Intracomm comm, int[] dims, boolean[] periods, boolean reorder) throws MPIException {
        return make(comm, (engine, parent) -> {
            CartTopology grid = grid(parent, dims, periods);
            int[] place = reorder ? NodePlacement.ofGrid(grid, nodes(engine, parent)) : first(grid.size());
            return new CartComm(create(engine, parent, place), grid);
        });
    }

    static CartComm sub(CartComm comm, CartTopology grid, boolean[] remainDims) throws MPIException {
        return make(comm, (engine, parent) -> {
            CartTopology sub = grid.sub(remainDims);
            int subgrid = grid.subgrid(parent.rank(), remainDims);
            return new CartComm(engine.communicators().split(parent, subgrid, parent.rank()), sub);
        });
    }

    static int mapToGrid(Comm comm, int[] dims, boolean[] periods) throws MPIException {
        Engine engine = Session.engine();
        return local(comm, c -> rankOf(c, NodePlacement.ofGrid(grid(c, dims, periods), nodes(engine, c))));
    }

    static GraphComm createGraph(Intracomm comm, int[] index, int[] edges, boolean reorder) throws MPIException {
        return make(comm, (engine, parent) -> {
            GraphTopology graph = graph(parent, index, edges);
            int[] place = reorder ? NodePlacement.ofGraph(graph.adjacency(), nodes(engine, parent))
                    : first(graph.vertices());
            return new GraphComm(create(engine, parent, place), graph);
        });
    }

    static int mapToGraph(Comm comm, int[] index, int[] edges) throws MPIException {
        Engine engine = Session.engine();
        return local(comm, c -> rankOf(c,
                NodePlacement.ofGraph(graph(c, index, edges).adjacency(), nodes(engine, c))));
    }

    static GraphComm createDistGraph(Intracomm comm, int[] sources, int[] degrees, int[] destinations, int[] weights,
            Info info, boolean weighted, boolean reorder) throws MPIException {
        GraphComm made = make(comm, (engine, parent) -> {
            EdgeExchange edges = new EdgeExchange(parent);
            vertices("sources", sources, sources == null ? -1 : sources.length, parent);
            Checks.counts("degrees", degrees, sources.length, "sources");
            long total = Arrays.stream(degrees, 0, sources.length).asLongStream().sum();
            vertices("destinations", destinations, total, parent);
            weights("weights", weights, total, weighted);
            int next = 0;
            for (int i = 0; i < sources.length; i++) {
                for (int end = next + degrees[i]; next < end; next++) {
                    edges.add(sources[i], destinations[next], weighted ? weights[next] : UNWEIGHTED);
                }
            }
            return distribute(engine, parent, edges, weighted, reorder);
        });
        made.setInfo(info);
        return made;
    }

    static GraphComm createDistGraphAdjacent(Intracomm comm, int[] sources, int[] sourceWeights, int[] destinations,
            int[] destWeights, Info info, boolean weighted, boolean reorder) throws MPIException {
        GraphComm made = make(comm, (engine, parent) -> {
            vertices("sources", sources, sources == null ? -1 : sources.length, parent);
            vertices("destinations", destinations, destinations == null ? -1 : destinations.length, parent);
            weights("sourceWeights", sourceWeights, sources.length, weighted);
            weights("destWeights", destWeights, destinations.length, weighted);
            int[] in = weighted ? Arrays.copyOf(sourceWeights, sources.length) : ones(sources.length);
            int[] out = weighted ? Arrays.copyOf(destWeights, destinations.length) : ones(destinations.length);
            if (!reorder || NodePlacement.isOneNode(nodes(engine, parent))) {
                DistGraphTopology part =
                        new DistGraphTopology(sources.clone(), in, destinations.clone(), out, weighted);
                return new GraphComm(create(engine, parent, first(parent.size())), part);
            }
            EdgeExchange edges = new EdgeExchange(parent);
            for (int i = 0; i < sources.length; i++) {
                edges.addIn(sources[i], parent.rank(), in[i]);
            }
            for (int i = 0; i < destinations.length; i++) {
                edges.addOut(parent.rank(), destinations[i], out[i]);
            }
            return distribute(engine, parent, edges, weighted, true);
        });
        made.setInfo(info);
        return made;
    }

    private static GraphComm distribute(Engine engine, Communicator parent, EdgeExchange edges, boolean weighted,
            boolean reorder) {
        int[] nodes = nodes(engine, parent);
        int[] place = reorder && !NodePlacement.isOneNode(nodes) ? edges.placement(nodes) : first(parent.size());
        DistGraphTopology part = edges.exchange(place, weighted);
        return new GraphComm(create(engine, parent, place), part);
    }

    /** @param place the rank in {@code parent} of each rank of the new communicator */
    private static Communicator create(Engine engine, Communicator parent, int[] place) {
        return engine.communicators().create(parent, Arrays.stream(place).map(parent::worldRank).toArray());
    }

    private static CartTopology grid(Communicator parent, int[] dims, boolean[] periods) {
        CartTopology grid = new CartTopology(dims, periods);
        if (grid.size() > parent.size()) {
            throw Checks.arg("dims is " + Arrays.toString(dims) + ", a grid of "
                    + (grid.size() == Integer.MAX_VALUE ? "2^31 - 1 processes or more" : grid.size() + " processes")
                    + "; the communicator has " + parent.size() + ", so their product must be at most that");
        }
        return grid;
    }

    private static GraphTopology graph(Communicator parent, int[] index, int[] edges) {
        GraphTopology graph = new GraphTopology(index, edges);
        if (graph.vertices() > parent.size()) {
            throw Checks.arg("index has " + graph.vertices() + " entries, one for each vertex; the communicator has "
                    + parent.size() + " processes, so there must be at most that many");
        }
        return graph;
    }

    /** The node of each member, equal on all of them: one, where processes of several jobs do not know each other's. */
    private static int[] nodes(Engine engine, Communicator comm) {
        int[] nodes = Arrays.stream(comm.worldRanks()).map(engine::nodeOf).toArray();
        return Arrays.stream(nodes).anyMatch(node -> node == Engine.ELSEWHERE) ? new int[nodes.length] : nodes;
    }

    private static int[] first(int count) {
        int[] ranks = new int[count];
        Arrays.setAll(ranks, i -> i);
        return ranks;
    }

    private static int[] ones(int count) {
        int[] ones = new int[count];
        Arrays.fill(ones, UNWEIGHTED);
        return ones;
    }

    private static int rankOf(Communicator comm, int[] place) {
        for (int rank = 0; rank < place.length; rank++) {
            if (place[rank] == comm.rank()) {
                return rank;
            }
        }
        return Constant.UNDEFINED;
    }

    private static void vertices(String name, int[] vertices, long count, Communicator parent) {
        length(name, vertices, count);
        for (int i = 0; i < count; i++) {
            if (vertices[i] < 0 || vertices[i] >= parent.size()) {
                throw Checks.arg(name + "[" + i + "] is " + vertices[i] + "; it must be a rank from 0 to "
                        + (parent.size() - 1));
            }
        }
    }

    private static void weights(String name, int[] weights, long count, boolean weighted) {
        if (!weighted) {
            return;
        }
        length(name, weights, count);
        for (int i = 0; i < count; i++) {
            if (weights[i] < 0) {
                throw Checks.arg(name + "[" + i + "] is " + weights[i] + "; it must be 0 or more");
            }
        }
    }

    private static void length(String name, int[] array, long count) {
        if (array == null || array.length < count) {
            throw new CommException(ErrorClass.ARG, name + (array == null ? " is null" : " has " + array.length
                    + " entries") + "; it must have one for each edge" + (array == null ? "" : ", " + count));
        }
    }
}
