package org.isthmus.comm.device;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.isthmus.comm.error.CommException;
import org.isthmus.node.config.CudaSetting;
import org.isthmus.node.config.Settings;

/**
 * What message buffers in memory of CUDA devices would find on this node; for people. Any thread.
 *
 * @param state whether ranks would use the driver
 * @param found what is there: library, version; or what is not
 * @param devices a line each
 */
public record CudaReport(State state, String found, List<String> devices) {
    /** Whether ranks use the driver, and if not whether that is as the settings want it. */
    public enum State {
        USED,
        NOT_USED,
        /** The settings and the node promise a driver, but it cannot be used. */
        BROKEN
    }

    private static final int LONGEST_NAME = 256;

    /**
     * Looks, by starting the driver if it would be used.
     *
     * @param root {@code /}; a test has its own
     */
    public static CudaReport of(Settings settings, Path root) {
        if (settings.get(Settings.CUDA).equals("off")) {
            return new CudaReport(State.NOT_USED, "off by isthmus.cuda", List.of());
        }
        if (settings.get(Settings.CUDA).equals("auto") && !CudaSetting.hasDriver(root)) {
            return new CudaReport(State.NOT_USED, "no driver of NVIDIA is loaded (no /dev/nvidiactl)", List.of());
        }
        if (!CudaReport.class.getModule().isNativeAccessEnabled()) {
            return new CudaReport(State.BROKEN, "not looked at without native access: start java with "
                    + "--enable-native-access=ALL-UNNAMED", List.of());
        }
        try {
            return of(CudaNative.load(settings.get(Settings.CUDA_LIBRARY)));
        } catch (CommException e) {
            return new CudaReport(State.BROKEN, e.getMessage(), List.of());
        }
    }

    private static CudaReport of(CudaNative cuda) {
        cuda.check(CudaFunction.INIT, cuda.call(CudaFunction.INIT, 0));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocate(ValueLayout.JAVA_LONG);
            MemorySegment name = arena.allocate(LONGEST_NAME);
            cuda.check(CudaFunction.DRIVER_VERSION, cuda.call(CudaFunction.DRIVER_VERSION, number.address()));
            int version = number.get(ValueLayout.JAVA_INT, 0);
            cuda.check(CudaFunction.DEVICE_COUNT, cuda.call(CudaFunction.DEVICE_COUNT, number.address()));
            int count = number.get(ValueLayout.JAVA_INT, 0);
            List<String> devices = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                cuda.check(CudaFunction.DEVICE_GET, cuda.call(CudaFunction.DEVICE_GET, number.address(), i));
                cuda.check(CudaFunction.DEVICE_NAME, cuda.call(CudaFunction.DEVICE_NAME, name.address(), LONGEST_NAME,
                        number.get(ValueLayout.JAVA_INT, 0)));
                devices.add("device " + i + ": " + name.getString(0));
            }
            return new CudaReport(State.USED, "CUDA " + version / 1000 + "." + version % 1000 / 10 + " by "
                    + cuda.library() + ", devices: " + count, devices);
        }
    }

    /** All of it. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(found);
        lines.addAll(devices);
        return lines;
    }
}
