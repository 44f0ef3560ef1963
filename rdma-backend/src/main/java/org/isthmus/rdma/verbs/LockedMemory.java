package org.isthmus.rdma.verbs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory this process may lock: every registration counts against it. Any thread may call. */
public final class LockedMemory {
    private static final String ROW = "Max locked memory";

    private LockedMemory() {}

    /** The soft limit as the kernel writes it: a number of bytes with their unit, or "unlimited". */
    public static String limit() {
        try {
            return Files.readAllLines(Path.of("/proc/self/limits")).stream().filter(line -> line.startsWith(ROW))
                    .map(line -> line.substring(ROW.length()).trim().split("\\s+")[0])
                    .map(value -> value.equals("unlimited") ? value : value + " bytes").findFirst().orElse("unknown");
        } catch (IOException e) {
            return "unknown: " + e.getMessage();
        }
    }
}
