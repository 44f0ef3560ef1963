package org.isthmus.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.isthmus.node.testing.Command;
import org.isthmus.node.testing.TestHosts;
import org.isthmus.tcpx.plugin.TestPlugin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs over two hosts whose tcpx encrypts, or has a network plugin carry its large transfers. */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class SeveralHostsEnginesTest {
    @RegisterExtension
    static final TestHosts HOSTS = new TestHosts("hhe", 87);

    private static void assertRunsWell(Map<String, String> settings) throws Exception {
        LaunchedPrograms.assertRunWell(rank ->
                HOSTS.run(settings, IsthmusJar.run(HOSTS, 2, rank.toArray(String[]::new))));
    }

    /** What a card of each host sees: the messages as they are, or nothing of them. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void encryptionHidesTheMessagesOnTheWire(boolean encrypt) throws Exception {
        byte[] text = WirePatternProgram.TEXT.getBytes(StandardCharsets.US_ASCII);
        List<PacketCapture> captures = new ArrayList<>();
        for (int card = 0; card < TestHosts.CARDS; card++) {
            captures.add(new PacketCapture(HOSTS.cardOutside(1, card), text));
        }
        Command job = HOSTS.run(Map.of("ISTHMUS_TCPX_ENCRYPT", Boolean.toString(encrypt)),
                IsthmusJar.run(HOSTS, 1, "-cp", "target/test-classes", WirePatternProgram.class.getName()));
        assertEquals("done", job.output().strip(), job.errors());
        for (PacketCapture capture : captures) {
            capture.end();
            assertTrue(capture.bytes() > 1_000_000, capture.bytes() + " bytes were seen");
            assertEquals(encrypt, capture.found() == 0, "the text is in " + capture.found() + " packets");
        }
    }

    @Test
    void programsRunEncrypted() throws Exception {
        assertRunsWell(Map.of("ISTHMUS_TCPX_ENCRYPT", "true"));
    }

    /** The multiplexer of each host leaves behind what its plugin has counted. */
    @Test
    void aPluginCarriesTheLargeTransfers(@TempDir Path directory) throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of("ISTHMUS_TCPX_ENGINE", "plugin", "ISTHMUS_TCPX_PLUGIN",
                TestPlugin.build(10, "-DNETWORK")));
        assertRunsWell(settings);
        settings.put("TEST_NET_PLUGIN_REPORT", directory.resolve("report").toString());
        Command job = HOSTS.run(settings, IsthmusJar.run(HOSTS, 1, "-cp", "target/test-classes",
                WirePatternProgram.class.getName()));
        assertEquals("done", job.output().strip(), job.errors());
        List<Path> reports;
        try (Stream<Path> files = Files.list(directory)) {
            reports = files.toList();
        }
        assertEquals(2, reports.size(), reports.toString());
        for (Path report : reports) {
            List<String> counts = Files.readAllLines(report);
            assertTrue(count(counts, TestPlugin.Statistic.REQUESTS) > 0, counts.toString());
            assertTrue(count(counts, TestPlugin.Statistic.CONSUMED) > 0, counts.toString());
            assertEquals(0, count(counts, TestPlugin.Statistic.OPEN), counts.toString());
        }
    }

    private static long count(List<String> counts, TestPlugin.Statistic statistic) {
        return Long.parseLong(counts.get(statistic.ordinal()));
    }
}
