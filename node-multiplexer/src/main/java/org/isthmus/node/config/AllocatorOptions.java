package org.isthmus.node.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.isthmus.allocator.heap.DefaultLimits;
import org.isthmus.allocator.heap.HeapOptions;
import org.isthmus.allocator.policy.FrozenPolicy;
import org.isthmus.allocator.policy.HeapLimits;
import org.isthmus.allocator.policy.LimitBounds;
import org.isthmus.allocator.policy.PolicyLearner;
import org.isthmus.allocator.policy.ZeroMode;
import org.isthmus.allocator.segment.KernelPages;

/**
 * What the settings say about the heaps of a rank.
 *
 * @param bounds defaults of the limits, and how far they may go
 * @param heap how the heap of messages is opened: with the frozen policy's limits, or the defaults
 * @param learner how to learn; empty when the limits stay
 * @param report whether each rank prints its counters when it ends
 */
public record AllocatorOptions(LimitBounds bounds, HeapOptions heap, Optional<PolicyLearner.Options> learner,
        boolean report) {
    private static final System.Logger LOG = System.getLogger(AllocatorOptions.class.getName());
    /** Of the few random choices of a learner; fixed, so that equal runs learn alike. */
    private static final long SEED = 1;

    /**
     * The options of this process.
     *
     * @throws SettingException when the frozen policy cannot be read
     */
    public static AllocatorOptions of(Settings settings) {
        return of(settings, pinsMemory(settings) ? Optional.empty() : KernelPages.ofThisProcess());
    }

    /**
     * A device goes on using the pages that it has registered: if the kernel took them back, it and ranks would use
     * two.
     */
    private static boolean pinsMemory(Settings settings) {
        return settings.get(Settings.BACKEND).contains("rdma") || CudaSetting.of(settings) != CudaSetting.OFF;
    }

    static AllocatorOptions of(Settings settings, Optional<KernelPages> kernel) {
        LimitBounds bounds = new LimitBounds(DefaultLimits.snapshot()
                .withZeroBytes(ZeroMode.of(settings.get(Settings.ALLOCATOR_ZERO)).bytes())
                .withHugePageBytes(settings.get(Settings.ALLOCATOR_HUGE_PAGES))
                .withReleaseBatchBytes(settings.get(Settings.ALLOCATOR_RELEASE_BATCH)));
        HeapLimits initial = settings.get(Settings.ALLOCATOR_POLICY).map(file -> frozen(file, bounds))
                .orElse(bounds.defaults());
        Optional<PolicyLearner.Options> learner = settings.get(Settings.ALLOCATOR_LEARN)
                ? Optional.of(new PolicyLearner.Options(settings.get(Settings.ALLOCATOR_BUDGET),
                        settings.get(Settings.ALLOCATOR_WINDOW).toNanos(), SEED))
                : Optional.empty();
        if (kernel.isEmpty()) {
            warnOfNoEffect(settings);
        }
        HeapOptions heap = new HeapOptions(initial, settings.get(Settings.BLOCK_POOL_BYTES), 0,
                settings.get(Settings.ALLOCATOR_CHECKED), settings.get(Settings.ALLOCATOR_SITES), kernel);
        return new AllocatorOptions(bounds, heap, learner, settings.get(Settings.ALLOCATOR_REPORT));
    }

    private static void warnOfNoEffect(Settings settings) {
        for (Setting<Long> setting : List.of(Settings.ALLOCATOR_HUGE_PAGES, Settings.ALLOCATOR_RELEASE_BATCH)) {
            if (!settings.origin(setting).equals("default")) {
                LOG.log(System.Logger.Level.WARNING,
                        "setting {0} = {1} has no effect: it needs Linux, native access (start "
                        + "java with --enable-native-access=ALL-UNNAMED), and that neither a backend nor CUDA "
                        + "(isthmus.cuda) pins memory",
                        setting.key(), settings.text(setting));
            }
        }
    }

    private static HeapLimits frozen(Path file, LimitBounds bounds) {
        try {
            return FrozenPolicy.read(Files.readString(file), bounds);
        } catch (IOException | IllegalArgumentException e) {
            throw new SettingException("setting " + Settings.ALLOCATOR_POLICY.key() + " = \"" + file + "\": " + e);
        }
    }
}
