package org.isthmus.allocator.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class P2QuantileTest {
    /** The worked example of the paper: 20 observations, estimated median 4.44. */
    @Test
    void followsThePaper() {
        P2Quantile median = new P2Quantile(0.5);
        for (double value : new double[] {0.02, 0.15, 0.74, 3.39, 0.83, 22.37, 10.15, 15.43, 38.62, 15.92, 34.60, 10.28,
            1.47, 0.40, 0.05, 11.39, 0.27, 0.42, 0.09, 11.37}) {
            median.add(value);
        }
        assertEquals(4.44, median.value(), 0.005);
    }

    @Test
    void isNearTheExactPercentile() {
        for (double quantile : new double[] {0.5, 0.9, 0.99}) {
            Random random = new Random(7);
            P2Quantile estimate = new P2Quantile(quantile);
            double[] values = random.doubles(100_000).map(u -> -Math.log(u)).toArray();
            Arrays.stream(values).forEach(estimate::add);
            Arrays.sort(values);
            double exact = values[(int) (quantile * values.length)];
            assertEquals(exact, estimate.value(), 0.03 * exact, "quantile " + quantile);
        }
    }

    @Test
    void fewObservationsAreTakenAsTheyAre() {
        P2Quantile p99 = new P2Quantile(0.99);
        assertEquals(Double.NaN, p99.value());
        p99.add(3);
        p99.add(1);
        assertEquals(3, p99.value());
        assertThrows(IllegalArgumentException.class, () -> new P2Quantile(1));
    }
}
