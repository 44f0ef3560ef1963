package org.isthmus.rdma.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** All tests of this module that need a device, in a virtual machine with Soft-RoCE (profile "rxe"; needs root and Debian). */
@EnabledIfSystemProperty(named = "isthmus.test.rxe", matches = "true")
class SoftRoceTest {
    private static final int SECONDS = 540;

    @Test
    @Timeout(SECONDS + 60)
    void testsPassOnADevice() throws Exception {
        Path out = Files.createDirectories(Path.of("target/rxe-vm").toAbsolutePath());
        Path output = out.resolve("output");
        Path script = Path.of("../scripts/rxe-vm.sh").toAbsolutePath().normalize();
        // without CAP_IPC_LOCK, so that the limit of locked memory holds for root too
        ProcessBuilder builder = new ProcessBuilder(script.toString(), "setpriv", "--bounding-set=-ipc_lock",
                "--inh-caps=-ipc_lock", Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), DeviceTests.class.getName());
        builder.environment().put("RXE_VM_OUT", out.toString());
        builder.environment().put("RXE_VM_TIMEOUT", Integer.toString(SECONDS));
        Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            assertTrue(process.waitFor(SECONDS + 30, TimeUnit.SECONDS), "the virtual machine hangs; see " + output);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(output);
        assertEquals(0, process.exitValue(), () -> String.join("\n", lines));
        assertTrue(lines.stream().anyMatch(line -> line.startsWith(DeviceTests.OK)), () -> String.join("\n", lines));
    }
}
