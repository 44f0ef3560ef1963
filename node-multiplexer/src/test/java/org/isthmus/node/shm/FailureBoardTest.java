package org.isthmus.node.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FailureBoardTest {
    private static final int RANKS = 3;

    private final FailureBoard board =
            new FailureBoard(Arena.ofAuto().allocate(FailureBoard.bytes(RANKS), 64), 0, RANKS);

    @Test
    void eventsAreKeptOnceInOrder() {
        assertTrue(board.add(7));
        assertTrue(board.add(5));
        assertTrue(board.add(7));
        assertEquals(7, board.event(0));
        assertEquals(5, board.event(1));
        assertEquals(0, board.event(2));
    }

    @Test
    void eachRankNotesHowFarItIs() {
        board.contribute(RANKS - 1, FailureBoard.SLOTS - 1, -1, -1);
        board.note(0, 3, 2);
        board.note(2, 1 << 15, 0);
        assertEquals(3, board.seen(0));
        assertEquals(2, board.released(0));
        assertEquals(0, board.seen(1));
        assertEquals(0, board.released(1));
        assertEquals(1 << 15, board.seen(2));
        assertEquals(0, board.released(2));
    }

    @Test
    void aFullBoardSaysSo() {
        for (int event = 1; event <= 1 << 15; event++) {
            assertTrue(board.add(event));
        }
        assertTrue(board.add(1));
        assertFalse(board.add(-1));
        assertEquals(0, board.event(1 << 15));
    }

    @Test
    void threadsThatAddAtTheSameTimeLeaveNoGap() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int first = 100 * t;
            threads.add(Thread.ofPlatform().start(() -> {
                for (int event = first; event < first + 200; event++) {
                    board.add(event + 1);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        HashSet<Integer> events = new HashSet<>();
        for (int i = 0; board.event(i) != 0; i++) {
            assertTrue(events.add(board.event(i)), "event " + board.event(i) + " is there twice");
        }
        assertEquals(500, events.size());
    }

    @Test
    void theFirstDecisionStays() {
        board.decide(4, 0, 11);
        board.decide(4, 0, 12);
        assertEquals(11, board.decision(4));
        board.decide(4, 11, 13);
        assertEquals(13, board.decision(4));
        assertEquals(0, board.decision(5));
    }

    @Test
    void contributionsAreFoundByTheirKey() {
        int slot = board.slotOf(2, 0);
        board.contribute(2, slot, 99, 5);
        assertEquals(slot, board.slotOf(2, 99));
        assertEquals(5, board.contribution(2, slot));
        assertEquals(-1, board.slotOf(1, 99));
        board.contribute(2, slot, 0, 0);
        assertEquals(-1, board.slotOf(2, 99));
    }
}
