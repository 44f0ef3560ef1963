package org.isthmus.rdma.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import org.isthmus.rdma.extension.ProviderFactory;
import org.isthmus.rdma.extension.VerbsProviders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens on a machine without a device. */
@Timeout(60)
class NativeProviderTest {
    @Test
    void machineWithoutDeviceGetsOneLine() {
        assumeFalse(Files.exists(Path.of("/dev/infiniband/rdma_cm")), "this machine has a device");
        String message = assertThrows(IOException.class, NativeProvider::install).getMessage();
        assertFalse(message.contains("\n"), message);
        assertTrue(message.contains("rdma-core") || message.contains("modprobe rdma_ucm"), message);
        assertEquals(null, VerbsProviders.installed());
    }

    @Test
    void programWithoutDeviceEndsWithThatLine() throws Exception {
        assumeFalse(Files.exists(Path.of("/dev/infiniband/rdma_cm")), "this machine has a device");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                DisniProgram.class.getName(), "com.ibm.disni.examples.SendRecvClient").redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes()).strip();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        assertEquals(1, process.exitValue());
        assertTrue(output.startsWith("isthmus: ") && !output.contains("\n"), output);
    }

    @Test
    void factoryIsFoundByItsName() {
        ProviderFactory factory = ServiceLoader.load(ProviderFactory.class).stream().map(ServiceLoader.Provider::get)
                .filter(found -> found.name().equals("native")).findFirst().orElseThrow();
        assertTrue(factory.isAutomatic());
        assertEquals(NativeProviderFactory.class, factory.getClass());
    }
}
