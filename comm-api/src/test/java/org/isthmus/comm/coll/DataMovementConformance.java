package org.isthmus.comm.coll;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.isthmus.comm.datatype.DerivedTypes;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.fixture.Elements;
import org.isthmus.comm.fixture.TestType;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Collectives that move data: every algorithm, number of ranks, type, size, root, in place or not; the largest size for
 * some types and numbers of ranks only, to save time. Whole buffers are compared, guards and gaps included.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
abstract class DataMovementConformance extends CollectiveConformance {
    private static final int LARGE = 5000;
    private static final int[] SIZES = {0, 1, 7, LARGE};

    /** A case: how many elements a rank has, of which type. */
    private interface Case {
        void run(TestType type, int count);
    }

    private static void forAllCases(int ranks, Case body) {
        for (TestType type : TestType.values()) {
            for (int count : SIZES) {
                boolean chosen = type == TestType.INT || type == TestType.GAPS;
                if (count < LARGE || chosen && (ranks % 2 == 1 || ranks == 8)) {
                    body.run(type, count);
                }
            }
        }
    }

    /** As {@link Case}, with a root and whether it is in place. */
    private interface RootedCase {
        void run(TestType type, int count, int root, boolean inPlace);
    }

    private static void forAllRootedCases(int ranks, RootedCase body) {
        forAllCases(ranks, (type, count) -> {
            for (int root = 0; root < ranks; root += count < LARGE ? 1 : Math.max(1, ranks - 1)) {
                body.run(type, count, root, false);
                body.run(type, count, root, true);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void barrierHoldsEveryRankUntilAllHaveCome(int ranks) throws Exception {
        AtomicInteger come = new AtomicInteger();
        int rounds = 20;
        forAll(ranks, CollectiveKind.BARRIER, v -> {
            int before = v.blocking() ? 0 : rounds * ranks;
            for (int round = 1; round <= rounds; round++) {
                come.incrementAndGet();
                v.call(v.collectives()::barrier, v.collectives()::ibarrier);
                assertTrue(come.get() >= before + round * ranks, v.what());
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void bcast(int ranks) throws Exception {
        forAll(ranks, CollectiveKind.BCAST, v -> forAllCases(ranks, (type, count) -> {
            for (int root = 0; root < ranks; root++) {
                int from = root;
                Elements buffer = type.allocate(count);
                Elements expected = buffer.copy().putAll(0, count, root, root);
                if (v.rank() == root) {
                    buffer.putAll(0, count, root, root);
                }
                v.call(() -> v.collectives().bcast(buffer.base, buffer.offset, count, buffer.type, from),
                        () -> v.collectives().ibcast(buffer.base, buffer.offset, count, buffer.type, from));
                expected.check(buffer, v.what() + " of " + count + " " + type + " from " + root);
            }
        }));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void gather(int ranks) throws Exception {
        forAll(ranks, CollectiveKind.GATHER, v -> forAllRootedCases(ranks, (type, count, root, inPlace) -> {
            boolean isRoot = v.rank() == root;
            Elements send = type.allocate(count).putAll(0, count, v.rank(), 0);
            Elements receive = type.allocate(isRoot ? ranks * count : 0);
            if (isRoot && inPlace) {
                receive.putAll(root * count, count, root, 0);
            }
            Elements expected = receive.copy();
            for (int rank = 0; isRoot && rank < ranks; rank++) {
                expected.putAll(rank * count, count, rank, 0);
            }
            Object sendBase = isRoot && inPlace ? null : send.base;
            Object receiveBase = isRoot ? receive.base : null;
            v.call(() -> v.collectives().gather(sendBase, send.offset, count, type.type(), receiveBase, receive.offset,
                            count, type.type(), root),
                    () -> v.collectives().igather(sendBase, send.offset, count, type.type(), receiveBase,
                            receive.offset, count, type.type(), root));
            expected.check(receive, v.what() + " of " + count + " " + type + " to " + root + " in place " + inPlace);
        }));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void scatter(int ranks) throws Exception {
        forAll(ranks, CollectiveKind.SCATTER, v -> forAllRootedCases(ranks, (type, count, root, inPlace) -> {
            boolean isRoot = v.rank() == root;
            Elements send = type.allocate(isRoot ? ranks * count : 0);
            if (isRoot) {
                send.putAll(0, ranks * count, root, 0);
            }
            Elements unchanged = send.copy();
            Elements receive = type.allocate(count);
            Elements expected = receive.copy();
            if (!(isRoot && inPlace)) {
                expected.putAll(0, count, root, v.rank() * count);
            }
            Object sendBase = isRoot ? send.base : null;
            Object receiveBase = isRoot && inPlace ? null : receive.base;
            v.call(() -> v.collectives().scatter(sendBase, send.offset, count, type.type(), receiveBase, receive.offset,
                            count, type.type(), root),
                    () -> v.collectives().iscatter(sendBase, send.offset, count, type.type(), receiveBase,
                            receive.offset, count, type.type(), root));
            String what = v.what() + " of " + count + " " + type + " from " + root + " in place " + inPlace;
            expected.check(receive, what);
            unchanged.check(send, what + ", send buffer");
        }));
    }

    /** Counts of the v-forms: some ranks have none. */
    private static int countOf(int rank, int count) {
        return rank % 3 == 1 ? 0 : count + rank % 2;
    }

    /** Displacements that leave a gap between blocks, the last rank's block first. */
    private static int[] reversed(int[] counts) {
        int[] displacements = new int[counts.length];
        int next = 1;
        for (int i = counts.length - 1; i >= 0; i--) {
            displacements[i] = next;
            next += counts[i] + 1;
        }
        return displacements;
    }

    private static int[] counts(int ranks, int count) {
        int[] counts = new int[ranks];
        Arrays.setAll(counts, rank -> countOf(rank, count));
        return counts;
    }

    private static int room(int ranks, int count) {
        return ranks * (count + 2) + 1;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void gatherv(int ranks) throws Exception {
        forAll(ranks, CollectiveKind.GATHERV, v -> forAllRootedCases(ranks, (type, count, root, inPlace) -> {
            boolean isRoot = v.rank() == root;
            int mine = countOf(v.rank(), count);
            int[] counts = isRoot ? counts(ranks, count) : null;
            int[] displacements = isRoot ? reversed(counts) : null;
            Elements send = type.allocate(mine).putAll(0, mine, v.rank(), 0);
            Elements receive = type.allocate(isRoot ? room(ranks, count) : 0);
            if (isRoot && inPlace) {
                receive.putAll(displacements[root], mine, root, 0);
            }
            Elements expected = receive.copy();
            for (int rank = 0; isRoot && rank < ranks; rank++) {
                expected.putAll(displacements[rank], counts[rank], rank, 0);
            }
            Object sendBase = isRoot && inPlace ? null : send.base;
            Object receiveBase = isRoot ? receive.base : null;
            v.call(() -> v.collectives().gatherv(sendBase, send.offset, mine, type.type(), receiveBase, receive.offset,
                            counts, displacements, type.type(), root),
                    () -> v.collectives().igatherv(sendBase, send.offset, mine, type.type(), receiveBase,
                            receive.offset, counts, displacements, type.type(), root));
            expected.check(receive, v.what() + " of " + count + " " + type + " to " + root + " in place " + inPlace);
        }));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void scatterv(int ranks) throws Exception {
        forAll(ranks, CollectiveKind.SCATTERV, v -> forAllRootedCases(ranks, (type, count, root, inPlace) -> {
            boolean isRoot = v.rank() == root;
            int mine = countOf(v.rank(), count);
            int[] counts = isRoot ? counts(ranks, count) : null;
            int[] displacements = isRoot ? reversed(counts) : null;
            Elements send = type.allocate(isRoot ? room(ranks, count) : 0);
            for (int rank = 0; isRoot && rank < ranks; rank++) {
                send.putAll(displacements[rank], counts[rank], rank, 3);
            }
            Elements receive = type.allocate(mine);
            Elements expected = receive.copy();
            if (!(isRoot && inPlace)) {
                expected.putAll(0, mine, v.rank(), 3);
            }
            Object sendBase = isRoot ? send.base : null;
            Object receiveBase = isRoot && inPlace ? null : receive.base;
            v.call(() -> v.collectives().scatterv(sendBase, send.offset, counts, displacements, type.type(),
                            receiveBase, receive.offset, mine, type.type(), root),
                    () -> v.collectives().iscatterv(sendBase, send.offset, counts, displacements, type.type(),
                            receiveBase, receive.offset, mine, type.type(), root));
            expected.check(receive, v.what() + " of " + count + " " + type + " from " + root + " in place " + inPlace);
        }));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void allgather(int ranks) throws Exception {
        forAll(ranks, CollectiveKind.ALLGATHER, v -> forAllCases(ranks, (type, count) -> {
            for (boolean inPlace : new boolean[] {false, true}) {
                Elements send = type.allocate(count).putAll(0, count, v.rank(), 0);
                Elements receive = type.allocate(ranks * count);
                if (inPlace) {
                    receive.putAll(v.rank() * count, count, v.rank(), 0);
                }
                Elements expected = receive.copy();
                for (int rank = 0; rank < ranks; rank++) {
                    expected.putAll(rank * count, count, rank, 0);
                }
                Object sendBase = inPlace ? null : send.base;
                v.call(() -> v.collectives().allgather(sendBase, send.offset, count, type.type(), receive.base,
                                receive.offset, count, type.type()),
                        () -> v.collectives().iallgather(sendBase, send.offset, count, type.type(), receive.base,
                                receive.offset, count, type.type()));
                expected.check(receive, v.what() + " of " + count + " " + type + " in place " + inPlace);
            }
        }));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void allgatherv(int ranks) throws Exception {
        forAll(ranks, CollectiveKind.ALLGATHERV, v -> forAllCases(ranks, (type, count) -> {
            for (boolean inPlace : new boolean[] {false, true}) {
                int mine = countOf(v.rank(), count);
                int[] counts = counts(ranks, count);
                int[] displacements = reversed(counts);
                Elements send = type.allocate(mine).putAll(0, mine, v.rank(), 0);
                Elements receive = type.allocate(room(ranks, count));
                if (inPlace) {
                    receive.putAll(displacements[v.rank()], mine, v.rank(), 0);
                }
                Elements expected = receive.copy();
                for (int rank = 0; rank < ranks; rank++) {
                    expected.putAll(displacements[rank], counts[rank], rank, 0);
                }
                Object sendBase = inPlace ? null : send.base;
                v.call(() -> v.collectives().allgatherv(sendBase, send.offset, mine, type.type(), receive.base,
                                receive.offset, counts, displacements, type.type()),
                        () -> v.collectives().iallgatherv(sendBase, send.offset, mine, type.type(), receive.base,
                                receive.offset, counts, displacements, type.type()));
                expected.check(receive, v.what() + " of " + count + " " + type + " in place " + inPlace);
            }
        }));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void alltoall(int ranks) throws Exception {
        forAll(ranks, CollectiveKind.ALLTOALL, v -> forAllCases(ranks, (type, size) -> {
            int count = size / Math.min(ranks, 4);
            for (boolean inPlace : new boolean[] {false, true}) {
                Elements send = type.allocate(ranks * count).putAll(0, ranks * count, v.rank(), 0);
                Elements receive = type.allocate(ranks * count);
                if (inPlace) {
                    receive.putAll(0, ranks * count, v.rank(), 0);
                }
                Elements expected = receive.copy();
                for (int rank = 0; rank < ranks; rank++) {
                    expected.putAll(rank * count, count, rank, v.rank() * count);
                }
                Object sendBase = inPlace ? null : send.base;
                v.call(() -> v.collectives().alltoall(sendBase, send.offset, count, type.type(), receive.base,
                                receive.offset, count, type.type()),
                        () -> v.collectives().ialltoall(sendBase, send.offset, count, type.type(), receive.base,
                                receive.offset, count, type.type()));
                expected.check(receive, v.what() + " of " + count + " " + type + " in place " + inPlace);
            }
        }));
    }

    /** Elements that go from one rank to another; symmetric, as calls in place need. */
    private static int countOf(int from, int to, int count) {
        return (from + to) % 4 == 1 ? 0 : count / 2 + (from + to) % 3;
    }

    private static int[] counts(int rank, int ranks, int count) {
        int[] counts = new int[ranks];
        Arrays.setAll(counts, peer -> countOf(rank, peer, count));
        return counts;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void alltoallv(int ranks) throws Exception {
        forAll(ranks, CollectiveKind.ALLTOALLV, v -> forAllCases(ranks, (type, count) -> {
            for (boolean inPlace : new boolean[] {false, true}) {
                int[] counts = counts(v.rank(), ranks, count);
                int[] displacements = reversed(counts);
                Elements send = type.allocate(room(ranks, count));
                Elements receive = type.allocate(room(ranks, count));
                for (int rank = 0; rank < ranks; rank++) {
                    (inPlace ? receive : send).putAll(displacements[rank], counts[rank], v.rank(), rank);
                }
                Elements expected = receive.copy();
                for (int rank = 0; rank < ranks; rank++) {
                    expected.putAll(displacements[rank], counts[rank], rank, v.rank());
                }
                Object sendBase = inPlace ? null : send.base;
                v.call(() -> v.collectives().alltoallv(sendBase, send.offset, counts, displacements, type.type(),
                                receive.base, receive.offset, counts, displacements, type.type()),
                        () -> v.collectives().ialltoallv(sendBase, send.offset, counts, displacements, type.type(),
                                receive.base, receive.offset, counts, displacements, type.type()));
                expected.check(receive, v.what() + " of " + count + " " + type + " in place " + inPlace);
            }
        }));
    }

    /** Every other peer's elements are contiguous pairs in place of ones with gaps; displacements are in bytes. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void alltoallw(int ranks) throws Exception {
        TypeMap pair = DerivedTypes.contiguous(2, TestType.INT.type());
        forAll(ranks, CollectiveKind.ALLTOALLW, v -> {
            for (int count : SIZES) {
                for (boolean inPlace : new boolean[] {false, true}) {
                    int[] counts = counts(v.rank(), ranks, count);
                    int[] displacements = reversed(counts);
                    TypeMap[] types = new TypeMap[ranks];
                    int extent = (int) TestType.GAPS.type().extent();
                    Elements send = TestType.GAPS.allocate(room(ranks, count));
                    Elements receive = TestType.GAPS.allocate(room(ranks, count));
                    for (int peer = 0; peer < ranks; peer++) {
                        types[peer] = peer % 2 == 0 ? pair : TestType.GAPS.type();
                        displacements[peer] *= extent;
                        fill(inPlace ? receive : send, types[peer], displacements[peer], counts[peer], v.rank(), peer);
                    }
                    Elements expected = receive.copy();
                    for (int peer = 0; peer < ranks; peer++) {
                        fill(expected, types[peer], displacements[peer], counts[peer], peer, v.rank());
                    }
                    Object sendBase = inPlace ? null : send.base;
                    v.call(() -> v.collectives().alltoallw(sendBase, send.offset, counts, displacements, types,
                                    receive.base, receive.offset, counts, displacements, types),
                            () -> v.collectives().ialltoallw(sendBase, send.offset, counts, displacements, types,
                                    receive.base, receive.offset, counts, displacements, types));
                    expected.check(receive, v.what() + " of " + count + " in place " + inPlace);
                }
            }
        });
    }

    private static void fill(Elements buffer, TypeMap type, int displacement, int count, int rank, int first) {
        int[] array = (int[]) buffer.base;
        boolean gaps = type == TestType.GAPS.type();
        for (int i = 0; i < count; i++) {
            long[] numbers = Elements.value(TestType.GAPS, rank, first + i);
            int at = (int) (buffer.offset + displacement + i * type.extent()) / Integer.BYTES;
            array[at + (gaps ? 2 : 0)] = (int) numbers[0];
            array[at + (gaps ? 4 : 1)] = (int) numbers[1];
        }
    }

    /** Ranks may describe one message by different types: half of them have plain ints where others have pairs. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 8})
    void typesMayDifferBetweenRanks(int ranks) throws Exception {
        forAll(ranks, CollectiveKind.BCAST, v -> {
            for (int count : SIZES) {
                boolean plain = v.rank() % 2 == 1;
                Elements gaps = TestType.GAPS.allocate(count);
                Elements ints = TestType.INT.allocate(2 * count);
                Elements expectedGaps = gaps.copy().putAll(0, count, 0, 0);
                Elements expectedInts = ints.copy();
                for (int i = 0; i < count; i++) {
                    long[] numbers = Elements.value(TestType.GAPS, 0, i);
                    expectedInts.put(2 * i, numbers[0]);
                    expectedInts.put(2 * i + 1, numbers[1]);
                }
                if (v.rank() == 0) {
                    gaps.putAll(0, count, 0, 0);
                }
                Elements buffer = plain ? ints : gaps;
                int elements = plain ? 2 * count : count;
                v.call(() -> v.collectives().bcast(buffer.base, buffer.offset, elements, buffer.type, 0),
                        () -> v.collectives().ibcast(buffer.base, buffer.offset, elements, buffer.type, 0));
                (plain ? expectedInts : expectedGaps).check(buffer, v.what() + " of " + count);
            }
        });
    }
}
