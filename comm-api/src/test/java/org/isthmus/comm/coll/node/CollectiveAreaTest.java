package org.isthmus.comm.coll.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.op.PredefinedOp;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.progress.Completion;
import org.isthmus.comm.progress.Progress;
import org.isthmus.node.endpoint.EndpointOptions;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.shm.NodeSegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Members as threads over one area: operations of every kind in one random order, at random speeds. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CollectiveAreaTest {
    private static final TypeMap LONG = TypeMap.of(Primitive.LONG);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"1, 500, 0", "2, 6000, 4", "3, 4000, 0", "5, 2500, 4", "8, 1000, 0"})
    void mixedOperationsGiveTheRightResults(int members, int operations, int looks) throws IOException {
        try (FileChannel channel = open()) {
            CollectiveArea[] areas = areas(channel, members, looks);
            List<CompletableFuture<Void>> threads = new ArrayList<>();
            for (CollectiveArea area : areas) {
                threads.add(CompletableFuture.runAsync(() -> run(area, operations), task -> new Thread(task).start()));
            }
            threads.forEach(CompletableFuture::join);
            for (CollectiveArea area : areas) {
                assertEquals(areas[0].operation(), area.operation());
                area.done();
            }
            for (CollectiveArea area : areas) {
                assertTrue(area.isAtRest());
            }
        }
    }

    @Test
    void anAreaIsAtRestWhenTheLastMemberIsDone() throws IOException {
        try (FileChannel channel = open()) {
            CollectiveArea[] areas = areas(channel, 2, 0);
            assertTrue(areas[0].isAtRest());
            areas[0].begin();
            areas[0].arrive();
            areas[0].done();
            assertTrue(areas[1].isAtRest(), "that member is behind");
            assertFalse(areas[0].isAtRest());
            areas[1].begin();
            areas[1].done();
            assertTrue(areas[0].isAtRest());
        }
    }

    /** A place is given to the next operation but one only when all are done with it (inv. 2). */
    @Test
    void beginWaitsForThoseTwoOperationsBehind() throws IOException {
        try (FileChannel channel = open()) {
            int[] waits = new int[1];
            CollectiveArea[] areas = new CollectiveArea[2];
            Progress runsTheOther = new TestProgress(completion -> {
                waits[0]++;
                assertFalse(completion.isDone());
                areas[1].begin();
                areas[1].awaitArrived(0);
                assertFalse(completion.isDone());
                areas[1].done();
                assertTrue(completion.isDone());
            });
            System.arraycopy(areas(channel, 2, 1, runsTheOther), 0, areas, 0, 2);
            for (int operation = 1; operation <= 5; operation++) {
                areas[0].begin();
                areas[0].arrive();
                areas[0].done();
                assertEquals(operation, areas[0].operation());
                assertEquals(Math.max(0, operation - 2), waits[0]);
            }
        }
    }

    /** All members draw the same operations, sizes and roots; each its own delays. */
    private static void run(CollectiveArea area, int operations) {
        Random common = new Random(17);
        Random own = new Random(area.me());
        for (int i = 0; i < operations; i++) {
            int kind = common.nextInt(10);
            int root = common.nextInt(area.members());
            int count = common.nextInt(3) == 0 ? 1 + common.nextInt(1000) : 1 + common.nextInt(8);
            delay(own);
            switch (kind) {
                case 0 -> NodeBarrier.run(area);
                case 1 -> allreduce(area, i, count);
                case 2 -> sliced(area, i, common.nextInt(20) == 0 ? 20_000 : count, root);
                case 3 -> reduceFlat(area, i, count, root);
                case 4 -> reduceScatter(area, i, count);
                case 5 -> broadcast(area, i, common.nextInt(20) == 0 ? 20_000 : count, root);
                case 6 -> gather(area, i, count, root);
                case 7 -> scatter(area, i, 1 + count % 100, root);
                case 8 -> allgather(area, i, count);
                default -> scan(area, i, count);
            }
        }
    }

    private static void delay(Random own) {
        int shape = own.nextInt(100);
        if (shape < 10) {
            Thread.yield();
        } else if (shape < 40) {
            for (int spins = own.nextInt(2000); spins > 0; spins--) {
                Thread.onSpinWait();
            }
        }
    }

    private static void allreduce(CollectiveArea area, int seed, int count) {
        long[] result = new long[count];
        NodeAllreduceFlat.run(area, data(seed, area.me(), count), 0, result, 0, count, LONG, PredefinedOp.SUM);
        expect(sum(seed, area.members(), count), result);
    }

    private static void sliced(CollectiveArea area, int seed, int count, int root) {
        boolean all = seed % 2 == 0;
        long[] result = new long[count];
        NodeReduceSliced.run(area, data(seed, area.me(), count), 0, result, 0, count, LONG, PredefinedOp.SUM,
                all ? NodeReduceSliced.ALL : root);
        expect(all || area.me() == root ? sum(seed, area.members(), count) : new long[count], result);
    }

    private static void reduceFlat(CollectiveArea area, int seed, int count, int root) {
        long[] result = new long[count];
        NodeReduceFlat.run(area, data(seed, area.me(), count), 0, result, 0, count, LONG, PredefinedOp.SUM, root);
        expect(area.me() == root ? sum(seed, area.members(), count) : new long[count], result);
    }

    private static void reduceScatter(CollectiveArea area, int seed, int block) {
        int total = block * area.members();
        long[] result = new long[block];
        NodeReduceScatter.run(area, data(seed, area.me(), total), 0, result, 0, (long) area.me() * block, block, total,
                LONG, PredefinedOp.SUM);
        expect(Arrays.copyOfRange(sum(seed, area.members(), total), area.me() * block, (area.me() + 1) * block),
                result);
    }

    private static void broadcast(CollectiveArea area, int seed, int count, int root) {
        long[] buffer = area.me() == root ? data(seed, root, count) : new long[count];
        NodeBroadcast.run(area, buffer, 0, count, LONG, root);
        expect(data(seed, root, count), buffer);
    }

    private static void gather(CollectiveArea area, int seed, int count, int root) {
        long[] mine = data(seed, area.me(), count);
        if (area.me() == root) {
            long[] result = new long[count * area.members()];
            NodeGather.receive(area, mine, 0, count, LONG, result, 0, count, LONG);
            expect(blocks(seed, area.members(), count), result);
        } else {
            NodeGather.send(area, mine, 0, count, LONG);
        }
    }

    private static void scatter(CollectiveArea area, int seed, int count, int root) {
        long[] mine = new long[count];
        if (area.me() == root) {
            NodeScatter.send(area, blocks(seed, area.members(), count), 0, count, LONG, mine, 0, count, LONG);
        } else {
            NodeScatter.receive(area, mine, 0, count, LONG, root);
        }
        expect(data(seed, area.me(), count), mine);
    }

    private static void allgather(CollectiveArea area, int seed, int count) {
        long[] result = new long[count * area.members()];
        NodeAllgather.run(area, data(seed, area.me(), count), 0, count, LONG, result, 0, count, null, null, LONG);
        expect(blocks(seed, area.members(), count), result);
    }

    private static void scan(CollectiveArea area, int seed, int count) {
        long[] result = new long[count];
        NodeScan.run(area, data(seed, area.me(), count), 0, result, 0, count, LONG, PredefinedOp.SUM, area.me());
        expect(sum(seed, area.me() + 1, count), result);
    }

    private static long[] data(int seed, int member, int count) {
        long[] data = new long[count];
        for (int i = 0; i < count; i++) {
            data[i] = (seed * 31L + member) * 1_000_003 + i;
        }
        return data;
    }

    private static long[] sum(int seed, int members, int count) {
        long[] sum = new long[count];
        for (int member = 0; member < members; member++) {
            long[] data = data(seed, member, count);
            Arrays.setAll(sum, i -> sum[i] + data[i]);
        }
        return sum;
    }

    private static long[] blocks(int seed, int members, int count) {
        return IntStream.range(0, members).boxed().flatMapToLong(m -> Arrays.stream(data(seed, m, count))).toArray();
    }

    private static void expect(long[] expected, long[] found) {
        if (!Arrays.equals(expected, found)) {
            int at = Arrays.mismatch(expected, found);
            throw new AssertionError("element " + at + " of " + expected.length + " is "
                    + found[at] + ", not " + expected[at]);
        }
    }

    private FileChannel open() throws IOException {
        return FileChannel.open(directory.resolve("segment"), StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }

    private static CollectiveArea[] areas(FileChannel channel, int members, int looks) throws IOException {
        return areas(channel, members, looks, new TestProgress(completion -> {
            while (!completion.isDone()) {
                Thread.yield();
            }
        }));
    }

    private static CollectiveArea[] areas(FileChannel channel, int members, int looks, Progress progress)
            throws IOException {
        NodeSegment segment = NodeSegment.create(channel, members, 16 << 20);
        MemorySegment memory = segment.memory();
        long base = segment.pool().allocateExtent(CollectiveAreaDescriptor.bytes(members));
        assertEquals(0, memory.get(ValueLayout.JAVA_LONG, base));
        int[] ranks = IntStream.range(0, members).toArray();
        EndpointOptions options = new EndpointOptions(8192, 1, 1 << 18, 10, 10);
        CollectiveArea[] areas = new CollectiveArea[members];
        for (int member = 0; member < members; member++) {
            RankEndpoint endpoint = new RankEndpoint(segment, member, options, true);
            areas[member] = new CollectiveArea(new Communicator(null, progress, 0, ranks, member, members),
                    memory, base, 0, ranks, endpoint.waiter(), looks,
                    Arena.ofAuto().allocate(CollectiveAreaDescriptor.INLINE_BYTES, Long.BYTES));
        }
        return areas;
    }

    /** Nothing to make progress on but what {@code await} does. */
    private record TestProgress(Consumer<Completion> body) implements Progress {
        @Override
        public int poll() {
            return 0;
        }

        @Override
        public void await(Completion completion) {
            body.accept(completion);
        }

        @Override
        public void register(Progressible progressible) {
            throw new UnsupportedOperationException("no schedules here");
        }

        @Override
        public void wake() {
            throw new UnsupportedOperationException("nobody sleeps here");
        }
    }
}
