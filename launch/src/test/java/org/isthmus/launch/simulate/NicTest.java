package org.isthmus.launch.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The card against values worked out by hand: S = S0 + m * Tm / b, with m = 1 - C / Q in uniform random use. */
class NicTest {
    private static final int REQUESTS = 60_000;

    private static double efficiency(NicModel model, LongUnaryOperator contexts) {
        VirtualTime time = new VirtualTime();
        Nic nic = new Nic(time, model, 1);
        long[] busyBefore = new long[1];
        for (int request = 0; request < REQUESTS; request++) {
            nic.send(contexts.applyAsLong(request), 0, () -> {
                if (nic.requester().requests() == REQUESTS / 2) {
                    busyBefore[0] = nic.requester().busyTime();
                }
            });
        }
        while (time.step()) {
            // until all have left
        }
        double busy = nic.requester().busyTime() - busyBefore[0];
        return REQUESTS / 2 * model.serviceNanos() * VirtualTime.NANOSECOND / busy;
    }

    @ParameterizedTest
    @CsvSource({
        "A, 256, .21", "A, 512, .19", "A, 1024, .18", "A, 4096, .17", "A, 16384, .17", "A, 1000000, .167",
        "B, 256, 1", "B, 512, .75", "B, 1024, .39", "B, 4096, .29", "B, 16384, .27", "B, 1000000, .267",
        "C, 256, 1", "C, 512, .70", "C, 1024, .61", "C, 4096, .55", "C, 16384, .54", "C, 1000000, .536",
        "D, 256, 1", "D, 512, 1", "D, 1024, .92", "D, 4096, .87", "D, 16384, .86", "D, 1000000, .855"})
    void uniformUseGivesThePresetsTable(String preset, int queuePairs, double expected) {
        NicModel model = NicModel.preset(preset);
        SplittableRandom random = new SplittableRandom(7);
        assertEquals(expected, efficiency(model, request -> random.nextInt(queuePairs)), 0.012);
        assertEquals(expected, model.efficiency(queuePairs, 1), 0.006);
    }

    @ParameterizedTest
    @CsvSource({"A, 64", "B, 450", "C, 256", "D, 512"})
    void aSweepInOrderMissesAlwaysAsSoonAsOneTooManyIsActive(String preset, int contexts) {
        NicModel model = NicModel.preset(preset);
        assertEquals(1.0, efficiency(model, request -> request % contexts), 1e-4);
        double allMissed = 1 / (1 + model.missNanos() / model.serviceNanos());
        assertEquals(allMissed, efficiency(model, request -> request % (contexts + 1)), 1e-4);
    }

    /**
     * A hit has survived the misses of one sweep: h = exp(-(1 - h) Q / C), so m = 2 (q - 1) / q^2 with q = Q / C near
     * 1.
     */
    @Test
    void randomReplacementSoftensTheSweep() {
        NicModel model = NicModel.preset("B").withReplacement(NicModel.Replacement.RANDOM);
        assertEquals(0.895, efficiency(model, request -> request % 460), 0.01);
    }

    @ParameterizedTest
    @CsvSource({"1, .394", "2, .565", "8, .839", "64, .977"})
    void requestsInARowShareOneMiss(int burst, double expected) {
        NicModel model = NicModel.preset("B");
        SplittableRandom random = new SplittableRandom(7);
        long[] current = new long[1];
        assertEquals(expected, efficiency(model, request -> {
            current[0] = request % burst == 0 ? random.nextInt(1024) : current[0];
            return current[0];
        }), 0.012);
        assertEquals(expected, model.efficiency(1024, burst), 0.002);
    }

    @Test
    void arrivingRequestsShareTheCacheAndCostLess() {
        NicModel model = NicModel.preset("B").withContexts(1).withMissNanos(100);
        VirtualTime time = new VirtualTime();
        Nic nic = new Nic(time, model, 1);
        long[] received = new long[2];
        nic.receive(5, 0, () -> received[0] = time.now());
        while (time.step()) {
            // until it has arrived
        }
        assertEquals(VirtualTime.nanos(8.1 + 0.15 * 100), received[0]);
        nic.send(5, 0, () -> received[1] = time.now() - received[0]);
        while (time.step()) {
            // until it has left
        }
        assertEquals(VirtualTime.nanos(8.1), received[1], "the context was there already");
    }

    @Test
    void longRequestsTakeTheLinksTime() {
        VirtualTime time = new VirtualTime();
        Nic nic = new Nic(time, NicModel.preset("B"), 1);
        nic.send(1, 25_000 - 60, () -> { });
        while (time.step()) {
            // until it has left
        }
        assertEquals(VirtualTime.nanos(1000), time.now(), "25,000 bytes at 200 Gbit/s");
    }
}
