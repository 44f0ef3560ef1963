package org.isthmus.node.bootstrap.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The suite that every exchange inherits: each check run by jobs of several sizes, and a rank that goes. */
@Timeout(60)
abstract class ExchangeConformance {
    private interface Program {
        void run(Exchange exchange) throws Exception;
    }

    /** When waits of servers and ranks end. */
    Duration timeout = Duration.ofSeconds(30);

    /** A server or launcher for a job of so many ranks. */
    abstract AutoCloseable startJob(int size) throws Exception;

    /** What {@link #startJob} gave, entered as a rank. */
    abstract Exchange enter(AutoCloseable job, int rank) throws Exception;

    private void runJob(int size, Program program) throws Exception {
        try (AutoCloseable job = startJob(size); ExecutorService threads = Executors.newFixedThreadPool(size)) {
            List<Future<?>> ranks = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                int rank = i;
                ranks.add(threads.submit(() -> {
                    try (Exchange exchange = enter(job, rank)) {
                        assertEquals(rank, exchange.rank());
                        assertEquals(size, exchange.size());
                        program.run(exchange);
                    }
                    return null;
                }));
            }
            for (Future<?> rank : ranks) {
                rank.get();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void holds(ExchangeCheck check) throws Exception {
        for (int size : new int[] {1, 2, 5}) {
            runJob(size, check::run);
        }
    }

    @Test
    void manyRanksMeet() throws Exception {
        runJob(64, ExchangeCheck.EVERY_RANK_READS_EVERY_RANK::run);
    }

    @Test
    void aRankThatNeverComesEndsTheFence() throws Exception {
        timeout = Duration.ofSeconds(2);
        CountDownLatch others = new CountDownLatch(2);
        runJob(3, exchange -> {
            if (exchange.rank() != 2) {
                ExchangeException e = assertThrows(ExchangeException.class, exchange::fence);
                others.countDown();
                assertTrue(e.getMessage().contains("rank"), e.getMessage());
            } else {
                others.await();
            }
        });
    }

    @Test
    void aClosedExchangeSaysSo() throws Exception {
        runJob(1, exchange -> {
            exchange.close();
            exchange.close();
            assertThrows(IllegalStateException.class, exchange::fence);
            assertThrows(IllegalStateException.class, () -> exchange.put("a", new byte[0]));
            assertThrows(IllegalStateException.class, () -> exchange.get(0, "a"));
        });
    }
}
