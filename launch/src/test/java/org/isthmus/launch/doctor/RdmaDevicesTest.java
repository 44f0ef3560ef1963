package org.isthmus.launch.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RdmaDevicesTest {
    @TempDir
    Path root;

    @Test
    void portsAndGidsAreListed() throws IOException {
        write("rxe0/ports/1/state", "4: ACTIVE");
        write("rxe0/ports/1/link_layer", "Ethernet");
        write("rxe0/ports/1/rate", "2.5 Gb/sec (1X SDR)");
        write("rxe0/ports/1/gids/0", "fe80:0000:0000:0000:5054:00ff:fe12:3456");
        write("rxe0/ports/1/gids/2", "0000:0000:0000:0000:0000:0000:0000:0000");
        write("rxe0/ports/1/gids/10", "0000:0000:0000:0000:0000:ffff:0a00:020f");
        write("rxe0/ports/1/gid_attrs/types/0", "IB/RoCE v1");
        write("rxe0/ports/1/gid_attrs/types/10", "RoCE v2");
        write("rxe0/ports/1/gid_attrs/ndevs/0", "eth0");
        write("mlx5_10/ports/2/state", "1: DOWN");
        assertEquals(List.of("rxe0 port 1: active, Ethernet, 2.5 Gb/sec (1X SDR)",
                "  gid 0 fe80:0000:0000:0000:5054:00ff:fe12:3456 IB/RoCE v1 on eth0",
                "  gid 10 0000:0000:0000:0000:0000:ffff:0a00:020f RoCE v2 on unknown",
                "mlx5_10 port 2: down, unknown, unknown"), RdmaDevices.lines(new Machine(root)));
    }

    @Test
    void statesAreReadTheSameWhateverTheLanguage() throws IOException {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr")); // where the small letter of I has no dot
            write("rxe0/ports/1/state", "2: INIT");
            assertEquals("init", RdmaDevices.ports(new Machine(root)).getFirst().state());
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void machineWithoutDevice() throws IOException {
        assertEquals(List.of("no device"), RdmaDevices.lines(new Machine(root)));
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve("sys/class/infiniband/" + file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text + "\n");
    }
}
