package org.isthmus.rdma.verbs;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Each thing that can be missing gives one line that says what, and what to do. */
class VerbsAvailabilityTest {
    @TempDir
    Path devices;

    @Test
    void missingLibrary() {
        VerbsAvailability availability = new VerbsAvailability(List.of("libc.so.6", "libno-such-verbs.so.1"), devices);
        assertEquals("libno-such-verbs.so.1 cannot be loaded: install rdma-core (Debian: libibverbs1 ibverbs-providers"
                + " librdmacm1; Red Hat: libibverbs librdmacm)", message(availability::checkLibraries));
    }

    @Test
    void presentLibrary() {
        assertDoesNotThrow(new VerbsAvailability(List.of("libc.so.6"), devices)::checkLibraries);
    }

    @Test
    void missingConnectionManager() {
        assertEquals("no RDMA connection manager: " + devices + "/rdma_cm does not exist; as root: modprobe rdma_ucm"
                + " (for a container add --device /dev/infiniband)", message(availability()::checkDeviceFiles));
    }

    @Test
    void missingPermission() throws IOException {
        Path manager = Files.createFile(devices.resolve("rdma_cm"));
        assertTrue(manager.toFile().setReadable(false));
        assertTrue(manager.toFile().setWritable(false));
        if (Files.isReadable(manager)) {
            assertDoesNotThrow(availability()::checkDeviceFiles); // root may read everything
            return;
        }
        String line = message(availability()::checkDeviceFiles);
        assertTrue(line.startsWith("no permission for " + manager), line);
        assertTrue(line.contains(System.getProperty("user.name")), line);
    }

    @Test
    void accessibleConnectionManager() throws IOException {
        Files.createFile(devices.resolve("rdma_cm"));
        assertDoesNotThrow(availability()::checkDeviceFiles);
    }

    @Test
    void lockedMemoryIsANumberOrUnlimited() {
        assertTrue(LockedMemory.limit().matches("unlimited|\\d+ bytes"), LockedMemory.limit());
    }

    @Test
    void failedRegistrationNamesTheLimit() {
        String message = new VerbsException("ibv_reg_mr", "4096 bytes", VerbsException.ENOMEM).getMessage();
        assertTrue(message.startsWith("ibv_reg_mr of 4096 bytes failed: Cannot allocate memory (errno 12);"), message);
        assertTrue(message.contains("(now " + LockedMemory.limit() + "), raise it: ulimit -l unlimited"), message);
        assertFalse(new VerbsException("rdma_listen", "", VerbsException.ENOMEM).getMessage().contains("ulimit"));
    }

    private VerbsAvailability availability() {
        return new VerbsAvailability(List.of(), devices);
    }

    private static String message(Executable check) {
        return assertThrows(IOException.class, check).getMessage();
    }
}
