package org.isthmus.launch.simulate;

import java.util.List;

/**
 * What a network card costs: each work request takes {@code serviceNanos}, and {@code missNanos} more when the context
 * of its queue pair is not in the card's cache.
 *
 * @param name of the preset, with {@code *} behind it where a value was changed
 * @param contexts that the cache holds
 * @param serviceNanos of a work request whose context is there: the inverse of the peak rate
 * @param missNanos latency of a fetch divided by how many overlap
 * @param responderFactor part of {@code missNanos} that a miss costs where a request arrives; 0: arriving requests do
 *     not touch the cache
 * @param replacement which context makes room
 * @param gigabitsPerSecond of the link, each way
 */
public record NicModel(String name, int contexts, double serviceNanos, double missNanos, double responderFactor,
        Replacement replacement, double gigabitsPerSecond) {
    /** Which context leaves a full cache. */
    public enum Replacement { LRU, RANDOM }

    /** Fits of one knee to published curves, each to one or two points: ratios are worth more than absolute values. */
    public static final List<NicModel> PRESETS = List.of(
            preset("A", 64, 28.6, 5.0, 56),
            preset("B", 450, 8.1, 2.745, 200),
            preset("C", 256, 8.1, 0.866, 200),
            preset("D", 512, 8.1, 0.17, 200));

    public NicModel {
        Simulated.require(contexts > 0, "contexts", contexts, "above 0");
        Simulated.require(serviceNanos > 0, "serviceNanos", serviceNanos, "above 0");
        Simulated.require(missNanos >= 0, "missNanos", missNanos, "at least 0");
        Simulated.require(responderFactor >= 0 && responderFactor <= 1, "responderFactor",
                responderFactor, "from 0 to 1");
        Simulated.require(gigabitsPerSecond > 0, "gigabitsPerSecond", gigabitsPerSecond, "above 0");
    }

    private static NicModel preset(String name, int contexts, double serviceNanos,
            double missOfService, double gigabits) {
        return new NicModel(name, contexts, serviceNanos, missOfService * serviceNanos,
                0.15, Replacement.LRU, gigabits);
    }

    /** The preset of that name; {@link IllegalArgumentException} if there is none. */
    public static NicModel preset(String name) {
        return PRESETS.stream().filter(preset -> preset.name.equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("one of "
                        + String.join(", ", PRESETS.stream().map(NicModel::name).toList()) + " is needed"));
    }

    public NicModel withContexts(int newContexts) {
        return new NicModel(changed(), newContexts, serviceNanos, missNanos, responderFactor,
                replacement, gigabitsPerSecond);
    }

    public NicModel withMissNanos(double newMissNanos) {
        return new NicModel(changed(), contexts, serviceNanos, newMissNanos, responderFactor,
                replacement, gigabitsPerSecond);
    }

    public NicModel withResponderFactor(double newFactor) {
        return new NicModel(changed(), contexts, serviceNanos, missNanos, newFactor, replacement, gigabitsPerSecond);
    }

    public NicModel withReplacement(Replacement newReplacement) {
        return new NicModel(newReplacement == replacement ? name : changed(), contexts, serviceNanos, missNanos,
                responderFactor, newReplacement, gigabitsPerSecond);
    }

    /**
     * Part of the peak rate that {@code active} queue pairs get in uniform random use, {@code burst} requests at a
     * time.
     */
    public double efficiency(long active, double burst) {
        double missRatio = Math.max(0, 1 - (double) contexts / active);
        return serviceNanos / (serviceNanos + missRatio * missNanos / burst);
    }

    private String changed() {
        return name.endsWith("*") ? name : name + "*";
    }
}
