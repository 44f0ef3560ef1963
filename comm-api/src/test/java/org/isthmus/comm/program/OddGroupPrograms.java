package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;
import static org.isthmus.comm.program.Verify.raises;
import static org.isthmus.comm.program.Verify.that;

import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;
import mpi.CartComm;
import mpi.CartParms;
import mpi.Comm;
import mpi.Datatype;
import mpi.DistGraphNeighbors;
import mpi.GraphComm;
import mpi.GraphParms;
import mpi.Group;
import mpi.Intercomm;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;
import mpi.ShiftParms;
import mpi.Status;

/** Groups, communicators, topologies and intercommunicators at the edges of what MPI allows. */
final class OddGroupPrograms {
    private static final Intracomm WORLD = MPI.COMM_WORLD;

    private OddGroupPrograms() {}

    @Program
    static void groupsOfAnyOrder() throws MPIException {
        int size = WORLD.getSize();
        int me = WORLD.getRank();
        Group world = WORLD.getGroup();
        Group reversed = world.rangeIncl(new int[][] {{size - 1, 0, -1}});
        equal(size == 1 ? MPI.IDENT : MPI.SIMILAR, Group.compare(world, reversed), "reversed");
        equal(MPI.IDENT, Group.compare(MPI.GROUP_EMPTY, world.excl(ranks(size))), "empty groups");
        equal(MPI.IDENT, Group.compare(world, Group.union(MPI.GROUP_EMPTY, world)), "union with nobody");
        equal(0, Group.intersection(world, MPI.GROUP_EMPTY).getSize(), "intersection with nobody");
        equal(MPI.UNDEFINED, Group.difference(world, world).getRank(), "rank in an empty group");
        Intracomm backwards = WORLD.create(reversed);
        equal(size - 1 - me, backwards.getRank(), "rank in the reversed communicator");
        equal(size == 1 ? MPI.CONGRUENT : MPI.SIMILAR, Comm.compare(WORLD, backwards), "the same members");
        int[] all = new int[size];
        backwards.allGather(new int[] {me}, 1, MPI.INT, all, 1, MPI.INT);
        for (int i = 0; i < size; i++) {
            equal(size - 1 - i, all[i], "order of blocks");
        }
        that(WORLD.create(MPI.GROUP_EMPTY).isNull(), "a communicator of nobody");
        Group odd = world.rangeIncl(new int[][] {{size > 1 ? 1 : 0, size - 1, 2}});
        Group even = world.rangeIncl(new int[][] {{0, size - 1, 2}});
        Group mine = me % 2 == 1 ? odd : even;
        Intracomm half = WORLD.createGroup(mine, 17);
        equal(mine.getRank(), half.getRank(), "rank in a half");
        Intracomm disjoint = WORLD.create(mine);
        equal(size == 1 ? MPI.CONGRUENT : MPI.CONGRUENT, Comm.compare(half, disjoint), "two of one group");
        equal(size == 1 ? MPI.CONGRUENT : MPI.UNEQUAL, Comm.compare(half, WORLD), "half and whole");
        half.free();
        disjoint.free();
        backwards.free();
        for (Group group : new Group[] {world, reversed, odd, even}) {
            group.free();
        }
    }

    private static int[] ranks(int size) {
        int[] ranks = new int[size];
        Arrays.setAll(ranks, i -> i);
        return ranks;
    }

    @Program
    static void splitsByAnyKey() throws MPIException {
        int size = WORLD.getSize();
        int me = WORLD.getRank();
        Intracomm turned = WORLD.split(0, Integer.MIN_VALUE + (size - me));
        equal(size - 1 - me, turned.getRank(), "falling keys");
        Intracomm same = WORLD.split(Integer.MAX_VALUE, 5);
        equal(me, same.getRank(), "equal keys");
        Intracomm alone = WORLD.split(me == 0 ? MPI.UNDEFINED : me, 0);
        equal(me == 0, alone.isNull(), "no colour");
        Intracomm copy = same;
        for (int depth = 0; depth < 5; depth++) {
            Intracomm next = copy.dup();
            copy.free();
            copy = next;
        }
        int[] sum = {me};
        copy.allReduce(sum, 1, MPI.INT, MPI.SUM);
        equal(size * (size - 1) / 2, sum[0], "a duplicate of duplicates");
        copy.free();
        turned.free();
        that(MPI.COMM_SELF.split(0, 0).getSize() == 1 && MPI.COMM_SELF.dup().getRank() == 0, "COMM_SELF");
        equal(size == 1 ? MPI.CONGRUENT : MPI.UNEQUAL, Comm.compare(MPI.COMM_SELF, WORLD), "COMM_SELF and COMM_WORLD");
    }

    @Program
    static void dimensions() throws MPIException {
        int[][] cases = {{12, 0, 0}, {12, 3, 0}, {7, 0, 0}, {1, 0, 0, 0}, {24, 0, 2, 0}, {64, 0, 0, 0}, {6, 6, 1}, {0}};
        int[][] right = {{4, 3}, {3, 4}, {7, 1}, {1, 1, 1}, {4, 2, 3}, {4, 4, 4}, {6, 1}};
        for (int i = 0; i < right.length; i++) {
            int[] dims = Arrays.copyOfRange(cases[i], 1, cases[i].length);
            CartComm.createDims(cases[i][0], dims);
            equal(right[i], dims, "createDims of " + cases[i][0]);
        }
    }

    @Program
    static void gridsOfNoAndManyDimensions() throws MPIException {
        int size = WORLD.getSize();
        CartComm point = WORLD.createCart(new int[0], new boolean[0], false);
        equal(WORLD.getRank() != 0, point.isNull(), "a grid without dimensions has one process");
        if (!point.isNull()) {
            equal(0, point.getTopo().getDimCount(), "dimensions");
            equal(0, point.getRank(new int[0]), "rank of no coordinates");
            equal(0, point.getCoords(0).length, "coordinates");
            point.barrier();
            point.free();
        }
        int[] dims = new int[5];
        CartComm.createDims(size, dims);
        boolean[] periods = {true, false, true, false, true};
        CartComm grid = WORLD.createCart(dims, periods, true);
        CartParms parms = grid.getTopo();
        int me = grid.getRank();
        int[] coords = grid.getCoords(me);
        for (int d = 0; d < 5; d++) {
            equal(List.of(dims[d], periods[d], coords[d]),
                    List.of(parms.getDim(d), parms.getPeriod(d), parms.getCoord(d)), "dimension " + d);
            for (int by : new int[] {0, 1, -1, 2, dims[d], -7}) {
                ShiftParms shift = grid.shift(d, by);
                equal(neighbour(grid, coords, d, by, dims, periods), shift.getRankDest(), "to, by " + by);
                equal(neighbour(grid, coords, d, -by, dims, periods), shift.getRankSource(), "from, by " + by);
            }
        }
        int[] far = coords.clone();
        far[0] += 3 * dims[0];
        far[2] -= 2 * dims[2];
        equal(me, grid.getRank(far), "coordinates beyond a ring");
        CartComm none = grid.sub(new boolean[5]);
        equal(1, none.getSize(), "a grid of no dimension left");
        CartComm rows = grid.sub(new boolean[] {false, true, true, true, true});
        equal(size / dims[0], rows.getSize(), "a grid of the others");
        equal(MPI.CART, rows.dup().getTopology(), "a duplicate is a grid");
        that(grid.map(dims, periods) < size, "map");
        grid.free();
    }

    private static int neighbour(CartComm grid, int[] coords, int d, int by, int[] dims, boolean[] periods)
            throws MPIException {
        int[] at = coords.clone();
        at[d] += by;
        return !periods[d] && (at[d] < 0 || at[d] >= dims[d]) ? MPI.PROC_NULL : grid.getRank(at);
    }

    /** Beyond an open border there is nobody: those blocks of the receive buffer are left alone. */
    @Program
    static void neighboursAtOpenBorders() throws MPIException {
        int size = WORLD.getSize();
        CartComm line = WORLD.createCart(new int[] {size}, new boolean[] {false}, false);
        int me = line.getRank();
        int[] in = {-1, -1};
        line.neighborAllGather(new int[] {me}, 1, MPI.INT, in, 1, MPI.INT);
        equal(new int[] {me == 0 ? -1 : me - 1, me == size - 1 ? -1 : me + 1}, in, "neighborAllGather");
        IntBuffer direct = MPI.newIntBuffer(2).put(0, -1).put(1, -1);
        line.iNeighborAllToAll(MPI.newIntBuffer(2).put(0, 10 * me).put(1, 10 * me + 1), 1, MPI.INT, direct, 1, MPI.INT)
                .waitFor();
        equal(me == 0 ? -1 : 10 * (me - 1) + 1, direct.get(0), "from the left");
        equal(me == size - 1 ? -1 : 10 * (me + 1), direct.get(1), "from the right");
        CartComm ring = WORLD.createCart(new int[] {size}, new boolean[] {true}, false);
        ring.neighborAllToAll(new int[] {me, me + 100}, 1, MPI.INT, in, 1, MPI.INT);
        equal(new int[] {(me + size - 1) % size + 100, (me + 1) % size}, in, "a ring, also of one or two");
        ring.free();
        line.free();
    }

    @Program
    static void graphsWithLoopsAndTwins() throws MPIException {
        int size = WORLD.getSize();
        int me = WORLD.getRank();
        int[] index = new int[size];
        int[] edges = new int[3 * size];
        for (int i = 0; i < size; i++) {
            index[i] = 3 * (i + 1);
            edges[3 * i] = i;
            edges[3 * i + 1] = (i + 1) % size;
            edges[3 * i + 2] = (i + size - 1) % size;
        }
        GraphComm graph = WORLD.createGraph(index, edges, false);
        GraphParms parms = graph.getDims();
        equal(List.of(size, 3 * size), List.of(parms.getIndexCount(), parms.getEdgeCount()), "graph");
        equal(new int[] {me, (me + 1) % size, (me + size - 1) % size}, graph.getNeighbors(me), "neighbours");
        int[] in = new int[3];
        graph.neighborAllGather(new int[] {me}, 1, MPI.INT, in, 1, MPI.INT);
        equal(new int[] {me, (me + 1) % size, (me + size - 1) % size}, in, "what neighbours sent");
        graph.free();
        GraphComm twins = WORLD.createDistGraphAdjacent(new int[] {me, (me + 1) % size, (me + 1) % size},
                new int[] {1, 2, 3}, new int[] {me, (me + size - 1) % size, (me + size - 1) % size},
                new int[] {1, 2, 3}, MPI.INFO_NULL, false);
        DistGraphNeighbors neighbours = twins.getDistGraphNeighbors();
        equal(List.of(3, 3, true),
                List.of(neighbours.getInDegree(), neighbours.getOutDegree(), neighbours.isWeighted()), "degrees");
        twins.neighborAllToAll(new int[] {me, 10 + me, 20 + me}, 1, MPI.INT, in, 1, MPI.INT);
        equal(size == 1 ? new int[] {0, 10, 20} : new int[] {me, 10 + (me + 1) % size, 20 + (me + 1) % size}, in,
                "two edges between the same two");
        GraphComm lonely = WORLD.createDistGraph(new int[0], new int[0], new int[0], MPI.INFO_NULL, false);
        lonely.neighborAllGather(null, 0, MPI.INT, null, 0, MPI.INT);
        equal(0, lonely.getDistGraphNeighbors().getInDegree(), "no edges");
        lonely.free();
        twins.free();
    }

    /** One against all others, with a communicator of each side that has other ranks than the world. */
    @Program(minRanks = 2)
    static void oneAgainstAll() throws MPIException {
        int size = WORLD.getSize();
        int me = WORLD.getRank();
        boolean single = me == size - 1;
        Intracomm side = WORLD.split(single ? 1 : 0, -me);
        Intercomm inter = WORLD.createIntercomm(side, 0, single ? size - 2 : size - 1,
                MPI.COMM_WORLD.getSize() + 70_000);
        equal(single ? size - 1 : 1, inter.getRemoteSize(), "remote size");
        equal(single ? 0 : size - 2 - me, inter.getRank(), "rank");
        equal(MPI.UNDEFINED, inter.getRemoteGroup().getRank(), "not in the remote group");
        int n = inter.getRemoteSize();
        int[] zero = new int[n];
        int[] ones = new int[n];
        Arrays.fill(ones, 1);
        int[] places = ranks(n);
        int[] in = new int[n];
        inter.allToAllv(single ? places : new int[] {me}, ones, places, MPI.INT, in, ones, places, MPI.INT);
        for (int i = 0; i < n; i++) {
            equal(single ? size - 2 - i : inter.getRank(), in[i], "allToAllv " + i);
        }
        inter.allToAllv(null, zero, zero, MPI.INT, single ? null : in, zero, zero, MPI.INT);
        Datatype[] types = new Datatype[n];
        Arrays.fill(types, MPI.INT);
        int[] bytes = new int[n];
        Arrays.setAll(bytes, i -> 4 * i);
        Arrays.fill(in, -1);
        inter.allToAllw((Object) (single ? places : new int[] {me}), ones, bytes, types, in, ones, bytes, types);
        equal(single ? size - 2 : inter.getRank(), in[0], "allToAllw");
        int[] counts = new int[n];
        Arrays.setAll(counts, i -> i % 2);
        int[] displs = new int[n];
        Arrays.setAll(displs, i -> i / 2);
        Arrays.fill(in, -1);
        inter.allGatherv(new int[] {me}, single ? 0 : inter.getRank() % 2, MPI.INT, in, single ? counts : new int[1],
                displs, MPI.INT);
        equal(single && n > 1 ? size - 3 : -1, in[0], "allGatherv, some have nothing");
        int[] sum = {-1};
        inter.allReduce(new int[] {me + 1}, sum, 1, MPI.INT, MPI.SUM);
        equal(single ? size * (size - 1) / 2 : size, sum[0], "allReduce gives the other group's");
        Request request = inter.iReduce(MPI.newIntBuffer(1).put(0, 1), MPI.newIntBuffer(1), 1, MPI.INT, MPI.SUM,
                single ? MPI.ROOT : 0);
        request.waitFor();
        IntBuffer all = MPI.newIntBuffer(1).put(0, single ? 55 : 0);
        inter.iBcast(all, 1, MPI.INT, single ? MPI.ROOT : 0).waitFor();
        equal(55, all.get(0), "iBcast");
        inter.bcast(null, 0, MPI.INT, single ? MPI.ROOT : 0);
        Status status = inter.sendRecv(new int[] {me}, single ? 0 : 1, MPI.INT, MPI.PROC_NULL, 0, in, 1, MPI.INT,
                MPI.PROC_NULL, 0);
        equal(MPI.PROC_NULL, status.getSource(), "nobody");
        Intercomm copy = inter.dup();
        equal(MPI.CONGRUENT, Comm.compare(copy, inter), "duplicate");
        Intracomm both = copy.merge(true);
        equal(size, both.getSize(), "merged, both high");
        Intracomm high = inter.merge(!single);
        equal(single ? 0 : 1 + size - 2 - me, high.getRank(), "the single one comes first");
        int[] total = {1};
        high.allReduce(total, 1, MPI.INT, MPI.SUM);
        equal(size, total[0], "merged");
        both.free();
        high.free();
        copy.free();
        inter.barrier();
        inter.disconnect();
        side.free();
    }

    @Program
    static void attributesOfManyKinds() throws MPIException {
        int first = Comm.createKeyval();
        int second = Comm.createKeyval();
        that(first != second && first != MPI.KEYVAL_INVALID, "keys differ");
        Intracomm own = WORLD.dup();
        int[] value = {1, 2, 3};
        own.setAttr(first, value);
        value[0] = 9;
        equal(new int[] {1, 2, 3}, own.getAttr(first), "a copy of the value");
        own.setAttr(second, null);
        equal(null, own.getAttr(second), "null is a value");
        own.setAttr(first, "replaced");
        Intracomm copy = own.dup();
        own.deleteAttr(first);
        own.deleteAttr(first);
        equal("replaced", copy.getAttr(first), "the duplicate has its own");
        equal(null, own.getAttr(first), "deleted");
        equal(null, own.split(0, 0).getAttr(first), "split copies no attributes");
        Intracomm later = copy.iDup();
        later.getRequest().waitFor();
        equal("replaced", later.getAttr(first), "iDup copies attributes");
        int typeKey = Datatype.createKeyval();
        Datatype type = Datatype.createContiguous(3, MPI.INT);
        type.setAttr(typeKey, List.of("a", 5));
        equal(List.of("a", 5), type.dup().getAttr(typeKey), "a duplicate of a type");
        equal(null, Datatype.createContiguous(2, type).getAttr(typeKey), "a type made of it");
        Comm.freeKeyval(first);
        copy.free();
        later.free();
        own.setErrhandler(MPI.ERRORS_RETURN);
        raises(MPI.ERR_KEYVAL, () -> own.getAttr(first), "after freeKeyval", "keyval");
        own.free();
        that((Integer) WORLD.getAttr(MPI.TAG_UB) >= 32767, "TAG_UB");
        that((Integer) WORLD.getAttr(MPI.UNIVERSE_SIZE) >= WORLD.getSize(), "UNIVERSE_SIZE");
        that(WORLD.getAttr(MPI.WTIME_IS_GLOBAL) instanceof Boolean, "WTIME_IS_GLOBAL");
    }
}
