package org.isthmus.rdma.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.isthmus.rdma.backend.Admissions.Admission;
import org.junit.jupiter.api.Test;

class AdmissionsTest {
    private final Admissions low = new Admissions(0);
    private final Admissions high = new Admissions(1);

    @Test
    void aFirstConnectionBeginsAChannelAndLaterOnesOfItsIdBelongToIt() {
        assertEquals(Admission.ADMITTED, low.admit(1, 7));
        assertEquals(7, low.begin(1, 99));
        low.connected(1);
        assertEquals(Admission.ADMITTED, low.admit(1, 7));
        assertEquals(Admission.SUPERSEDES, low.admit(1, 8));
    }

    @Test
    void whenBothDialTheLowerNodeWins() {
        assertEquals(5, low.begin(1, 5));
        assertEquals(6, high.begin(0, 6));
        assertEquals(5, low.dial(1, 5));
        assertEquals(6, high.dial(0, 6));
        assertEquals(Admission.REFUSED, low.admit(1, 6));
        assertEquals(Admission.ADMITTED, high.admit(0, 5));
        assertEquals(5, high.id(0));
        low.undial(1);
        assertEquals(Admission.ADMITTED, low.admit(1, 5));
    }

    @Test
    void whoBeganButHasNotDialledYetDialsForTheChannelOfThePeerThatHas() {
        low.begin(1, 5);
        high.begin(0, 6);
        high.dial(0, 6);
        assertEquals(Admission.ADMITTED, low.admit(1, 6));
        assertEquals(6, low.dial(1, 5));
        assertEquals(Admission.ADMITTED, high.admit(0, 6));
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
        assertEquals(Admission.REFUSED, low.admit(1, 5));
        assertEquals(Admission.ADMITTED, low.admit(1, 6));
    }
}
