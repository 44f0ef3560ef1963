package org.isthmus.comm.group;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.isthmus.comm.fixture.LocalJob;
import org.isthmus.comm.fixture.MemoryJob;
import org.isthmus.comm.fixture.MemoryRank;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Communicators over messages between threads; and several threads of a rank making them at once. */
class MemoryCommunicatorTest extends CommunicatorConformance {
    @Override
    protected LocalJob job() {
        return new MemoryJob();
    }

    /** Every pair of ranks makes communicators in a thread of its own, so agreements overlap in every way. */
    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void overlappingGroupsInThreads() throws Exception {
        int ranks = 4;
        int rounds = 5;
        job().run(ranks, world -> {
            CommunicatorFactory factory = new AgreeingCommunicatorFactory(communicator -> { }, world.contextId());
            ReentrantLock lock = ((MemoryRank) world.progress()).lock();
            List<Callable<List<Communicator>>> tasks = new ArrayList<>();
            for (int a = 0; a < ranks; a++) {
                for (int b = a + 1; b < ranks; b++) {
                    if (a == world.rank() || b == world.rank()) {
                        int[] pair = {a, b};
                        int tag = a * ranks + b;
                        tasks.add(() -> makeSeveral(factory, world, pair, tag, rounds, lock));
                    }
                }
            }
            List<Communicator> all = new ArrayList<>();
            try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
                for (Future<List<Communicator>> made : threads.invokeAll(tasks)) {
                    all.addAll(made.get());
                }
            }
            assertEquals((ranks - 1) * rounds, all.stream().map(Communicator::contextId).distinct().count());
        });
    }

    private static List<Communicator> makeSeveral(CommunicatorFactory factory, Communicator world, int[] members,
            int tag, int rounds, ReentrantLock lock) {
        List<Communicator> made = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            lock.lock();
            try {
                Communicator comm = factory.createGroup(world, members, tag);
                assertArrayEquals(members, comm.worldRanks());
                made.add(comm);
            } finally {
                lock.unlock();
            }
        }
        return made;
    }
}
