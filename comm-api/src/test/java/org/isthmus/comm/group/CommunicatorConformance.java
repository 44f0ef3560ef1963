package org.isthmus.comm.group;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.isthmus.comm.coll.AlgorithmTable;
import org.isthmus.comm.coll.ScheduledCollectives;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.fixture.LocalJob;
import org.isthmus.comm.op.PredefinedOp;
import org.isthmus.comm.pt2pt.Envelope;
import org.isthmus.comm.pt2pt.PointToPoint;
import org.isthmus.comm.pt2pt.PointToPoint.Mode;
import org.isthmus.comm.pt2pt.TransferRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Making and freeing communicators: members and their order, contexts that never clash, contexts used again. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
abstract class CommunicatorConformance {
    private static final TypeMap INT = TypeMap.of(Primitive.INT);

    protected abstract LocalJob job();

    private static CommunicatorFactory factory(Communicator world) {
        return new AgreeingCommunicatorFactory(communicator -> { }, world.contextId());
    }

    /** Sum over the members of their world ranks, by messages on {@code comm}. */
    private static int sumOfWorldRanks(Communicator comm) {
        int[] sum = {comm.worldRank(comm.rank())};
        new ScheduledCollectives(comm, AlgorithmTable.ofPointToPoint())
                .allreduce(null, 0, sum, 0, 1, INT, PredefinedOp.SUM);
        return sum[0];
    }

    private static void check(Communicator comm, int... worldRanks) {
        assertArrayEquals(worldRanks, comm.worldRanks());
        for (int rank = 0; rank < worldRanks.length; rank++) {
            assertEquals(rank, comm.rankOfWorld(worldRanks[rank]));
        }
        assertEquals(0, comm.contextId() % 2);
        assertEquals(comm.contextId() + 1, comm.collective().contextId());
        assertEquals(Arrays.stream(worldRanks).sum(), sumOfWorldRanks(comm));
    }

    private static int[] range(int ranks) {
        return IntStream.range(0, ranks).toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 8})
    void dupHasTheSameMembersAndAnotherContext(int ranks) throws Exception {
        job().run(ranks, world -> {
            CommunicatorFactory factory = factory(world);
            Communicator first = factory.dup(world);
            Communicator second = factory.dup(first);
            check(first, range(ranks));
            check(second, range(ranks));
            assertEquals(3, Set.of(world.contextId(), first.contextId(), second.contextId()).size());
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 9})
    void splitByColour(int ranks) throws Exception {
        job().run(ranks, world -> {
            CommunicatorFactory factory = factory(world);
            for (int colours = 1; colours <= ranks; colours++) {
                int modulus = colours;
                int color = world.rank() % colours;
                Communicator part = factory.split(world, color, 0);
                check(part, IntStream.range(0, ranks).filter(rank -> rank % modulus == color).toArray());
                factory.free(part);
            }
        });
    }

    @Test
    void splitOrdersByKeyThenRank() throws Exception {
        job().run(6, world -> {
            int[] keys = {5, -3, 5, Integer.MAX_VALUE, Integer.MIN_VALUE, -3};
            Communicator sorted = factory(world).split(world, 7, keys[world.rank()]);
            check(sorted, 4, 1, 5, 0, 2, 3);
        });
    }

    @Test
    void splitWithoutColourGivesNone() throws Exception {
        job().run(5, world -> {
            CommunicatorFactory factory = factory(world);
            assertNull(factory.split(world, -1, 0));
            boolean joins = world.rank() % 2 == 0;
            Communicator even = factory.split(world, joins ? 0 : -1, -world.rank());
            if (joins) {
                check(even, 4, 2, 0);
            } else {
                assertNull(even);
            }
            check(factory.dup(world), range(5));
        });
    }

    @Test
    void createKeepsTheOrderGiven() throws Exception {
        job().run(5, world -> {
            CommunicatorFactory factory = factory(world);
            int[] members = {3, 0, 4};
            Communicator some = factory.create(world, members);
            if (world.rank() == 1 || world.rank() == 2) {
                assertNull(some);
            } else {
                check(some, members);
            }
            assertNull(factory.create(world, new int[0]));
            Communicator halves = factory.create(world, world.rank() < 2 ? new int[] {1, 0} : new int[] {2, 4, 3});
            check(halves, world.rank() < 2 ? new int[] {1, 0} : new int[] {2, 4, 3});
        });
    }

    /** Disjoint and overlapping groups, one after the other with one tag; user messages with it are not touched. */
    @Test
    void createGroupConcernsItsMembersOnly() throws Exception {
        job().run(6, world -> {
            CommunicatorFactory factory = factory(world);
            int tag = 3;
            int neighbour = world.rank() ^ 1;
            int[] sent = {100 + world.rank()};
            int[] received = new int[1];
            TransferRequest send = world.pointToPoint().isend(world, Mode.STANDARD, sent, 0, 1,
                    INT, neighbour, tag);
            int[][] groups = {{0, 1}, {2, 1}, {3, 2}, {5, 3, 1}, {4}, {0, 1, 2, 3, 4, 5}};
            List<Communicator> made = new ArrayList<>();
            for (int[] group : groups) {
                Communicator comm = factory.createGroup(world, group, tag);
                boolean isMember = Arrays.stream(group).anyMatch(rank -> rank == world.rank());
                assertEquals(isMember, comm != null);
                if (isMember) {
                    check(comm, group);
                    made.add(comm);
                }
            }
            assertEquals(made.size(), made.stream().map(Communicator::contextId).distinct().count());
            world.pointToPoint().recv(world, received, 0, 1, INT, neighbour, tag, null);
            world.progress().await(send);
            world.pointToPoint().release(send);
            assertEquals(100 + neighbour, received[0]);
        });
    }

    @Test
    void nestedCommunicatorsAreSeparate() throws Exception {
        job().run(8, world -> {
            CommunicatorFactory factory = factory(world);
            Deque<Communicator> nest = new ArrayDeque<>();
            nest.push(world);
            while (nest.peek().size() > 1) {
                Communicator parent = nest.peek();
                int half = parent.size() / 2;
                nest.push(factory.split(parent, parent.rank() < half ? 0 : 1, -parent.rank()));
            }
            assertEquals(4, nest.size());
            assertEquals(4, nest.stream().map(Communicator::contextId).distinct().count());
            for (Communicator comm : nest) {
                check(comm, comm.worldRanks());
            }
        });
    }

    @Test
    void freedContextsAreUsedAgain() throws Exception {
        job().run(3, world -> {
            CommunicatorFactory factory = factory(world);
            Set<Integer> contexts = new HashSet<>();
            for (int i = 0; i < 50; i++) {
                Communicator comm = factory.dup(world);
                contexts.add(comm.contextId());
                factory.free(comm);
            }
            assertEquals(1, contexts.size());
            Communicator kept = factory.dup(world);
            Communicator next = factory.dup(world);
            assertNotEquals(kept.contextId(), next.contextId());
            factory.free(kept);
            CommException twice = assertThrows(CommException.class, () -> factory.free(kept));
            assertEquals(ErrorClass.COMM, twice.errorClass());
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5_000, 300_000})
    void messagesThatNobodyReceivedAreNotTheNextCommunicators(int count) throws Exception {
        job().run(2, world -> {
            CommunicatorFactory factory = factory(world);
            for (int i = 0; i < 10; i++) {
                Communicator first = factory.dup(world);
                TransferRequest sent = first.pointToPoint().isend(first, Mode.STANDARD, new int[count], 0, count, INT,
                        1 - world.rank(), i);
                factory.free(first);
                Communicator next = factory.dup(world);
                assertEquals(first.contextId(), next.contextId());
                assertFalse(next.pointToPoint().iprobe(next, PointToPoint.ANY_SOURCE, PointToPoint.ANY_TAG,
                        new Envelope()));
                world.progress().await(sent);
                factory.free(next);
            }
        });
    }

    @Test
    void contextsWithPostedReceivesAreNotUsedAgain() throws Exception {
        job().run(2, world -> {
            CommunicatorFactory factory = factory(world);
            Communicator first = factory.dup(world);
            TransferRequest posted = first.pointToPoint().irecv(first, new int[1], 0, 1, INT, PointToPoint.ANY_SOURCE,
                    PointToPoint.ANY_TAG);
            factory.free(first);
            Communicator next = factory.dup(world);
            assertNotEquals(first.contextId(), next.contextId());
            first.pointToPoint().cancel(posted);
            assertEquals(first.contextId(), factory.dup(world).contextId());
        });
    }

    @Test
    void runningOutOfContextsIsAnErrorOnAllMembers() throws Exception {
        job().run(2, world -> {
            int[] inUse = IntStream.range(0, ContextIds.LIMIT - 3).map(i -> 2 * i).toArray();
            CommunicatorFactory factory = new AgreeingCommunicatorFactory(communicator -> { }, inUse);
            List<Communicator> made = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                made.add(factory.dup(world));
            }
            CommException thrown = assertThrows(CommException.class, () -> factory.dup(world));
            assertEquals(ErrorClass.OTHER, thrown.errorClass());
            assertTrue(thrown.getMessage().contains("free communicators"), thrown.getMessage());
            DupRequest request = factory.idup(world);
            world.progress().await(request);
            assertEquals(ErrorClass.OTHER, request.errorClass);
            factory.free(made.get(1));
            assertEquals(made.get(1).contextId(), factory.dup(world).contextId());
        });
    }

    /** Some processes have contexts in use that others have not. */
    @Test
    void contextIsFreeOnAllMembers() throws Exception {
        job().run(4, world -> {
            CommunicatorFactory factory = factory(world);
            Random random = new Random(5);
            List<Communicator> live = new ArrayList<>();
            for (int round = 0; round < 60; round++) {
                int[] members = IntStream.range(0, 4).filter(rank -> random.nextBoolean()).toArray();
                Communicator comm = factory.create(world, members);
                if (comm != null) {
                    assertTrue(live.stream().noneMatch(other -> other.contextId() == comm.contextId()));
                    check(comm, members);
                    live.add(comm);
                }
                if (random.nextInt(3) == 0) {
                    live.removeIf(old -> {
                        boolean goes = old.contextId() % 3 == 0;
                        if (goes) {
                            factory.free(old);
                        }
                        return goes;
                    });
                }
            }
        });
    }

    @Test
    void severalIdupsAtOnceFinishInAnyOrder() throws Exception {
        job().run(4, world -> {
            CommunicatorFactory factory = factory(world);
            List<DupRequest> requests = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                DupRequest request = factory.idup(world);
                assertArrayEquals(range(4), request.result.worldRanks());
                requests.add(request);
            }
            Communicator blocking = factory.dup(world);
            for (DupRequest request : world.rank() % 2 == 0 ? requests : requests.reversed()) {
                world.progress().await(request);
                assertEquals(ErrorClass.SUCCESS, request.errorClass);
            }
            requests.forEach(request -> check(request.result, range(4)));
            check(blocking, range(4));
            long contexts = requests.stream().map(request -> request.result.contextId()).distinct().count();
            assertEquals(6, contexts);
            assertFalse(requests.stream().anyMatch(r -> r.result.contextId() == blocking.contextId()));
        });
    }

    /** Rank 0 begins an idup of one and a dup of the other communicator; rank 1 the other way round. */
    @Test
    void idupDoesNotWaitForADupEnteredInAnotherOrder() throws Exception {
        job().run(2, world -> {
            CommunicatorFactory factory = factory(world);
            Communicator a = factory.dup(world);
            Communicator b = factory.dup(world);
            for (int i = 0; i < 20; i++) {
                DupRequest request;
                Communicator dup;
                if (world.rank() == 0) {
                    request = factory.idup(a);
                    dup = factory.dup(b);
                } else {
                    dup = factory.dup(b);
                    request = factory.idup(a);
                }
                world.progress().await(request);
                check(dup, 0, 1);
                check(request.result, 0, 1);
                factory.free(dup);
                factory.free(request.result);
            }
        });
    }
}
