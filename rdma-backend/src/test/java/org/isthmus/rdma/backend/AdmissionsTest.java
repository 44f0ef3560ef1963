package org.isthmus.rdma.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.isthmus.rdma.backend.Admissions.Admission;
import org.junit.jupiter.api.Test;

class AdmissionsTest {
    private final Admissions low = new Admissions(0);
    private final Admissions high = new Admissions(1);

    @Test
    void aFirstConnectionBeginsAChannelAndLaterOnesOfItsIdBelongToIt() {
        assertEquals(Admission.ADMITTED, low.admit(1, 7, System.nanoTime()));
        assertEquals(7, low.begin(1, 99));
        low.connected(1);
        assertEquals(Admission.ADMITTED, low.admit(1, 7, System.nanoTime()));
        assertEquals(Admission.SUPERSEDES, low.admit(1, 8, System.nanoTime()));
    }

    @Test
    void whenBothDialTheLowerNodeWins() {
        assertEquals(5, low.begin(1, 5));
        assertEquals(6, high.begin(0, 6));
        assertEquals(5, low.dial(1, 5));
        assertEquals(6, high.dial(0, 6));
        assertEquals(Admission.REFUSED, low.admit(1, 6, System.nanoTime()));
        assertEquals(Admission.ADMITTED, high.admit(0, 5, System.nanoTime()));
        assertEquals(5, high.id(0));
        low.undial(1);
        assertEquals(Admission.ADMITTED, low.admit(1, 5, System.nanoTime()));
    }

    @Test
    void whoBeganButHasNotDialledYetDialsForTheChannelOfThePeerThatHas() {
        low.begin(1, 5);
        high.begin(0, 6);
        high.dial(0, 6);
        assertEquals(Admission.ADMITTED, low.admit(1, 6, System.nanoTime()));
        assertEquals(6, low.dial(1, 5));
        assertEquals(Admission.ADMITTED, high.admit(0, 6, System.nanoTime()));
        assertEquals(6, low.id(1));
        assertEquals(6, high.id(0));
    }

    @Test
    void aChannelThatHasEndedDoesNotComeBack() {
        low.begin(1, 5);
        low.connected(1);
        low.end(1, 4);
        assertEquals(5, low.id(1));
        low.end(1, 5);
        assertEquals(0, low.id(1));
        assertEquals(Admission.REFUSED, low.admit(1, 5, System.nanoTime()));
        assertEquals(Admission.ADMITTED, low.admit(1, 6, System.nanoTime()));
    }

    /** The lower node is connected before the hello of the other one's dial is through. */
    @Test
    void aHelloThatCrossedWithAConnectionDoesNotEndIt() {
        low.begin(1, 5);
        high.begin(0, 6);
        low.dial(1, 5);
        high.dial(0, 6);
        assertTrue(high.isCurrent(0, 6));
        long crossing = System.nanoTime();
        assertEquals(Admission.ADMITTED, high.admit(0, 5, System.nanoTime()));
        assertFalse(high.isCurrent(0, 6));
        low.connected(1);
        assertEquals(Admission.REFUSED, low.admit(1, 6, crossing - 1));
        assertEquals(5, low.id(1));
        low.connected(1);
        assertEquals(Admission.REFUSED, low.admit(1, 6, crossing - 1));
        assertEquals(Admission.SUPERSEDES, low.admit(1, 7, System.nanoTime()));
    }

    /** The lower node's connection dies when the other one has admitted it, whose own hello is under way by then. */
    @Test
    void nodesThatHaveTakenEachOthersIdHaveOneChannel() {
        low.begin(1, 5);
        high.begin(0, 6);
        low.dial(1, 5);
        high.dial(0, 6);
        assertEquals(Admission.ADMITTED, high.admit(0, 5, System.nanoTime()));
        low.undial(1);
        assertEquals(Admission.ADMITTED, low.admit(1, 6, System.nanoTime()));
        high.undial(0);
        long ofLow = low.dial(1, 5);
        long ofHigh = high.dial(0, 6);
        assertEquals(Admission.REFUSED, low.admit(1, ofHigh, System.nanoTime()));
        assertEquals(Admission.ADMITTED, high.admit(0, ofLow, System.nanoTime()));
        low.connected(1);
        high.connected(0);
        for (long id : new long[] {5, 6}) {
            assertTrue(low.isOf(1, id) && high.isOf(0, id));
            assertEquals(Admission.ADMITTED, low.admit(1, id, System.nanoTime()));
            assertEquals(Admission.ADMITTED, high.admit(0, id, System.nanoTime()));
        }
        assertFalse(low.isOf(1, 7) || low.isOf(1, 0) || low.isOf(2, 5));
        assertEquals(Admission.SUPERSEDES, low.admit(1, 7, System.nanoTime()));
        low.end(1, 5);
        assertEquals(0, low.id(1));
        assertEquals(Admission.REFUSED, low.admit(1, 5, System.nanoTime()));
        assertEquals(Admission.REFUSED, low.admit(1, 6, System.nanoTime()));
    }
}
