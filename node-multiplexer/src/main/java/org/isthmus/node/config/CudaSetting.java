package org.isthmus.node.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the setting {@code isthmus.cuda} comes to on this node, found without loading anything. Any thread. */
public enum CudaSetting {
    /** Not used, by the setting or for want of a driver or of native access. */
    OFF,
    /** Used if the library of the driver can be loaded. */
    IF_THERE,
    /** Used; what is missing is an error. */
    ON;

    /** Files of NVIDIA's kernel module, and of the one for guests of Windows. */
    private static final List<String> DEVICE_FILES = List.of("dev/nvidiactl", "dev/dxg");

    /** @param root {@code /}; a test has its own */
    public static CudaSetting of(Settings settings, Path root) {
        return switch (settings.get(Settings.CUDA)) {
            case "on" -> ON;
            case "auto" -> hasDriver(root) && CudaSetting.class.getModule().isNativeAccessEnabled() ? IF_THERE : OFF;
            default -> OFF;
        };
    }

    public static CudaSetting of(Settings settings) {
        return of(settings, Path.of("/"));
    }

    /** Whether the kernel module of a driver is loaded. */
    public static boolean hasDriver(Path root) {
        return DEVICE_FILES.stream().anyMatch(file -> Files.exists(root.resolve(file)));
    }
}
