package org.isthmus.tcpx.zerocopy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceMemoryTest {
    @TempDir
    Path root;

    @Test
    void cardsBehindABusCount() throws IOException {
        assertEquals(List.of(), new DeviceMemory(root).cardsWithQueues());
        Files.createDirectories(root.resolve("sys/class/net/veth0/queues/rx-0"));
        Files.createDirectories(root.resolve("sys/class/net/eth1/queues/rx-0"));
        Files.createDirectories(root.resolve("sys/class/net/eth1/device/driver"));
        assertEquals(List.of("eth1"), new DeviceMemory(root).cardsWithQueues());
    }

    @Test
    void whatIsMissingIsSaid() throws IOException {
        List<String> before = new DeviceMemory(root).obstacles();
        assertTrue(before.stream().anyMatch(line -> line.contains("udmabuf")), before.toString());
        assertTrue(before.stream().anyMatch(line -> line.contains("no network card")), before.toString());
        Files.createDirectories(root.resolve("dev"));
        Files.createFile(root.resolve("dev/udmabuf"));
        assertEquals(before.size() - 1, new DeviceMemory(root).obstacles().size());
    }
}
