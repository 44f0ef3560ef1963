package org.isthmus.comm.coll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.fixture.TestOp;
import org.junit.jupiter.api.Test;

class AlgorithmTableTest {
    private final AlgorithmTable table = AlgorithmTable.ofPointToPoint();

    private static CollectiveCall allreduce(TestOp op, int ranks, long bytes) {
        return new CollectiveCall(CollectiveKind.ALLREDUCE, ranks).op(op.op()).bytes(bytes);
    }

    @Test
    void sizeChooses() {
        assertEquals("recursive_doubling", table.select(allreduce(TestOp.SUM_INT, 8, 2048)).name());
        assertEquals("rabenseifner", table.select(allreduce(TestOp.SUM_INT, 8, 2049)).name());
        assertEquals("ring", table.select(allreduce(TestOp.SUM_INT, 8, 2 << 20)).name());
    }

    @Test
    void onlyOrderedAlgorithmsForOpsThatDoNotCommute() {
        assertEquals("recursive_doubling", table.select(allreduce(TestOp.AFFINE, 8, 2 << 20)).name());
    }

    @Test
    void ranksChoose() {
        CollectiveCall few = new CollectiveCall(CollectiveKind.BCAST, 4).bytes(1 << 20);
        CollectiveCall many = new CollectiveCall(CollectiveKind.BCAST, 8).bytes(1 << 20);
        assertEquals("binomial", table.select(few).name());
        assertEquals("scatter_ring", table.select(many).name());
    }

    @Test
    void everyCollectiveHasAnAlgorithmForAnyCall() {
        for (CollectiveKind kind : CollectiveKind.values()) {
            for (int ranks = 1; ranks < 20; ranks++) {
                for (long bytes : new long[] {0, 1, 1 << 10, 1 << 20, 1L << 40}) {
                    CollectiveCall call = new CollectiveCall(kind, ranks).op(TestOp.AFFINE.op()).bytes(bytes);
                    assertTrue(table.select(call).supports(call), kind + " " + ranks + " " + bytes);
                }
            }
        }
    }

    @Test
    void namesAreUnique() {
        for (CollectiveKind kind : CollectiveKind.values()) {
            Set<String> names = new HashSet<>();
            table.algorithms(kind).forEach(algorithm -> assertTrue(names.add(algorithm.name()), kind.key()));
        }
    }

    @Test
    void forcedAlgorithmWinsWhereItCan() {
        AlgorithmTable forced = table.force(" allreduce = ring, bcast=scatter_ring");
        assertEquals("ring", forced.select(allreduce(TestOp.SUM_INT, 2, 8)).name());
        assertEquals("recursive_doubling", forced.select(allreduce(TestOp.AFFINE, 2, 8)).name());
        assertEquals("scatter_ring", forced.select(new CollectiveCall(CollectiveKind.BCAST, 2).bytes(8)).name());
        assertEquals("recursive_doubling", forced.force("allreduce=recursive_doubling")
                .select(allreduce(TestOp.SUM_INT, 2, 8)).name());
        assertEquals("recursive_doubling", table.force("").select(allreduce(TestOp.SUM_INT, 2, 8)).name());
    }

    @Test
    void addedRuleComesFirst() {
        Algorithm own = new AllreduceRing();
        AlgorithmTable changed = table.withFirst(CollectiveKind.ALLREDUCE, new AlgorithmTable.Rule(own, 100, 4));
        assertEquals(own, changed.select(allreduce(TestOp.SUM_INT, 4, 100)));
        assertEquals("recursive_doubling", changed.select(allreduce(TestOp.SUM_INT, 3, 100)).name());
        assertEquals("recursive_doubling", changed.select(allreduce(TestOp.SUM_INT, 4, 101)).name());
    }

    @Test
    void unknownNamesAreListed() {
        CommException collective = assertThrows(CommException.class, () -> table.force("alreduce=ring"));
        assertEquals(ErrorClass.ARG, collective.errorClass());
        assertTrue(collective.getMessage().contains("\"alreduce\"") && collective.getMessage().contains("allreduce,"));
        CommException algorithm = assertThrows(CommException.class, () -> table.force("allreduce=rong"));
        assertTrue(algorithm.getMessage().contains("\"rong\"") && algorithm.getMessage().contains("ring"));
        CommException pair = assertThrows(CommException.class, () -> table.force("allreduce=ring,"));
        assertTrue(pair.getMessage().contains("pair"));
    }
}
