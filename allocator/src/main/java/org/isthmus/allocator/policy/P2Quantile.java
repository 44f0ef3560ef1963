package org.isthmus.allocator.policy;

import java.util.Arrays;

/**
 * A quantile of a stream in constant memory: five markers whose heights are moved along parabolas. Source: R. Jain and
 * I. Chlamtac, "The P² algorithm for dynamic calculation of quantiles and histograms without storing observations",
 * CACM 28(10), 1985. One thread.
 */
public final class P2Quantile {
    private static final int MARKERS = 5;

    private final double quantile;
    private final double[] height = new double[MARKERS];
    private final long[] position = {1, 2, 3, 4, 5};
    private long count;

    /** @param quantile above 0 and below 1; 0.99 for the 99th percentile */
    public P2Quantile(double quantile) {
        if (!(quantile > 0 && quantile < 1)) {
            throw new IllegalArgumentException("a quantile lies between 0 and 1, got " + quantile);
        }
        this.quantile = quantile;
    }

    /** Takes one observation in. */
    public void add(double value) {
        if (count < MARKERS) {
            height[(int) count++] = value;
            Arrays.sort(height, 0, (int) count);
            return;
        }
        count++;
        int cell = cell(value);
        for (int i = cell + 1; i < MARKERS; i++) {
            position[i]++;
        }
        for (int i = 1; i < MARKERS - 1; i++) {
            double wanted = 1 + (count - 1) * fraction(i);
            double distance = wanted - position[i];
            if (distance >= 1 && position[i + 1] - position[i] > 1
                    || distance <= -1 && position[i - 1] - position[i] < -1) {
                move(i, distance > 0 ? 1 : -1);
            }
        }
    }

    /** The estimate; NaN before the first observation. */
    public double value() {
        if (count == 0) {
            return Double.NaN;
        }
        return count > MARKERS ? height[MARKERS / 2] : height[(int) Math.min(count - 1, (long) (quantile * count))];
    }

    public long count() {
        return count;
    }

    /** Index of the marker below {@code value}; a new extreme becomes the end marker. */
    private int cell(double value) {
        if (value < height[0]) {
            height[0] = value;
            return 0;
        }
        if (value >= height[MARKERS - 1]) {
            height[MARKERS - 1] = value;
            return MARKERS - 2;
        }
        int i = 0;
        while (value >= height[i + 1]) {
            i++;
        }
        return i;
    }

    private double fraction(int marker) {
        return switch (marker) {
            case 1 -> quantile / 2;
            case 2 -> quantile;
            default -> (1 + quantile) / 2;
        };
    }

    private void move(int i, int step) {
        double parabolic = height[i] + (double) step / (position[i + 1] - position[i - 1])
                * ((position[i] - position[i - 1] + step) * slope(i, i + 1)
                + (position[i + 1] - position[i] - step) * slope(i - 1, i));
        height[i] = height[i - 1] < parabolic && parabolic < height[i + 1]
                ? parabolic : height[i] + step * (step > 0 ? slope(i, i + 1) : slope(i - 1, i));
        position[i] += step;
    }

    private double slope(int from, int to) {
        return (height[to] - height[from]) / (position[to] - position[from]);
    }
}
