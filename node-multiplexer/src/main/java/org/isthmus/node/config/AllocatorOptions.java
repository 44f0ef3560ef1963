package org.isthmus.node.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.isthmus.allocator.policy.FrozenPolicy;
import org.isthmus.allocator.policy.HeapLimits;
import org.isthmus.allocator.policy.LimitBounds;
import org.isthmus.allocator.policy.PolicyLearner;
import org.isthmus.allocator.policy.ZeroMode;

/**
 * What the settings say about the heaps of a rank.
 *
 * @param bounds defaults of the limits, and how far they may go
 * @param initial limits to begin with: the frozen policy's, or the defaults
 * @param learner how to learn; empty when the limits stay
 * @param checked whether overruns and leaks are looked for
 * @param report whether each rank prints its counters when it ends
 */
public record AllocatorOptions(LimitBounds bounds, HeapLimits initial, Optional<PolicyLearner.Options> learner,
        boolean checked, boolean report) {
    /** Of the few random choices of a learner; fixed, so that equal runs learn alike. */
    private static final long SEED = 1;

    /**
     * The options for a heap with these size classes.
     *
     * @param blockBytes block size of each size class, ascending
     * @throws SettingException when the frozen policy cannot be read
     */
    public static AllocatorOptions of(Settings settings, int[] blockBytes) {
        LimitBounds bounds = new LimitBounds(HeapLimits.defaults(blockBytes)
                .withZeroBytes(ZeroMode.of(settings.get(Settings.ALLOCATOR_ZERO)).bytes())
                .withHugePageBytes(settings.get(Settings.ALLOCATOR_HUGE_PAGES))
                .withReleaseBatchBytes(settings.get(Settings.ALLOCATOR_RELEASE_BATCH)));
        HeapLimits initial = settings.get(Settings.ALLOCATOR_POLICY).map(file -> frozen(file, bounds))
                .orElse(bounds.defaults());
        Optional<PolicyLearner.Options> learner = settings.get(Settings.ALLOCATOR_LEARN)
                ? Optional.of(new PolicyLearner.Options(settings.get(Settings.ALLOCATOR_BUDGET),
                        settings.get(Settings.ALLOCATOR_WINDOW).toNanos(), SEED))
                : Optional.empty();
        return new AllocatorOptions(bounds, initial, learner, settings.get(Settings.ALLOCATOR_CHECKED),
                settings.get(Settings.ALLOCATOR_REPORT));
    }

    private static HeapLimits frozen(Path file, LimitBounds bounds) {
        try {
            return FrozenPolicy.read(Files.readString(file), bounds);
        } catch (IOException | IllegalArgumentException e) {
            throw new SettingException("setting " + Settings.ALLOCATOR_POLICY.key() + " = \"" + file + "\": " + e);
        }
    }
}
