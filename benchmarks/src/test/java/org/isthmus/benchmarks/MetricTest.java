package org.isthmus.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MetricTest {
    @Test
    void ratesAreTheBetterTheHigher() {
        assertEquals(3, Metric.RATE.better(3, 2));
        assertEquals(3, Metric.BW.better(2, 3));
        assertEquals(2, Metric.LAT.better(3, 2));
        assertEquals(5, Metric.LAT.better(Double.NaN, 5));
    }

    @Test
    void unknownNameIsAnErrorThatListsTheNames() {
        assertSame(Metric.ALLTOALL, Metric.of("alltoall"));
        String message = assertThrows(IllegalArgumentException.class, () -> Metric.of("latency")).getMessage();
        assertTrue(message.contains("latency") && message.contains("lat, heaplat, bw"), message);
    }
}
