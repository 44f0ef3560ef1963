package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;
import static org.isthmus.comm.program.Verify.raises;
import static org.isthmus.comm.program.Verify.that;

import java.io.ObjectInputFilter;
import java.io.Serializable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import mpi.CartComm;
import mpi.Comm;
import mpi.Datatype;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Status;
import org.isthmus.ArrayDatatypes;
import org.isthmus.ArrayDatatypes.Distribution;
import org.isthmus.ArrayDatatypes.Order;
import org.isthmus.ErrorHandler;
import org.isthmus.LargeCount;
import org.isthmus.NeighborCollectives;
import org.isthmus.Objects;
import org.isthmus.Partitioned;
import org.isthmus.Resilience;

/** What package {@code org.isthmus} adds to the API, but for failures of processes. */
final class ExtensionPrograms {
    private ExtensionPrograms() {}

    private static int[] count(int length) {
        int[] values = new int[length];
        Arrays.setAll(values, i -> i);
        return values;
    }

    /** The elements that {@code type} takes out of an array numbered from 0. */
    private static int[] taken(Datatype type, int length) throws MPIException {
        type.commit();
        byte[] packed = new byte[4 * length];
        int bytes = MPI.COMM_SELF.pack(count(length), 1, type, packed, 0);
        int[] taken = new int[bytes / 4];
        MPI.COMM_SELF.unpack(packed, 0, taken, taken.length, MPI.INT);
        return taken;
    }

    @Program
    static void subarrays() throws MPIException {
        int[] expected = new int[2 * 1 * 3];
        int at = 0;
        for (int i = 1; i < 3; i++) {
            for (int k = 2; k < 5; k++) {
                expected[at++] = (i * 4 + 3) * 6 + k;
            }
        }
        Datatype rows = ArrayDatatypes.subarray(new int[] {3, 4, 6}, new int[] {2, 1, 3}, new int[] {1, 3, 2},
                Order.ROW_MAJOR, MPI.INT);
        equal(expected, taken(rows, 72), "row-major");
        equal(72, rows.getExtent(), "extent");
        equal(0, rows.getLb(), "lower bound");
        Datatype columns = ArrayDatatypes.subarray(new int[] {6, 4, 3}, new int[] {3, 1, 2}, new int[] {2, 3, 1},
                Order.COLUMN_MAJOR, MPI.INT);
        equal(expected, taken(columns, 72), "column-major");
        MPI.COMM_WORLD.setErrhandler(MPI.ERRORS_RETURN);
        raises(MPI.ERR_ARG, () -> ArrayDatatypes.subarray(new int[] {3}, new int[] {2}, new int[] {2}, Order.ROW_MAJOR,
                MPI.INT), "beyond the end", "starts[0] is 2", "from 0 to 1");
        raises(MPI.ERR_TYPE, () -> ArrayDatatypes.subarray(new int[] {3}, new int[] {2}, new int[] {1}, Order.ROW_MAJOR,
                null), "no type", "null");
        MPI.COMM_WORLD.setErrhandler(MPI.ERRORS_ARE_FATAL);
    }

    /** Who has an element, by the definition in section 4.1.4. */
    private static int owner(int index, int size, Distribution distribution, int block, int processes) {
        return switch (distribution) {
            case NONE -> 0;
            case BLOCK -> index / (block == ArrayDatatypes.DEFAULT_BLOCK ? Math.ceilDiv(size, processes) : block);
            case CYCLIC -> index / (block == ArrayDatatypes.DEFAULT_BLOCK ? 1 : block) % processes;
        };
    }

    @Program(maxRanks = 1)
    static void distributedArrays() throws MPIException {
        int[] sizes = {7, 10};
        int none = ArrayDatatypes.DEFAULT_BLOCK;
        for (Order order : Order.values()) {
            for (Distribution first : Distribution.values()) {
                for (Distribution second : Distribution.values()) {
                    for (int block : new int[] {none, 5, 8}) {
                        int[] grid = {first == Distribution.NONE ? 1 : 2, second == Distribution.NONE ? 1 : 3};
                        int[] blocks = {first == Distribution.BLOCK && block == 5 ? 4 : block, block};
                        for (int rank = 0; rank < grid[0] * grid[1]; rank++) {
                            Datatype type = ArrayDatatypes.distributed(grid[0] * grid[1], rank, sizes,
                                    new Distribution[] {first, second}, blocks, grid, order, MPI.INT);
                            equal(70, type.getExtent(), "extent");
                            List<Integer> expected = new ArrayList<>();
                            for (int place = 0; place < 70; place++) {
                                int row = order == Order.ROW_MAJOR ? place / 10 : place % 7;
                                int column = order == Order.ROW_MAJOR ? place % 10 : place / 7;
                                if (owner(row, 7, first, blocks[0], grid[0]) * grid[1]
                                        + owner(column, 10, second, blocks[1], grid[1]) == rank) {
                                    expected.add(place);
                                }
                            }
                            equal(expected.stream().mapToInt(i -> i).toArray(), taken(type, 70), order + " " + first
                                    + " " + second + " blocks " + Arrays.toString(blocks) + " rank " + rank);
                        }
                    }
                }
            }
        }
        MPI.COMM_WORLD.setErrhandler(MPI.ERRORS_RETURN);
        raises(MPI.ERR_ARG, () -> ArrayDatatypes.distributed(4, 0, sizes,
                new Distribution[] {Distribution.BLOCK, Distribution.BLOCK}, new int[] {none, none}, new int[] {2, 3},
                Order.ROW_MAJOR, MPI.INT), "wrong grid", "size is 4", "6");
        raises(MPI.ERR_ARG, () -> ArrayDatatypes.distributed(2, 0, new int[] {7},
                new Distribution[] {Distribution.BLOCK}, new int[] {3}, new int[] {2}, Order.ROW_MAJOR, MPI.INT),
                "blocks too small", "blocks[0] is 3", "from 4");
        MPI.COMM_WORLD.setErrhandler(MPI.ERRORS_ARE_FATAL);
    }

    @Program
    static void neighborAllToAllw() throws MPIException {
        int size = MPI.COMM_WORLD.getSize();
        int rank = MPI.COMM_WORLD.getRank();
        CartComm ring = MPI.COMM_WORLD.createCart(new int[] {size}, new boolean[] {true}, false);
        Datatype pair = Datatype.createVector(2, 1, 2, MPI.INT);
        pair.commit();
        // One int to the rank before; every other one of three to the rank after.
        int[] sendCounts = {1, 1};
        int[] sendAt = {0, 4};
        Datatype[] sendTypes = {MPI.INT, pair};
        int[] receiveCounts = {2, 1};
        int[] receiveAt = {8, 0};
        Datatype[] receiveTypes = {MPI.INT, MPI.INT};
        int[] out = {10 * rank, 10 * rank + 1, -1, 10 * rank + 2};
        int before = 10 * ((rank + size - 1) % size);
        int[] expected = {10 * ((rank + 1) % size), -7, before + 1, before + 2};
        int[] in = {-7, -7, -7, -7};
        NeighborCollectives.allToAllw(ring, out, sendCounts, sendAt, sendTypes, in, receiveCounts, receiveAt,
                receiveTypes);
        equal(expected, in, "blocking");
        IntBuffer later = IntBuffer.wrap(new int[] {-7, -7, -7, -7});
        NeighborCollectives.iAllToAllw(ring, IntBuffer.wrap(out), sendCounts, sendAt, sendTypes, later, receiveCounts,
                receiveAt, receiveTypes).waitFor();
        equal(expected, later.array(), "not blocking");
        ring.setErrhandler(MPI.ERRORS_RETURN);
        raises(MPI.ERR_ARG, () -> NeighborCollectives.allToAllw(ring, out, sendCounts, new int[1], sendTypes, in,
                receiveCounts, receiveAt, receiveTypes), "too few displacements", "2 neighbours");
        ring.free();
    }

    /** Travels by serialization. */
    record Point(int x, List<String> names, Serializable more) implements Serializable {}

    /** Not accepted unless named. */
    record Stranger(int x) implements Serializable {}

    @Program
    static void objects() throws MPIException {
        Comm world = MPI.COMM_WORLD;
        int rank = world.getRank();
        int size = world.getSize();
        Objects<Point> points = Objects.of(Point.class);
        Point mine = new Point(rank, List.of("a" + rank, "x".repeat(100_000 * (rank % 2))), null);
        int after = (rank + 1) % size;
        int before = (rank + size - 1) % size;
        if (rank % 2 == 0) {
            points.send(world, mine, after, 3);
        }
        if (size == 1 || rank % 2 == 1 || size % 2 == 1 && rank == 0) {
            Point got = points.recv(world, MPI.ANY_SOURCE, 3);
            equal(before, got.x(), "sender");
            equal("a" + before, got.names().getFirst(), "name");
        }
        equal(size - 1, points.bcast(world, mine, size - 1).x(), "bcast");
        List<Point> gathered = points.gather(world, mine, 0);
        that((gathered == null) == (rank != 0), "gather is at the root alone");
        if (rank == 0) {
            equal(size, gathered.size(), "gathered");
            equal(new Point(size - 1, List.of("a" + (size - 1), "x".repeat(100_000 * ((size - 1) % 2))), null),
                    gathered.getLast(), "last");
        }
        equal(Map.of("rank", size - 1), Objects.of(java.util.HashMap.class).allGather(world,
                new java.util.HashMap<>(Map.of("rank", rank))).getLast(), "allGather");
        world.setErrhandler(MPI.ERRORS_RETURN);
        Point stranger = new Point(1, List.of(), new Stranger(2));
        points.send(MPI.COMM_WORLD, stranger, rank, 4);
        raises(MPI.ERR_TYPE, () -> points.recv(world, rank, 4), "a class that nobody named", "not accepted");
        points.send(world, stranger, rank, 4);
        equal(stranger,
                points.accepting(ObjectInputFilter.Config.createFilter("org.isthmus.comm.program.*;java.base/*;!*"))
                .recv(world, rank, 4), "a class that was named");
        Objects.of(String.class).send(world, "text", rank, 4);
        raises(MPI.ERR_TYPE, () -> points.recv(world, rank, 4), "another type", "Point");
        raises(MPI.ERR_RANK, () -> points.send(world, mine, size, 4), "no such rank", "dest is " + size);
        world.setErrhandler(MPI.ERRORS_ARE_FATAL);
    }

    @Program
    static void largeCounts() throws MPIException {
        Comm world = MPI.COMM_WORLD;
        int rank = world.getRank();
        int size = world.getSize();
        int n = 1000;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mine = arena.allocate(ValueLayout.JAVA_INT, (long) n * size);
            MemorySegment all = arena.allocate(ValueLayout.JAVA_INT, (long) n * size);
            for (int i = 0; i < n * size; i++) {
                mine.setAtIndex(ValueLayout.JAVA_INT, i, rank * 1_000_000 + i);
            }
            if (rank == 0) {
                for (int to = 1; to < size; to++) {
                    LargeCount.send(world, mine, n, MPI.INT, to, 5);
                }
            } else {
                Status status = LargeCount.recv(world, all, n + 1L, MPI.INT, MPI.ANY_SOURCE, 5);
                equal(n, status.getCount(MPI.INT), "count");
                equal((long) n, status.getElementsX(MPI.INT).getCount(), "elements");
                check(all, 0, 0, 0, n);
            }
            equal(MPI.PROC_NULL, LargeCount.recv(world, all, n, MPI.INT, MPI.PROC_NULL, 5).getSource(), "nobody");
            LargeCount.allGather(world, mine, n, MPI.INT, all);
            for (int from = 0; from < size; from++) {
                check(all, from * n, from, 0, n);
            }
            all.fill((byte) 0);
            LargeCount.allToAll(world, mine, n, MPI.INT, all);
            for (int from = 0; from < size; from++) {
                check(all, from * n, from, rank * n, n);
            }
            all.fill((byte) 0);
            LargeCount.gather(world, mine, n, MPI.INT, all, size - 1);
            for (int from = 0; from < size && rank == size - 1; from++) {
                check(all, from * n, from, 0, n);
            }
            LargeCount.allReduce(world, mine, all, n, MPI.INT, MPI.SUM);
            int ranks = size * (size - 1) / 2;
            for (int i = 0; i < n; i++) {
                equal(ranks * 1_000_000 + size * i, all.getAtIndex(ValueLayout.JAVA_INT, i), "sum " + i);
            }
            LargeCount.allReduce(world, null, all, n, MPI.INT, MPI.MAX);
            equal(ranks * 1_000_000, all.getAtIndex(ValueLayout.JAVA_INT, 0), "in place");
            LargeCount.reduce(world, mine, all, n, MPI.INT, MPI.MIN, 0);
            if (rank == 0) {
                check(all, 0, 0, 0, n);
            }
            LargeCount.bcast(world, mine, n, MPI.INT, size - 1);
            check(mine, 0, size - 1, 0, n);
            world.setErrhandler(MPI.ERRORS_RETURN);
            raises(MPI.ERR_BUFFER, () -> LargeCount.bcast(world, mine, 1L << 33, MPI.INT, 0), "too small",
                    "34359738368 bytes");
            raises(MPI.ERR_COUNT, () -> LargeCount.send(world, mine, -1L, MPI.INT, 0, 0), "negative", "count is -1");
            raises(MPI.ERR_COUNT, () -> LargeCount.allGather(world, mine, Long.MAX_VALUE, MPI.INT, all), "overflow",
                    "2^63");
            world.setErrhandler(MPI.ERRORS_ARE_FATAL);
        }
    }

    private static void check(MemorySegment segment, int at, int from, int first, int length) {
        for (int i = 0; i < length; i++) {
            equal(from * 1_000_000 + first + i, segment.getAtIndex(ValueLayout.JAVA_INT, at + i), "element " + i);
        }
    }

    @Program
    static void partitioned() throws MPIException {
        Comm world = MPI.COMM_WORLD;
        int rank = world.getRank();
        int size = world.getSize();
        int after = (rank + 1) % size;
        int before = (rank + size - 1) % size;
        int[] out = new int[6000];
        int[] in = new int[6000];
        int[] other = new int[2];
        Partitioned send = Partitioned.psendInit(world, out, 6, 1000, MPI.INT, after, 9);
        Partitioned second = Partitioned.psendInit(world, new int[] {rank, -rank}, 2, 1, MPI.INT, after, 9);
        Partitioned receive = Partitioned.precvInit(world, in, 4, 1500, MPI.INT, before, 9);
        Partitioned secondReceive = Partitioned.precvInit(world, other, 1, 2, MPI.INT, before, 9);
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < out.length; i++) {
                out[i] = 100_000 * rank + 10_000 * round + i;
            }
            receive.start();
            send.start();
            send.pready(3);
            send.preadyRange(4, 5);
            while (!receive.parrived(3)) {
                Thread.onSpinWait();
            }
            that(!receive.parrived(0), "partition 0 was not sent");
            world.barrier();
            for (int i = 4500; i < 6000; i++) {
                equal(100_000 * before + 10_000 * round + i, in[i], "round " + round + " index " + i);
            }
            send.preadyList(2, 0, 1);
            receive.waitFor();
            that(receive.parrived(0), "an inactive request");
            for (int i = 0; i < 4500; i++) {
                equal(100_000 * before + 10_000 * round + i, in[i], "round " + round + " index " + i);
            }
            send.waitFor();
            secondReceive.start();
            second.start();
            second.preadyRange(0, 1);
            second.waitFor();
            while (!secondReceive.test()) {
                Thread.onSpinWait();
            }
            equal(new int[] {before, -before}, other, "the second pair");
        }
        world.setErrhandler(MPI.ERRORS_RETURN);
        raises(MPI.ERR_REQUEST, () -> send.pready(0), "not started", "start it first");
        send.start();
        raises(MPI.ERR_ARG, () -> send.pready(6), "no such partition", "from 0 to 5");
        send.pready(0);
        raises(MPI.ERR_ARG, () -> send.pready(0), "twice", "already");
        raises(MPI.ERR_REQUEST, send::free, "active", "is active");
        receive.start();
        send.preadyRange(1, 5);
        send.waitFor();
        receive.waitFor();
        send.free();
        raises(MPI.ERR_REQUEST, send::start, "freed", "was freed");
        Partitioned longer = Partitioned.psendInit(world, out, 2, 1000, MPI.INT, after, 9);
        Partitioned shorter = Partitioned.precvInit(world, in, 2, 999, MPI.INT, before, 9);
        longer.start();
        longer.preadyRange(0, 1);
        shorter.start();
        raises(MPI.ERR_TRUNCATE, shorter::waitFor, "different sizes", "2 partitions of 4000 bytes");
        longer.waitFor();
        raises(MPI.ERR_ARG, () -> Partitioned.psendInit(world, out, 0, 1, MPI.INT, after, 9), "no partition",
                "partitions is 0");
        Partitioned nobody = Partitioned.precvInit(world, in, 2, 999, MPI.INT, MPI.PROC_NULL, 9);
        nobody.start();
        nobody.waitFor();
        world.setErrhandler(MPI.ERRORS_ARE_FATAL);
    }

    /** In a job that ends with its first failure; what others do is in {@link ResilienceMain}. */
    @Program
    static void resilienceWithoutLosses() throws MPIException {
        Comm world = MPI.COMM_WORLD;
        that(!Resilience.isEnabled(), "such jobs end with their first failure");
        equal(0, Resilience.getFailed(world).getSize(), "failed");
        equal(0, Resilience.ackFailed(world), "acknowledged");
        equal(world.getSize() == 1 ? 6 : 4, Resilience.agree(world, world.getRank() == 0 ? 6 : 5), "agreement");
        Intracomm copy = Resilience.shrink(world);
        equal(world.getSize(), copy.getSize(), "size");
        copy.barrier();
        copy.free();
        that(!Resilience.isRevoked(world), "revoked");
        world.setErrhandler(MPI.ERRORS_RETURN);
        raises(MPI.ERR_UNSUPPORTED_OPERATION, () -> Resilience.revoke(world), "revoke", "--resilient");
        raises(MPI.ERR_ARG, () -> Resilience.shrink(null), "no communicator", "comm is null");
        world.setErrhandler(MPI.ERRORS_ARE_FATAL);
    }

    @Program
    static void errorHandlers() throws MPIException {
        Comm world = MPI.COMM_WORLD;
        List<String> heard = new ArrayList<>();
        world.setErrhandler(ErrorHandler.create((comm, code, message) -> {
            that(comm == world, "the communicator");
            heard.add(code + " " + message);
        }));
        raises(MPI.ERR_TAG, () -> world.send(new int[1], 1, MPI.INT, 0, -5), "a wrong tag", "tag is -5");
        equal(1, heard.size(), "calls");
        that(heard.getFirst().startsWith(MPI.ERR_TAG + " ERR_TAG: tag is -5"), heard.toString());
        world.callErrhandler(MPI.ERR_OTHER);
        equal(MPI.ERR_OTHER + " ERR_OTHER: raised by the program", heard.get(1), "raised by hand");
        world.setErrhandler(ErrorHandler.create((comm, code, message) -> {
            throw new IllegalStateException(message);
        }));
        try {
            world.send(new int[1], 1, MPI.INT, 0, -5);
            throw new AssertionError("nothing was thrown");
        } catch (IllegalStateException e) {
            that(e.getMessage().contains("tag is -5"), e.getMessage());
        }
        world.setErrhandler(MPI.ERRORS_ARE_FATAL);
    }
}
