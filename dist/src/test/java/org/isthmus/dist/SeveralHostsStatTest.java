package org.isthmus.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code isthmus stat} beside a job over two hosts. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class SeveralHostsStatTest {
    private static final int MESSAGES = StatProgram.MESSAGES;
    private static TestHosts hosts;

    @TempDir
    Path directory;

    @BeforeAll
    static void up() throws Exception {
        hosts = new TestHosts("st", 95);
    }

    @AfterAll
    static void down() throws Exception {
        if (hosts != null) {
            hosts.down();
        }
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        assertEquals(List.of(), hosts.leftInSharedMemory());
    }

    private static String stat(String... arguments) throws Exception {
        List<String> words = new ArrayList<>(hosts.onFirst());
        words.addAll(List.of(Command.JAVA, "-jar", Command.JAR.toString(), "stat"));
        words.addAll(List.of(arguments));
        return hosts.run(Map.of(), words).output();
    }

    private static long number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertTrue(matcher.find(), text);
        return Long.parseLong(matcher.group(1));
    }

    /** The hosts share this machine's processes, so one command sees the nodes of both, a line each. */
    @Test
    void ranksAndLinksOfBothNodes() throws Exception {
        Path ready = directory.resolve("ready");
        Path end = directory.resolve("end");
        Process job = new ProcessBuilder(hosts.isthmusRun(1, "-cp", "target/test-classes", StatProgram.class.getName(),
                ready.toString(), end.toString())).redirectErrorStream(true).redirectOutput(directory.resolve("out").toFile())
                .redirectInput(Path.of("/dev/null").toFile()).start();
        try {
            while (!Files.exists(ready)) {
                assertTrue(job.isAlive(), Files.readString(directory.resolve("out")));
                Thread.sleep(10);
            }
            String rank = Files.readString(ready);
            Pattern sent = Pattern.compile("\"rank\":0,.*\"sent-remote\":([0-9]+),");
            Pattern frames = Pattern.compile("\"links\":\\[.*\"frames-sent\":([0-9]+),");
            Pattern sockets = Pattern.compile("\"backend\":\"tcpx\",\"backendCounters\":\\{\"links-connected\":([0-9]+),");
            List<String> nodes = stat("--json", rank).lines().toList();
            while (number(sent, nodes.getFirst()) < MESSAGES || number(sockets, nodes.getFirst()) < TestHosts.CARDS) {
                nodes = stat("--json", rank).lines().toList(); // numbers may be a second old
            }
            assertEquals(2, nodes.size(), nodes.toString());
            for (int node = 0; node < 2; node++) {
                assertTrue(nodes.get(node).contains("\"size\":2,\"node\":" + node + ",\"nodes\":2,"), nodes.get(node));
                assertTrue(nodes.get(node).contains("\"links\":[{\"peer\":" + (1 - node) + ",\"shard\":0,"), nodes.get(node));
                assertTrue(nodes.get(node).contains("\"shards\":[{\"pid\":"), nodes.get(node));
            }
            assertEquals(MESSAGES, number(sent, nodes.getFirst()));
            assertTrue(number(frames, nodes.getFirst()) > 0, nodes.getFirst());
            assertTrue(number(Pattern.compile("\"bytes-sent\":([0-9]+),"), nodes.getFirst()) > MESSAGES * StatProgram.BYTES,
                    nodes.getFirst());
            String text = stat(rank);
            assertTrue(text.contains(", node 0 of 2, for "), text);
            assertTrue(text.contains("tcpx to node 1, shard 0: links-connected "), text);
        } finally {
            Files.writeString(end, "");
            job.waitFor();
        }
        assertEquals(0, job.exitValue(), Files.readString(directory.resolve("out")));
    }
}
