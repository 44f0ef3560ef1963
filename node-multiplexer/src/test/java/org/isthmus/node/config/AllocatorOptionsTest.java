package org.isthmus.node.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.isthmus.allocator.heap.DefaultLimits;
import org.isthmus.allocator.policy.FrozenPolicy;
import org.isthmus.allocator.policy.HeapLimits;
import org.isthmus.allocator.policy.PolicyLearner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AllocatorOptionsTest {
    private static AllocatorOptions options(Map<String, String> environment) {
        return AllocatorOptions.of(Settings.of(environment, new Properties()));
    }

    @Test
    void withoutSettingsTheDefaultsHoldAndNobodyLearns() {
        AllocatorOptions options = options(Map.of());
        assertTrue(options.heap().limits().sameAs(DefaultLimits.snapshot()));
        assertEquals(Optional.empty(), options.learner());
        assertTrue(!options.heap().checked() && !options.report());
    }

    @Test
    void settingsReachTheLimits() {
        AllocatorOptions options = options(Map.of(
                "ISTHMUS_ALLOCATOR_ZERO", "header", "ISTHMUS_ALLOCATOR_HUGEPAGES", "4m",
                "ISTHMUS_ALLOCATOR_RELEASE_BATCH", "1m", "ISTHMUS_ALLOCATOR_LEARN", "true",
                "ISTHMUS_ALLOCATOR_LEARN_WINDOW", "200ms", "ISTHMUS_ALLOCATOR_LEARN_BUDGET", "1m",
                "ISTHMUS_ALLOCATOR_CHECKED", "true", "ISTHMUS_ALLOCATOR_SITES", "true",
                "ISTHMUS_BLOCKS_BYTES", "3m"));
        assertEquals(64, options.heap().limits().zeroBytes());
        assertEquals(4 << 20, options.heap().limits().hugePageBytes());
        assertEquals(1 << 20, options.heap().limits().releaseBatchBytes());
        assertEquals(Optional.of(new PolicyLearner.Options(1 << 20, 200_000_000, 1)), options.learner());
        assertTrue(options.heap().checked() && options.heap().siteHints());
        assertEquals(3 << 20, options.heap().mostBytes());
    }

    @Test
    void aFrozenPolicyIsReadAndABadOneNamed(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("policy");
        HeapLimits learned = DefaultLimits.snapshot().withMaxWaste(1.5).withGeneration(12);
        Files.writeString(file, FrozenPolicy.write(learned));
        assertEquals(12, options(Map.of("ISTHMUS_ALLOCATOR_POLICY", file.toString())).heap().limits().generation());
        Files.writeString(file, "nonsense");
        SettingException e = assertThrows(SettingException.class,
                () -> options(Map.of("ISTHMUS_ALLOCATOR_POLICY", file.toString())));
        assertTrue(e.getMessage().contains(file.toString()) && e.getMessage().contains("nonsense"), e.getMessage());
    }
}
