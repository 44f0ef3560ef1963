package org.isthmus.rdma.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.isthmus.rdma.extension.VerbsProviders;
import org.isthmus.rdma.software.SoftwareProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class QueuePairBenchmarkTest {
    @BeforeAll
    static void useSoftware() {
        VerbsProviders.replace(SoftwareProvider.shared());
    }

    private static List<String> rows(int bytes, String... rows) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        QueuePairBenchmark.run("software", "auto", bytes, 20_000_000, List.of(rows),
                new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void everyDesignCarriesMessages() throws Exception {
        List<String> lines = rows(24, "mesh:3:9", "shared:3:2", "frames:3:2");
        assertEquals(3, lines.size());
        for (String line : lines) {
            String[] words = line.split(",");
            assertEquals(7, words.length, line);
            assertTrue(Long.parseLong(words[3]) > 0, line);
            double batch = Double.parseDouble(words[3]) / Double.parseDouble(words[4]);
            assertEquals(line.startsWith("frames") ? 3.0 : 1.0, batch, 0.2, line);
        }
        assertEquals(List.of(), SoftwareProvider.shared().fabric().queuePairs());
        assertEquals(0, SoftwareProvider.shared().fabric().registrations());
    }

    @Test
    void badRowsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> rows(8, "ring:1:1"));
        IllegalArgumentException tooLarge =
                assertThrows(IllegalArgumentException.class, () -> rows(20_000, "frames:4:1"));
        assertTrue(tooLarge.getMessage().contains("20000"), tooLarge.getMessage());
    }
}
