package org.isthmus.tcpx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.isthmus.tcpx.Roster.Admission;
import org.junit.jupiter.api.Test;

class RosterTest {
    private static final int NODE = 1;

    private final Roster roster = new Roster(NODE);

    @Test
    void ofTwoThatBeginAtOnceTheLowerNodeDials() {
        roster.begin(0, 10);
        roster.begin(2, 12);
        assertEquals(Admission.ADMITTED, roster.admit(0, 20));
        assertEquals(20, roster.id(0));
        assertFalse(roster.weDial(0, 10));
        assertEquals(Admission.WE_DIAL, roster.admit(2, 22));
        assertTrue(roster.weDial(2, 12));
    }

    @Test
    void aNewChannelOfThePeerSupersedesTheOldOne() {
        assertEquals(Admission.ADMITTED, roster.admit(0, 20));
        assertEquals(Admission.ADMITTED, roster.admit(0, 20));
        assertEquals(Admission.SUPERSEDES, roster.admit(0, 21));
    }

    @Test
    void aLateSocketOfAnEndedChannelBeginsNone() {
        roster.admit(0, 20);
        roster.end(0, 20);
        assertEquals(Admission.ENDED, roster.admit(0, 20));
        assertEquals(0, roster.id(0));
        assertEquals(Admission.ADMITTED, roster.admit(0, 21));
    }
}
