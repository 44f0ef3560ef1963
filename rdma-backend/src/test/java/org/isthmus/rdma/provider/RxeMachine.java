package org.isthmus.rdma.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A virtual machine with Soft-RoCE; needs root and Debian. */
public final class RxeMachine {
    private static final int BOOT_SECONDS = 30;

    private RxeMachine() {}

    /**
     * Runs the tests with the tag "device" of a package or class on such a machine, with the class path of this process
     * and without CAP_IPC_LOCK, so that the limit of locked memory holds for root too.
     *
     * @param out directory for what the machine prints
     * @param processors of the machine; 1 for many processes, see the script
     * @throws AssertionError with all that it printed, if a test failed or none ran
     */
    public static void runDeviceTests(String tests, Path out, int processors, int seconds)
            throws IOException, InterruptedException {
        Path output = Files.createDirectories(out.toAbsolutePath()).resolve("output");
        Path script = Path.of("../scripts/rxe-vm.sh").toAbsolutePath().normalize();
        List<String> words = new ArrayList<>(List.of(script.toString(), "setpriv", "--bounding-set=-ipc_lock",
                "--inh-caps=-ipc_lock", Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), DeviceTests.class.getName(), tests));
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().put("RXE_VM_OUT", out.toAbsolutePath().toString());
        builder.environment().put("RXE_VM_PROCESSORS", Integer.toString(processors));
        builder.environment().put("RXE_VM_TIMEOUT", Integer.toString(seconds));
        Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            assertTrue(process.waitFor(seconds + BOOT_SECONDS, TimeUnit.SECONDS),
                    "the virtual machine hangs; see " + output);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(output);
        assertEquals(0, process.exitValue(), () -> String.join("\n", lines));
        assertTrue(lines.stream().anyMatch(line -> line.startsWith(DeviceTests.OK)), () -> String.join("\n", lines));
    }
}
