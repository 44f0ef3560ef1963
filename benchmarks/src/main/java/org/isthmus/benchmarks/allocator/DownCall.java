package org.isthmus.benchmarks.allocator;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** What a critical downcall costs by itself: {@code labs(3)} does next to nothing. */
final class DownCall {
    private static final int CALLS = 2_000_000;
    private static final int ROUNDS = 8;
    private static final MethodHandle LABS = Linker.nativeLinker().downcallHandle(
            Linker.nativeLinker().defaultLookup().findOrThrow("labs"),
            FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG), Linker.Option.critical(false));

    private DownCall() {}

    /** Nanoseconds of one call, the best of several rounds. */
    static double nanos() {
        double best = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            long sum = loop();
            best = Math.min(best, (double) (System.nanoTime() - start) / CALLS);
            if (sum != 3L * CALLS) {
                throw new IllegalStateException("labs was not called: " + sum);
            }
        }
        return best;
    }

    private static long loop() {
        long sum = 0;
        try {
            for (int i = 0; i < CALLS; i++) {
                sum += (long) LABS.invokeExact(-3L);
            }
        } catch (Throwable t) {
            throw new IllegalStateException(t);
        }
        return sum;
    }
}
