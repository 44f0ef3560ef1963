package org.isthmus.comm.rma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.isthmus.allocator.segment.SharedWords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who gets a window's lock, and in which order. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FairLockTest {
    private static final boolean WRITER = true;
    private static final boolean READER = false;

    private final MemorySegment memory = Arena.ofAuto().allocate(16, 8);
    private final SharedWords words = new SharedWords(memory);

    private int take(boolean exclusive) {
        return FairLock.take(words, 0, exclusive, true);
    }

    private boolean enter(int ticket, boolean exclusive) {
        return FairLock.enter(words, 0, ticket, exclusive);
    }

    private void leave(boolean exclusive) {
        FairLock.leave(words, 0, exclusive);
    }

    private void assertFree() {
        int ticket = take(WRITER);
        assertEquals(FairLock.ENTERED, ticket);
        leave(WRITER);
    }

    @Test
    void readersShareAndWritersDoNot() {
        assertEquals(FairLock.ENTERED, take(READER));
        assertEquals(FairLock.ENTERED, take(READER));
        int writer = take(WRITER);
        leave(READER);
        assertFalse(enter(writer, WRITER), "a reader is left");
        leave(READER);
        assertTrue(enter(writer, WRITER));
        int next = take(WRITER);
        assertFalse(enter(next, WRITER), "one writer at a time");
        leave(WRITER);
        assertTrue(enter(next, WRITER));
        leave(WRITER);
        assertFree();
    }

    @Test
    void readersWhoComeLaterWaitForTheWriter() {
        assertEquals(FairLock.ENTERED, take(READER));
        int writer = take(WRITER);
        int late = take(READER);
        int later = take(READER);
        int last = take(WRITER);
        assertFalse(enter(late, READER), "a reader behind a writer");
        leave(READER);
        assertFalse(enter(late, READER), "a reader behind a writer");
        assertTrue(enter(writer, WRITER));
        assertFalse(enter(late, READER), "the writer holds it");
        leave(WRITER);
        assertFalse(enter(later, READER), "not its turn");
        assertTrue(enter(late, READER));
        assertTrue(enter(later, READER), "readers share");
        assertFalse(enter(last, WRITER));
        leave(READER);
        leave(READER);
        assertTrue(enter(last, WRITER));
        leave(WRITER);
        assertFree();
    }

    /** Two readers, each of whom holds what the other's writer waits for. */
    @Test
    void whoHoldsAnotherLockPassesTheLine() {
        assertEquals(FairLock.ENTERED, take(READER));
        int writer = take(WRITER);
        assertEquals(FairLock.ENTERED, FairLock.take(words, 0, READER, false));
        assertEquals(FairLock.NO_TICKET, FairLock.take(words, 0, WRITER, false));
        leave(READER);
        leave(READER);
        assertTrue(enter(FairLock.NO_TICKET, WRITER), "before the one in line");
        assertFalse(enter(writer, WRITER));
        leave(WRITER);
        assertTrue(enter(writer, WRITER));
        leave(WRITER);
        assertFree();
    }

    @Test
    void ticketsBeginAnewAfterTwoMillion() {
        long last = (1L << 21) - 1;
        memory.set(ValueLayout.JAVA_LONG, 0, last << 42 | last << 21);
        assertEquals(FairLock.ENTERED, take(WRITER));
        int first = take(READER);
        int second = take(WRITER);
        assertEquals(last, first);
        assertEquals(0, second);
        leave(WRITER);
        assertTrue(enter(first, READER));
        leave(READER);
        assertTrue(enter(second, WRITER));
        leave(WRITER);
        assertEquals(1L << 42 | 1L << 21, memory.get(ValueLayout.JAVA_LONG, 0));
    }

    @Test
    void nobodyIsInWithAWriter() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        List<Throwable> errors = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            boolean mostlyWrites = t % 2 == 0;
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 5000; i++) {
                    boolean exclusive = i % 7 == 0 != mostlyWrites;
                    int ticket = FairLock.take(words, 0, exclusive, i % 3 != 0);
                    while (ticket != FairLock.ENTERED && !enter(ticket, exclusive)) {
                        Thread.yield();
                    }
                    long seen = memory.get(ValueLayout.JAVA_LONG, 8);
                    assertEquals(0, seen & 1, "a writer is in");
                    if (exclusive) {
                        memory.set(ValueLayout.JAVA_LONG, 8, seen + 1);
                        memory.set(ValueLayout.JAVA_LONG, 8, seen + 2);
                    }
                    leave(exclusive);
                }
            });
            thread.setUncaughtExceptionHandler((dead, error) -> {
                synchronized (errors) {
                    errors.add(error);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), errors);
        int writes = 2 * (5000 - 715) + 2 * 715;
        assertEquals(2L * writes, memory.get(ValueLayout.JAVA_LONG, 8), "no write is lost");
        assertFree();
    }
}
