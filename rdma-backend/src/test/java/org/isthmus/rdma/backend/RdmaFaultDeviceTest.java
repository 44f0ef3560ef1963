package org.isthmus.rdma.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.isthmus.node.config.Settings;
import org.isthmus.node.spi.Backends;
import org.isthmus.node.spi.Endpoint;
import org.isthmus.node.spi.EndpointContext;
import org.isthmus.node.spi.TestNode;
import org.isthmus.node.wire.JobIdentification;
import org.isthmus.rdma.extension.VerbsExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What fails on a device: queue pairs, the limit of locked memory. Root, without CAP_IPC_LOCK. */
@Tag("device")
@Timeout(600)
class RdmaFaultDeviceTest extends RdmaNodes {
    private VerbsExtension extension;

    @BeforeEach
    void useDevice() throws IOException {
        extension = (VerbsExtension) DeviceChoice.provider("native");
    }

    @Override
    Map<String, String> settings() {
        return DEVICE;
    }

    /** The queue pair of a node's channel, or null while there is none. */
    private Link link(int node, int peer) {
        RdmaChannel channel = endpoint(node).channel(peer);
        return channel == null || channel.link() == null || channel.link().broken() != null ? null : channel.link();
    }

    @Test
    void aQueuePairThatIsKilledInATransferIsReplacedWithoutLoss() throws IOException {
        open(2);
        connect(0, 1);
        TestNode receiver = nodes.get(1);
        int[] killed = new int[1];
        transfer(300, 12, () -> {
            Link victim = link(killed[0] % 2, 1 - killed[0] % 2);
            if (killed[0] < 3 && victim != null && receiver.framesReceived > 60L * (killed[0] + 1)) {
                killed[0]++;
                try {
                    extension.setError(victim.id.getQp());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
        assertEquals(3, killed[0]);
        assertTrue(count(0, RdmaCounters.Counter.LINKS_CONNECTED) > 1);
        assertTrue(count(0, RdmaCounters.Counter.LINKS_BROKEN) + count(1, RdmaCounters.Counter.LINKS_BROKEN) > 0);
    }

    @Test
    void betweenTwoNodesThereIsOneQueuePairForEachEnd() throws IOException, InterruptedException {
        long before = queuePairsOfTheDevice();
        open(2);
        connect(0, 1);
        assertEquals(before + 2, queuePairsOfTheDevice());
        transfer(50, 2, () -> { });
        assertEquals(before + 2, queuePairsOfTheDevice());
    }

    /** As the kernel counts them. */
    static long queuePairsOfTheDevice() throws IOException, InterruptedException {
        return queuePairsOf("");
    }

    /** Those of one link, such as {@code rxe0/1}; of all with "". */
    static long queuePairsOf(String link) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("rdma", "resource", "show", "qp"));
        if (!link.isEmpty()) {
            words.addAll(List.of("link", link));
        }
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String lines = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), lines);
        return lines.lines().filter(line -> line.contains("type RC")).count();
    }

    private static void run(String... words) throws Exception {
        assertEquals(0, new ProcessBuilder(words).inheritIO().start().waitFor(), String.join(" ", words));
    }

    @Test
    void tooLittleLockedMemoryIsNamedOnceAndTheNextBackendTaken() throws Exception {
        Properties properties = new Properties();
        DEVICE.forEach(properties::setProperty);
        EndpointContext context = new EndpointContext(
                new JobIdentification("job", new byte[JobIdentification.MIN_SECRET_BYTES]), 0, 2, 0,
                Settings.of(Map.of(), properties), new FallbackTest());
        List<String> reports = new ArrayList<>();
        String process = Long.toString(ProcessHandle.current().pid());
        run("prlimit", "--pid", process, "--memlock=65536:");
        try (Endpoint endpoint = Backends.open("rdma,loopback", context, reports::add)) {
            assertTrue(endpoint.address().text().startsWith("loopback:"), endpoint.address().text());
            String failure = assertThrows(IOException.class, () -> Backends.open("rdma", context, reports::add))
                    .getMessage();
            assertTrue(failure.contains("ulimit -l"), failure);
        } finally {
            run("prlimit", "--pid", process, "--memlock=unlimited:");
        }
        assertEquals(1, reports.size(), reports.toString());
        assertTrue(reports.getFirst().contains("locked memory") && !reports.getFirst().contains("\n"),
                reports.getFirst());
    }
}
