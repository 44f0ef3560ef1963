package org.isthmus.launch.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ActiveChannelsTest {
    private final SimulatedChannel a = new SimulatedChannel(null, 1);
    private final SimulatedChannel b = new SimulatedChannel(null, 2);
    private final SimulatedChannel c = new SimulatedChannel(null, 3);

    @Test
    void turnsComeInTheOrderOfTheQuestions() {
        ActiveChannels active = new ActiveChannels(1);
        assertTrue(active.admit(a));
        assertFalse(active.admit(c));
        assertFalse(active.admit(b));
        assertSame(c, active.release(a));
        assertFalse(active.admit(b), "the turn is that of c");
        assertTrue(active.admit(c));
        assertSame(b, active.release(c));
        assertTrue(active.admit(b));
        assertNull(active.release(b));
    }

    @Test
    void oneThatHasSentItsShareGivesWay() {
        ActiveChannels active = new ActiveChannels(1);
        int sent = 0;
        assertTrue(active.admit(a));
        assertFalse(active.admit(b));
        while (active.admit(a)) {
            sent++;
        }
        assertEquals(3, sent);
        assertSame(b, active.release(a));
        assertSame(a, active.release(b), "it has asked again");
    }

    @Test
    void withoutALimitEverybodySends() {
        ActiveChannels active = new ActiveChannels(0);
        for (SimulatedChannel channel : new SimulatedChannel[] {a, b, c}) {
            assertTrue(active.admit(channel));
        }
        assertNull(active.release(a));
    }
}
