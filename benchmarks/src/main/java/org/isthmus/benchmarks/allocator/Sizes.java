package org.isthmus.benchmarks.allocator;

import java.util.Random;
import java.util.function.IntUnaryOperator;

/** Request sizes drawn beforehand, so that drawing is not measured; the same ones for every rival. */
final class Sizes {
    /** Sizes drawn; a power of two. */
    static final int COUNT = 1 << 13;

    private static final long SEED = 42;
    private static final int HEADER = 64;

    private final int[] bytes = new int[COUNT];

    private Sizes(IntUnaryOperator size) {
        for (int i = 0; i < COUNT; i++) {
            bytes[i] = size.applyAsInt(i);
        }
    }

    static Sizes fixed(int bytes) {
        return new Sizes(i -> bytes);
    }

    static Sizes uniform(int min, int max) {
        Random random = new Random(SEED);
        return new Sizes(i -> random.nextInt(min, max + 1));
    }

    static Sizes logUniform(int min, int max) {
        Random random = new Random(SEED);
        return new Sizes(i -> (int) Math.round(min * Math.pow((double) max / min, random.nextDouble())));
    }

    /** Payloads of a power of two, each with an envelope of 64 bytes. */
    static Sizes powersOfTwoWithHeader(int min, int max) {
        Random random = new Random(SEED);
        int powers = Integer.numberOfTrailingZeros(max / min) + 1;
        return new Sizes(i -> (min << random.nextInt(powers)) + HEADER);
    }

    int get(int index) {
        return bytes[index & (COUNT - 1)];
    }

    int max() {
        int max = 0;
        for (int size : bytes) {
            max = Math.max(max, size);
        }
        return max;
    }
}
