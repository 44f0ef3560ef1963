package org.isthmus.comm.coll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.fixture.Elements;
import org.isthmus.comm.fixture.TestOp;
import org.isthmus.comm.fixture.TestType;
import org.isthmus.comm.op.ReduceOp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Collectives that reduce: every algorithm, number of ranks, op (one does not commute, and tells wrong order), size, in
 * place or not; several under way at once; errors.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
abstract class ReductionConformance extends CollectiveConformance {
    private static final int LARGE = 5000;
    private static final int[] SIZES = {0, 1, 7, LARGE};

    private interface Case {
        void run(TestOp op, int count, boolean inPlace);
    }

    private static void forAllCases(int ranks, Case body) {
        for (TestOp op : TestOp.values()) {
            for (int count : SIZES) {
                if (count < LARGE || ranks % 2 == 1 || ranks == 8 && op != TestOp.MAXLOC) {
                    body.run(op, count, false);
                    body.run(op, count, true);
                }
            }
        }
    }

    /** The result of ranks 0 to {@code last} in elements 0 and on; input elements {@code first} and on. */
    private static void putResult(Elements target, TestOp op, int last, int first, int count) {
        for (int i = 0; i < count; i++) {
            target.put(i, op.expected(last, first + i));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void reduce(int ranks) throws Exception {
        forAll(ranks, CollectiveKind.REDUCE, v -> forAllCases(ranks, (op, count, inPlace) -> {
            for (int root = 0; root < ranks; root += count < LARGE ? 1 : Math.max(1, ranks - 1)) {
                int to = root;
                boolean isRoot = v.rank() == root;
                TypeMap type = op.testType().type();
                Elements send = op.testType().allocate(count).putAll(0, count, v.rank(), 0);
                Elements unchanged = send.copy();
                Elements receive = op.testType().allocate(isRoot ? count : 0);
                if (isRoot && inPlace) {
                    receive.putAll(0, count, v.rank(), 0);
                }
                Elements expected = receive.copy();
                if (isRoot) {
                    putResult(expected, op, ranks - 1, 0, count);
                }
                Object sendBase = isRoot && inPlace ? null : send.base;
                Object receiveBase = isRoot ? receive.base : null;
                v.call(() -> v.collectives().reduce(sendBase, send.offset, receiveBase, receive.offset, count, type,
                                op.op(), to),
                        () -> v.collectives().ireduce(sendBase, send.offset, receiveBase, receive.offset, count, type,
                                op.op(), to));
                String what = v.what() + " of " + count + " " + op + " to " + root + " in place " + inPlace;
                expected.check(receive, what);
                unchanged.check(send, what + ", send buffer");
            }
        }));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void allreduce(int ranks) throws Exception {
        forAll(ranks, CollectiveKind.ALLREDUCE, v -> forAllCases(ranks, (op, count, inPlace) -> {
            Elements send = op.testType().allocate(count).putAll(0, count, v.rank(), 0);
            Elements unchanged = send.copy();
            Elements receive = inPlace ? send.copy() : op.testType().allocate(count);
            Elements expected = receive.copy();
            putResult(expected, op, ranks - 1, 0, count);
            Object sendBase = inPlace ? null : send.base;
            v.call(() -> v.collectives().allreduce(sendBase, send.offset, receive.base, receive.offset, count,
                            op.testType().type(), op.op()),
                    () -> v.collectives().iallreduce(sendBase, send.offset, receive.base, receive.offset, count,
                            op.testType().type(), op.op()));
            String what = v.what() + " of " + count + " " + op + " in place " + inPlace;
            expected.check(receive, what);
            unchanged.check(send, what + ", send buffer");
        }));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void reduceScatter(int ranks) throws Exception {
        forAll(ranks, CollectiveKind.REDUCE_SCATTER, v -> forAllCases(ranks, (op, size, inPlace) -> {
            int[] counts = new int[ranks];
            int total = 0;
            int first = 0;
            for (int rank = 0; rank < ranks; rank++) {
                counts[rank] = rank % 3 == 1 ? 0 : size / ranks + rank % 2;
                first += rank < v.rank() ? counts[rank] : 0;
                total += counts[rank];
            }
            Elements send = op.testType().allocate(total).putAll(0, total, v.rank(), 0);
            Elements receive = inPlace ? send.copy() : op.testType().allocate(counts[v.rank()]);
            Elements expected = receive.copy();
            putResult(expected, op, ranks - 1, first, counts[v.rank()]);
            Object sendBase = inPlace ? null : send.base;
            v.call(() -> v.collectives().reduceScatter(sendBase, send.offset, receive.base, receive.offset, counts,
                            op.testType().type(), op.op()),
                    () -> v.collectives().ireduceScatter(sendBase, send.offset, receive.base, receive.offset, counts,
                            op.testType().type(), op.op()));
            checkResult(expected, receive, op, total, counts[v.rank()], inPlace, v.what());
        }));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void reduceScatterBlock(int ranks) throws Exception {
        forAll(ranks, CollectiveKind.REDUCE_SCATTER_BLOCK, v -> forAllCases(ranks, (op, size, inPlace) -> {
            int count = size < LARGE ? size : size / ranks;
            int total = ranks * count;
            Elements send = op.testType().allocate(total).putAll(0, total, v.rank(), 0);
            Elements receive = inPlace ? send.copy() : op.testType().allocate(count);
            Elements expected = receive.copy();
            putResult(expected, op, ranks - 1, v.rank() * count, count);
            Object sendBase = inPlace ? null : send.base;
            v.call(() -> v.collectives().reduceScatterBlock(sendBase, send.offset, receive.base, receive.offset, count,
                            op.testType().type(), op.op()),
                    () -> v.collectives().ireduceScatterBlock(sendBase, send.offset, receive.base, receive.offset,
                            count, op.testType().type(), op.op()));
            checkResult(expected, receive, op, total, count, inPlace, v.what());
        }));
    }

    /** In place, what lies behind the result is undefined up to the end of the input. */
    private static void checkResult(Elements expected, Elements actual, TestOp op, int total, int count,
            boolean inPlace, String what) {
        if (inPlace) {
            for (Elements buffer : List.of(expected, actual)) {
                for (int i = count; i < total; i++) {
                    buffer.put(i, new long[op.testType().numbers()]);
                }
            }
        }
        expected.check(actual, what + " of " + total + " " + op + " in place " + inPlace);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void scan(int ranks) throws Exception {
        forAll(ranks, CollectiveKind.SCAN, v -> forAllCases(ranks, (op, count, inPlace) -> {
            Elements send = op.testType().allocate(count).putAll(0, count, v.rank(), 0);
            Elements receive = inPlace ? send.copy() : op.testType().allocate(count);
            Elements expected = receive.copy();
            putResult(expected, op, v.rank(), 0, count);
            Object sendBase = inPlace ? null : send.base;
            v.call(() -> v.collectives().scan(sendBase, send.offset, receive.base, receive.offset, count,
                            op.testType().type(), op.op()),
                    () -> v.collectives().iscan(sendBase, send.offset, receive.base, receive.offset, count,
                            op.testType().type(), op.op()));
            expected.check(receive, v.what() + " of " + count + " " + op + " in place " + inPlace);
        }));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void exscan(int ranks) throws Exception {
        forAll(ranks, CollectiveKind.EXSCAN, v -> forAllCases(ranks, (op, count, inPlace) -> {
            Elements send = op.testType().allocate(count).putAll(0, count, v.rank(), 0);
            Elements receive = inPlace ? send.copy() : op.testType().allocate(count);
            Elements expected = receive.copy();
            if (v.rank() > 0) {
                putResult(expected, op, v.rank() - 1, 0, count);
            }
            Object sendBase = inPlace ? null : send.base;
            v.call(() -> v.collectives().exscan(sendBase, send.offset, receive.base, receive.offset, count,
                            op.testType().type(), op.op()),
                    () -> v.collectives().iexscan(sendBase, send.offset, receive.base, receive.offset, count,
                            op.testType().type(), op.op()));
            expected.check(receive, v.what() + " of " + count + " " + op + " in place " + inPlace);
        }));
    }

    /** Ranks wait for the requests in different orders. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 7})
    void severalUnderWayAtOnce(int ranks) throws Exception {
        job().run(ranks, comm -> {
            Collectives collectives = collectives(comm, "");
            TestOp op = TestOp.AFFINE;
            TypeMap type = op.testType().type();
            int count = 100;
            List<CollectiveRequest> requests = new ArrayList<>();
            List<Elements> results = new ArrayList<>();
            List<Elements> expected = new ArrayList<>();
            for (int round = 0; round < 10; round++) {
                Elements send = op.testType().allocate(count).putAll(0, count, comm.rank(), round);
                Elements sum = op.testType().allocate(count);
                requests.add(collectives.iallreduce(send.base, send.offset, sum.base, sum.offset, count, type,
                        op.op()));
                results.add(sum);
                expected.add(op.testType().allocate(count));
                putResult(expected.getLast(), op, ranks - 1, round, count);

                int root = round % ranks;
                Elements data = TestType.DOUBLE.allocate(count);
                expected.add(data.copy().putAll(0, count, root, round));
                if (comm.rank() == root) {
                    data.putAll(0, count, root, round);
                }
                requests.add(collectives.ibcast(data.base, data.offset, count, data.type, root));
                results.add(data);
                requests.add(collectives.ibarrier());
            }
            for (CollectiveRequest request : comm.rank() % 2 == 0 ? requests : requests.reversed()) {
                await(comm, request);
            }
            for (int i = 0; i < results.size(); i++) {
                expected.get(i).check(results.get(i), "request " + i + " of rank " + comm.rank());
            }
        });
    }

    @Test
    void whatAnOperationThrowsReachesItsCallerOnly() throws Exception {
        job().run(3, comm -> {
            Collectives collectives = collectives(comm, "");
            ReduceOp failing = new ReduceOp() {
                @Override
                public boolean isCommutative() {
                    return false;
                }

                @Override
                public boolean supports(TypeMap type) {
                    return true;
                }

                @Override
                public void reduce(Object in, long inOffset, Object inout, long inoutOffset, int count, TypeMap type) {
                    throw new IllegalStateException("no");
                }
            };
            Elements send = TestType.INT.allocate(4);
            Elements receive = TestType.INT.allocate(4);
            Runnable reduce = () -> collectives.reduce(send.base, send.offset, comm.rank() == 0 ? receive.base : null,
                    receive.offset, 4, send.type, failing, 0);
            if (comm.rank() == 0) {
                assertEquals("no", assertThrows(IllegalStateException.class, reduce::run).getMessage());
            } else {
                reduce.run();
            }
            collectives.barrier();
        });
    }
}
