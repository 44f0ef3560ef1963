package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;
import static org.isthmus.comm.program.Verify.raises;
import static org.isthmus.comm.program.Verify.that;

import java.util.Arrays;
import mpi.CartComm;
import mpi.CartParms;
import mpi.Comm;
import mpi.DistGraphNeighbors;
import mpi.GraphComm;
import mpi.GraphParms;
import mpi.Info;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.ShiftParms;

/** Grids, graphs and distributed graphs: what they answer, what they refuse. */
final class TopologyPrograms {
    private TopologyPrograms() {}

    private static int[] dims() throws MPIException {
        int[] dims = new int[2];
        CartComm.createDims(MPI.COMM_WORLD.getSize(), dims);
        return dims;
    }

    /** A grid whose second dimension is a ring, errors as exceptions. */
    static CartComm grid() throws MPIException {
        CartComm grid = MPI.COMM_WORLD.createCart(dims(), new boolean[] {false, true}, true);
        grid.setErrhandler(MPI.ERRORS_RETURN);
        return grid;
    }

    private static void sums(Intracomm comm) throws MPIException {
        int[] sum = {1};
        comm.allReduce(sum, 1, MPI.INT, MPI.SUM);
        equal(comm.getSize(), sum[0], "a collective on it");
    }

    @Program
    static void cart() throws MPIException {
        int[] dims = dims();
        equal(MPI.COMM_WORLD.getSize(), dims[0] * dims[1], "createDims");
        that(dims[0] >= dims[1], "createDims in falling order");
        CartComm grid = grid();
        int rank = grid.getRank();
        equal(MPI.CART, grid.getTopology(), "topology");
        CartParms parms = grid.getTopo();
        equal(2, parms.getDimCount(), "dimensions");
        int[] coords = {rank / dims[1], rank % dims[1]};
        equal(coords, grid.getCoords(rank), "coords");
        for (int i = 0; i < 2; i++) {
            equal(dims[i], parms.getDim(i), "dim");
            equal(i == 1, parms.getPeriod(i), "period");
            equal(coords[i], parms.getCoord(i), "coord");
        }
        equal(rank, grid.getRank(coords), "rank");
        equal(rank, grid.getRank(new int[] {coords[0], coords[1] - 3 * dims[1]}), "rank around the ring");
        ShiftParms rows = grid.shift(0, 1);
        equal(coords[0] == 0 ? MPI.PROC_NULL : rank - dims[1], rows.getRankSource(), "source beyond the edge");
        equal(coords[0] == dims[0] - 1 ? MPI.PROC_NULL : rank + dims[1], rows.getRankDest(), "dest beyond the edge");
        ShiftParms ring = grid.shift(1, 1);
        int[] in = {-1};
        grid.sendRecv(new int[] {rank}, 1, MPI.INT, ring.getRankDest(), 0, in, 1, MPI.INT, ring.getRankSource(), 0);
        equal(ring.getRankSource(), in[0], "shift around the ring");
        equal(ring.getRankDest(), grid.shift(1, -1).getRankSource(), "shift back");
        equal(rank, grid.map(dims, new boolean[2]), "map on one node");
        equal(rank == 0 ? 0 : MPI.UNDEFINED, grid.map(new int[] {1}, new boolean[1]), "map of who is left over");
        sums(grid);
        grid.free();
    }

    @Program
    static void cartOfFewerRanks() throws MPIException {
        int size = MPI.COMM_WORLD.getSize();
        int rank = MPI.COMM_WORLD.getRank();
        CartComm some = MPI.COMM_WORLD.createCart(new int[] {Math.max(1, size - 1)}, new boolean[1], false);
        equal(size > 1 && rank == size - 1, some.isNull(), "who is left over");
        if (!some.isNull()) {
            sums(some);
            some.free();
        }
        CartComm point = MPI.COMM_WORLD.createCart(new int[0], new boolean[0], true);
        equal(rank != 0, point.isNull(), "a grid without dimensions has one process");
        if (rank == 0) {
            equal(0, point.getTopo().getDimCount(), "dimensions");
            equal(0, point.getCoords(0).length, "coords");
            equal(0, point.getRank(new int[0]), "rank");
            point.free();
        }
    }

    @Program
    static void subAndDuplicates() throws MPIException {
        CartComm grid = grid();
        int[] dims = dims();
        int[] coords = grid.getCoords(grid.getRank());
        CartComm ring = grid.sub(new boolean[] {false, true});
        equal(dims[1], ring.getSize(), "size of a row");
        equal(coords[1], ring.getRank(), "rank in a row");
        that(ring.getTopo().getPeriod(0), "the row is a ring");
        int[] sum = {coords[0]};
        ring.allReduce(sum, 1, MPI.INT, MPI.SUM);
        equal(coords[0] * dims[1], sum[0], "rows are apart");
        CartComm point = grid.sub(new boolean[2]);
        equal(1, point.getSize(), "no dimension remains");
        equal(0, point.getTopo().getDimCount(), "no dimension remains");
        CartComm later = grid.iDup();
        later.getRequest().waitFor();
        Info info = new Info();
        info.set("key", "value");
        CartComm hinted = grid.dupWithInfo(info);
        equal("value", hinted.getInfo().get("key"), "hint");
        for (CartComm copy : new CartComm[] {grid.dup(), grid.clone(), later, hinted}) {
            equal(MPI.CART, copy.getTopology(), "topology of a duplicate");
            equal(MPI.CONGRUENT, Comm.compare(grid, copy), "compare");
            equal(coords, copy.getCoords(copy.getRank()), "coords in a duplicate");
            sums(copy);
            copy.free();
        }
        Intracomm split = grid.split(0, 0);
        equal(MPI.UNDEFINED, split.getTopology(), "a split has no topology");
        split.free();
        ring.free();
        point.free();
        grid.free();
    }

    /** Each rank the neighbour of the one after and before it, rank 0 of itself too. */
    static GraphComm ring() throws MPIException {
        int size = MPI.COMM_WORLD.getSize();
        int[] index = new int[size];
        int[] edges = new int[2 * size + 1];
        edges[0] = 0;
        for (int rank = 0; rank < size; rank++) {
            index[rank] = 2 * rank + 3;
            edges[2 * rank + 1] = (rank + 1) % size;
            edges[2 * rank + 2] = (rank + size - 1) % size;
        }
        GraphComm ring = MPI.COMM_WORLD.createGraph(index, edges, true);
        ring.setErrhandler(MPI.ERRORS_RETURN);
        return ring;
    }

    @Program
    static void graph() throws MPIException {
        GraphComm ring = ring();
        int size = ring.getSize();
        int rank = ring.getRank();
        equal(MPI.GRAPH, ring.getTopology(), "topology");
        GraphParms parms = ring.getDims();
        equal(size, parms.getIndexCount(), "vertices");
        equal(2 * size + 1, parms.getEdgeCount(), "edges");
        equal(3, parms.getIndex(0), "index");
        equal((size - 1) % size, parms.getEdge(2), "edge");
        int after = (rank + 1) % size;
        int before = (rank + size - 1) % size;
        equal(rank == 0 ? new int[] {0, after, before} : new int[] {after, before}, ring.getNeighbors(rank),
                "neighbours");
        equal(rank == 0 ? 0 : MPI.UNDEFINED, ring.map(new int[] {0}, new int[0]), "map");
        GraphComm later = ring.iDup();
        later.getRequest().waitFor();
        for (GraphComm copy : new GraphComm[] {ring.dup(), ring.clone(), later, ring.dupWithInfo(null)}) {
            equal(ring.getNeighbors(size - 1), copy.getNeighbors(size - 1), "neighbours in a duplicate");
            sums(copy);
            copy.free();
        }
        GraphComm one = MPI.COMM_WORLD.createGraph(new int[] {0}, new int[0], false);
        equal(rank != 0, one.isNull(), "who is left over");
        raises(MPI.ERR_TOPOLOGY, ring::getDistGraphNeighbors, "getDistGraphNeighbors", "getNeighbors");
        raises(MPI.ERR_RANK, () -> ring.getNeighbors(size), "getNeighbors", "rank is " + size);
        raises(MPI.ERR_ARG, () -> ring.map(null, new int[0]), "map", "index is null");
        raises(MPI.ERR_ARG, () -> ring.createGraph(new int[size + 1], new int[0], false), "createGraph",
                "index has " + (size + 1));
        raises(MPI.ERR_ARG, () -> ring.createGraph(new int[] {1}, new int[] {size}, false), "createGraph", "edges[0]");
        ring.free();
    }

    /** Rank 0 names all edges: from each rank to the one after it, of weight 10 + rank, and from each to rank 0. */
    @Program
    static void distGraphNamedByOne() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int size = w.getSize();
        int rank = w.getRank();
        boolean names = rank == 0;
        int[] sources = new int[names ? size : 0];
        int[] degrees = new int[sources.length];
        int[] destinations = new int[2 * sources.length];
        int[] weights = new int[2 * sources.length];
        Arrays.setAll(sources, i -> i);
        Arrays.fill(degrees, 2);
        for (int i = 0; i < sources.length; i++) {
            destinations[2 * i] = (i + 1) % size;
            weights[2 * i] = 10 + i;
        }
        Info info = new Info();
        info.set("key", "value");
        GraphComm graph = w.createDistGraph(sources, degrees, destinations, weights, info, true);
        equal("value", graph.getInfo().get("key"), "hint");
        equal(MPI.DIST_GRAPH, graph.getTopology(), "topology");
        DistGraphNeighbors neighbors = graph.getDistGraphNeighbors();
        that(neighbors.isWeighted(), "weighted");
        equal(2, neighbors.getOutDegree(), "out degree");
        equal((rank + 1) % size, neighbors.getDestination(0), "destination");
        equal(10 + rank, neighbors.getDestinationWeight(0), "weight");
        equal(0, neighbors.getDestination(1), "destination");
        equal(0, neighbors.getDestinationWeight(1), "weight");
        equal(rank == 0 ? size + 1 : 1, neighbors.getInDegree(), "in degree");
        int before = (rank + size - 1) % size;
        boolean found = false;
        for (int i = 0; i < neighbors.getInDegree(); i++) {
            found |= neighbors.getSource(i) == before && neighbors.getSourceWeight(i) == 10 + before;
        }
        that(found, "the edge from the rank before");
        GraphComm copy = graph.dup();
        equal(neighbors.getInDegree(), copy.getDistGraphNeighbors().getInDegree(), "duplicate");
        copy.free();
        graph.free();
        GraphComm plain = w.createDistGraph(new int[] {rank}, new int[] {1}, new int[] {0}, null, false);
        that(!plain.getDistGraphNeighbors().isWeighted(), "without weights");
        equal(1, plain.getDistGraphNeighbors().getDestinationWeight(0), "without weights");
        sums(plain);
        plain.free();
    }

    @Program
    static void distGraphAdjacent() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int size = w.getSize();
        int rank = w.getRank();
        int[] before = {(rank + size - 1) % size};
        int[] after = {(rank + 1) % size};
        GraphComm graph = w.createDistGraphAdjacent(before, new int[] {before[0] + 5}, after, new int[] {rank + 5},
                MPI.INFO_NULL, true);
        graph.setErrhandler(MPI.ERRORS_RETURN);
        DistGraphNeighbors neighbors = graph.getDistGraphNeighbors();
        equal(1, neighbors.getInDegree(), "in degree");
        equal(1, neighbors.getOutDegree(), "out degree");
        equal(before[0], neighbors.getSource(0), "source");
        equal(before[0] + 5, neighbors.getSourceWeight(0), "source weight");
        equal(after[0], neighbors.getDestination(0), "destination");
        equal(rank + 5, neighbors.getDestinationWeight(0), "destination weight");
        raises(MPI.ERR_TOPOLOGY, graph::getDims, "getDims", "getDistGraphNeighbors");
        raises(MPI.ERR_TOPOLOGY, () -> graph.getNeighbors(0), "getNeighbors", "getDistGraphNeighbors");
        graph.free();
        GraphComm empty = w.createDistGraphAdjacent(new int[0], new int[0], null, false);
        equal(0, empty.getDistGraphNeighbors().getInDegree(), "no edges");
        that(!empty.getDistGraphNeighbors().isWeighted(), "without weights");
        empty.free();
    }

    @Program
    static void wrongGrids() throws MPIException {
        CartComm c = grid();
        int size = c.getSize();
        boolean[] open = new boolean[1];
        raises(MPI.ERR_ARG, () -> c.createCart(new int[] {size + 1}, open, false), "createCart",
                "dims is [" + (size + 1));
        raises(MPI.ERR_ARG, () -> c.createCart(null, open, false), "createCart", "dims is null");
        raises(MPI.ERR_ARG, () -> c.createCart(new int[] {1, 1}, open, false), "createCart", "periods has 1");
        raises(MPI.ERR_DIMS, () -> c.createCart(new int[] {-1}, open, false), "createCart", "dims[0] is -1");
        raises(MPI.ERR_RANK, () -> c.getCoords(size), "getCoords", "rank is " + size, "0 to " + (size - 1));
        raises(MPI.ERR_RANK, () -> c.getCoords(MPI.PROC_NULL), "getCoords", "rank is -2");
        raises(MPI.ERR_ARG, () -> c.getRank(new int[] {-1, 0}), "getRank", "coords[0] is -1");
        raises(MPI.ERR_ARG, () -> c.getRank((int[]) null), "getRank", "coords is null");
        raises(MPI.ERR_DIMS, () -> c.shift(2, 1), "shift", "direction is 2");
        raises(MPI.ERR_ARG, () -> c.sub(new boolean[1]), "sub", "remainDims has 1");
        raises(MPI.ERR_ARG, () -> c.map(new int[] {size, 2}, new boolean[2]), "map", "dims is");
        MPI.COMM_WORLD.setErrhandler(MPI.ERRORS_RETURN);
        raises(MPI.ERR_DIMS, () -> CartComm.createDims(size, new int[] {size + 1, 0}), "createDims",
                "nnodes is " + size);
        sums(c);
        c.free();
        raises(MPI.ERR_COMM, c::getTopo, "a freed grid", "freed");
        MPI.COMM_WORLD.setErrhandler(MPI.ERRORS_ARE_FATAL);
    }

    @Program
    static void wrongDistGraphs() throws MPIException {
        Intracomm c = MPI.COMM_WORLD.dup();
        c.setErrhandler(MPI.ERRORS_RETURN);
        int size = c.getSize();
        int[] none = {};
        int[] zero = {0};
        int[] beyond = {size};
        raises(MPI.ERR_ARG, () -> c.createDistGraph(null, none, none, null, false), "createDistGraph",
                "sources is null");
        raises(MPI.ERR_ARG, () -> c.createDistGraph(beyond, zero, none, null, false), "createDistGraph", "sources[0]");
        raises(MPI.ERR_ARG, () -> c.createDistGraph(zero, none, none, null, false), "createDistGraph", "degrees");
        raises(MPI.ERR_COUNT, () -> c.createDistGraph(zero, new int[] {-1}, none, null, false), "createDistGraph",
                "degrees[0] is -1");
        raises(MPI.ERR_ARG, () -> c.createDistGraph(zero, new int[] {2}, zero, null, false), "createDistGraph",
                "destinations has 1");
        raises(MPI.ERR_ARG, () -> c.createDistGraph(zero, new int[] {1}, zero, null, null, false), "createDistGraph",
                "weights is null");
        raises(MPI.ERR_ARG, () -> c.createDistGraph(zero, new int[] {1}, zero, new int[] {-1}, null, false),
                "createDistGraph", "weights[0] is -1");
        raises(MPI.ERR_ARG, () -> c.createDistGraphAdjacent(beyond, none, null, false), "createDistGraphAdjacent",
                "sources[0] is " + size);
        raises(MPI.ERR_ARG, () -> c.createDistGraphAdjacent(none, null, null, false), "createDistGraphAdjacent",
                "destinations is null");
        raises(MPI.ERR_ARG, () -> c.createDistGraphAdjacent(zero, none, none, none, null, false),
                "createDistGraphAdjacent", "sourceWeights has 0");
        sums(c);
        c.free();
    }
}
