package org.isthmus.rdma.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.ibm.disni.verbs.RdmaProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        RdmaProvider before = VerbsProviders.installed();
        String message = assertThrows(IOException.class, NativeProvider::install).getMessage();
        assertFalse(message.contains("\n"), message);
        assertTrue(message.contains("rdma-core") || message.contains("modprobe rdma_ucm"), message);
        assertSame(before, VerbsProviders.installed());
    }

    @Test
    void programWithoutDeviceEndsWithThatLine() throws Exception {
        assumeFalse(Files.exists(Path.of("/dev/infiniband/rdma_cm")), "this machine has a device");
        String output = failingProgram("com.ibm.disni.examples.SendRecvClient");
        assertTrue(output.startsWith("isthmus: ") && !output.contains("\n"), output);
    }

    @Test
    void stockProviderStaysSelectable() throws Exception {
        assumeFalse(libdisniIsInstalled(), "libdisni is installed");
        String output = failingProgram("--stock", "com.ibm.disni.examples.SendRecvClient", "-a", "192.0.2.7");
        assertTrue(output.contains("UnsatisfiedLinkError: no disni in java.library.path"), output);
    }

    private static boolean libdisniIsInstalled() {
        try {
            System.loadLibrary("disni");
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }

    private static String failingProgram(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED", // the stock provider needs it
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                DisniProgram.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes()).strip();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        assertEquals(1, process.exitValue());
        return output;
    }

    @Test
    void factoryIsFoundByItsName() {
        ProviderFactory factory = ServiceLoader.load(ProviderFactory.class).stream().map(ServiceLoader.Provider::get)
                .filter(found -> found.name().equals("native")).findFirst().orElseThrow();
        assertTrue(factory.isAutomatic());
        assertEquals(NativeProviderFactory.class, factory.getClass());
    }
}
