package org.isthmus.comm.coll.node;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.isthmus.comm.NodeJob;
import org.isthmus.comm.coll.Collectives;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.op.PredefinedOp;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the conformance suites do not reach: operands longer than a cell, operands in the segment, mixed sequences. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NodeCollectivesTest {
    private static final TypeMap LONG = TypeMap.of(Primitive.LONG);
    private static final int MANY = 100_003;

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5})
    void allreduceAndReduceOfManyPieces(int ranks) throws Exception {
        new NodeJob().run(ranks, r -> {
            Collectives collectives = r.collectives().of(r.world());
            long[] mine = new long[MANY];
            Arrays.setAll(mine, i -> i + r.rank());
            long[] expected = new long[MANY];
            Arrays.setAll(expected, i -> (long) ranks * i + ranks * (ranks - 1) / 2);
            long[] result = new long[MANY];
            collectives.allreduce(mine, 0, result, 0, MANY, LONG, PredefinedOp.SUM);
            assertArrayEquals(expected, result);
            long[] atRoot = new long[MANY];
            collectives.reduce(mine, 0, atRoot, 0, MANY, LONG, PredefinedOp.SUM, ranks - 1);
            assertArrayEquals(r.rank() == ranks - 1 ? expected : new long[MANY], atRoot);
            collectives.allreduce(null, 0, mine, 0, MANY, LONG, PredefinedOp.SUM);
            assertArrayEquals(expected, mine);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 200_000})
    void operandsInTheSegmentAreUsedWhereTheyLie(int count) throws Exception {
        new NodeJob().run(4, r -> {
            Collectives collectives = r.collectives().of(r.world());
            MemorySegment memory = r.endpoint().memory();
            long mine = r.endpoint().segment().pool().allocateExtent(8L * count);
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < count; i++) {
                    memory.set(ValueLayout.JAVA_LONG, mine + 8L * i, (long) i * (r.rank() + 1) + round);
                }
                collectives.allreduce(null, 0, memory, mine, count, LONG, PredefinedOp.SUM);
                assertEquals(10L * (count - 1) + 4 * round, memory.get(ValueLayout.JAVA_LONG, mine + 8L * (count - 1)));
                memory.set(ValueLayout.JAVA_LONG, mine, 100 + r.rank());
                collectives.bcast(memory, mine, count, LONG, round);
                assertEquals(100 + round, memory.get(ValueLayout.JAVA_LONG, mine));
                memory.set(ValueLayout.JAVA_LONG, mine, -1L);
            }
        });
    }

    /** Operations that wait for all and such that do not, of all sizes, in one random order on all ranks. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7})
    void mixedSequencesKeepTheirData(int ranks) throws Exception {
        new NodeJob().run(ranks, r -> {
            Collectives collectives = r.collectives().of(r.world());
            Random common = new Random(42);
            Random own = new Random(r.rank());
            for (int step = 0; step < 1500; step++) {
                int root = common.nextInt(ranks);
                int count = common.nextInt(4) == 0 ? 1 + common.nextInt(9000) : 1 + common.nextInt(200);
                int kind = common.nextInt(6);
                if (own.nextInt(20) == 0) {
                    Thread.yield();
                }
                long[] data = new long[count];
                Arrays.fill(data, (long) step * 1000 + r.rank());
                switch (kind) {
                    case 0 -> collectives.barrier();
                    case 1 -> {
                        collectives.bcast(data, 0, count, LONG, root);
                        assertEquals((long) step * 1000 + root, data[count - 1]);
                    }
                    case 2 -> {
                        collectives.allreduce(null, 0, data, 0, count, LONG, PredefinedOp.MAX);
                        assertEquals((long) step * 1000 + ranks - 1, data[count - 1]);
                    }
                    case 3 -> {
                        long[] result = new long[count];
                        collectives.reduce(data, 0, result, 0, count, LONG, PredefinedOp.MIN, root);
                        assertEquals(r.rank() == root ? (long) step * 1000 : 0, result[0]);
                    }
                    case 4 -> {
                        long[] all = new long[count * ranks];
                        collectives.allgather(data, 0, count, LONG, all, 0, count, LONG);
                        assertEquals((long) step * 1000 + ranks - 1, all[count * ranks - 1]);
                    }
                    default -> {
                        long[] result = new long[count];
                        collectives.scan(data, 0, result, 0, count, LONG, PredefinedOp.MAX);
                        assertEquals((long) step * 1000 + r.rank(), result[count - 1]);
                    }
                }
            }
        });
    }
}
