package org.isthmus.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.isthmus.node.testing.TestHosts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jobs of two nodes, joined by the queue pairs of their two multiplexers. The nodes are two hosts that share the
 * network of a machine with a Soft-RoCE device, but no memory.
 */
@Tag("device")
@Timeout(1200)
class RdmaJobsDeviceTest {
    private static final String CLASS_PATH =
            Stream.of("isthmus-rdma.jar", "disni.jar", "isthmus-examples.jar", "test-classes")
            .map(name -> Path.of("target", name).toAbsolutePath().toString())
            .reduce((first, second) -> first + File.pathSeparator + second).orElseThrow();
    private static final int SHARDS = 1;
    /** Emulated processors are slow. */
    private static final Map<String, String> SETTINGS = Map.of("ISTHMUS_BACKEND", "rdma",
            "ISTHMUS_MUX_SHARDS", Integer.toString(SHARDS),
            "ISTHMUS_RDMA_TIMEOUT_CONNECT", "120s", "ISTHMUS_RDMA_TIMEOUT_HELLO", "60s", "ISTHMUS_WIREUP_TIMEOUT",
            "300s", "ISTHMUS_LAUNCH_TIMEOUT", "300s",
            "_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"); // of multiplexers too
    @RegisterExtension
    static final TestHosts HOSTS = new TestHosts("rx", 85, 0);

    @TempDir
    Path directory;

    private Process job;

    @AfterEach
    void nothingIsLeft() throws Exception {
        if (job != null) {
            job.descendants().forEach(ProcessHandle::destroyForcibly);
            job.destroyForcibly();
        }
    }

    private void start(int ranksPerHost, Map<String, String> settings, String... program) throws IOException {
        String[] words = Stream.concat(Stream.of("-cp", CLASS_PATH), Stream.of(program)).toArray(String[]::new);
        ProcessBuilder builder = new ProcessBuilder(IsthmusJar.run(HOSTS, ranksPerHost, words))
                .redirectOutput(output().toFile()).redirectError(directory.resolve("err").toFile());
        builder.environment().putAll(SETTINGS);
        builder.environment().putAll(settings);
        job = builder.start();
    }

    private Path output() {
        return directory.resolve("out");
    }

    private String said() {
        try {
            return Files.readString(directory.resolve("err")).replaceAll("(?m)^.*_JAVA_OPTIONS.*\\n", "")
                    + Files.readString(output());
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Waits until the job prints that line. */
    private void awaitLine(String line) throws Exception {
        while (!Files.exists(output()) || !Files.readAllLines(output()).contains(line)) {
            assertTrue(job.isAlive() || Files.readAllLines(output()).contains(line), () -> "ended early: " + said());
            Thread.sleep(100);
        }
    }

    private Map<String, Double> values() throws Exception {
        assertEquals(0, job.waitFor(), this::said);
        Map<String, Double> values = new HashMap<>();
        for (String line : Files.readAllLines(output())) {
            if (line.matches("[a-z-]+ [0-9.]+")) {
                values.put(line.split(" ")[0], Double.parseDouble(line.split(" ")[1]));
                System.out.println(line);
            }
        }
        return values;
    }

    private static String read(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), text);
        return text;
    }

    /** Queue pairs of the device, which is that of both ends. */
    static long queuePairs() throws Exception {
        return read("rdma", "resource", "show", "qp").lines().filter(line -> line.contains("type RC")).count();
    }

    /** Waits until a queue pair is gone that was one too many because both nodes dialled at once. */
    private void awaitQueuePairsOfTheShards() throws Exception {
        while (queuePairs() > 2 * SHARDS && job.isAlive()) {
            Thread.sleep(100);
        }
        assertEquals(2 * SHARDS, queuePairs(), this::said); // one of each end for each shard
    }

    /** Records that node 0 sent to node 1 for each work request that it posted for that. */
    private double recordsForEachDoorbell() {
        Matcher link = Pattern.compile("(?m)^ *1 +0 +[0-9]+\\.[0-9] +[0-9]+ +([0-9]+) ").matcher(said());
        Matcher sends = Pattern.compile("(?m)^rdma to node 1, shard 0:.*[ ,]sends ([0-9]+)").matcher(said());
        assertTrue(link.find() && sends.find(), this::said);
        return Double.parseDouble(link.group(1)) / Double.parseDouble(sends.group(1));
    }

    /** Work requests of node 0 on memory of node 1. */
    private int oneSided() {
        Matcher count = Pattern.compile("(?m)^rdma to node 1, shard 0:.*[ ,]one-sided ([0-9]+)").matcher(said());
        assertTrue(count.find(), this::said);
        return Integer.parseInt(count.group(1));
    }

    /** Every message is checked; ranks share queue pairs and frames. */
    @Test
    void twoTimesFourRanksShareTheQueuePairsOfTheShards() throws Exception {
        start(4, Map.of("ISTHMUS_STAT", "true"), NodePairProgram.class.getName(), "5", "window", "allreduce", "rate");
        awaitLine("begins");
        awaitQueuePairsOfTheShards();
        Map<String, Double> values = values();
        assertEquals(3.0, values.get("allreduce"), this::said);
        assertEquals(7.0, values.get("window"), this::said);
        assertTrue(oneSided() >= 3, this::said); // 1 MiB there and back in pieces, and a word
        assertTrue(values.get("rate-messages") > 0, this::said);
        System.out.printf("records for each doorbell %.1f%n", recordsForEachDoorbell());
        assertTrue(recordsForEachDoorbell() > 4, this::said);
        assertEquals(0, queuePairs());
    }

    @Test
    void twoRanksShareNoMemoryAndExchangeSmallAndLargeMessages() throws Exception {
        start(1, Map.of(), NodePairProgram.class.getName(), "3", "lat", "bw");
        awaitLine("begins");
        awaitQueuePairsOfTheShards();
        assertNotEquals(0.0, values().get("bw"), this::said);
        assertEquals(0, queuePairs());
    }

    @Test
    void withoutADeviceTheNextBackendIsTakenAndEachNodeSaysSoOnce() throws Exception {
        start(1, Map.of("ISTHMUS_BACKEND", "rdma,tcpx", "ISTHMUS_RDMA_ADDRESS", "127.0.0.1"),
                "org.isthmus.examples.Allreduce", "--sizes", "1,1000", "--iterations", "3");
        assertEquals(0, job.waitFor(), this::said);
        for (int node = 0; node < 2; node++) {
            String start = "isthmus: node " + node + " cannot use backend rdma, takes tcpx instead: ";
            List<String> lines = said().lines().filter(line -> line.contains(start)).toList();
            assertEquals(1, lines.size(), this::said);
            assertTrue(lines.getFirst().contains("127.0.0.1"), lines.getFirst());
        }
    }
}
