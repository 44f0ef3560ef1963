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
import org.isthmus.node.testing.Command;
import org.isthmus.node.testing.TestHosts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code isthmus stat} beside a job over two HOSTS. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class SeveralHostsStatTest {
    @RegisterExtension
    static final TestHosts HOSTS = new TestHosts("hhs", 87);

    @TempDir
    Path directory;

    private static String stat(String... arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of(Command.JAVA, "-jar", IsthmusJar.JAR.toString(), "stat"));
        words.addAll(List.of(arguments));
        return HOSTS.must(1, words.toArray(String[]::new));
    }

    private static List<String> nodes(String rank) throws Exception {
        List<String> nodes = stat("--json", rank).lines().toList();
        assertEquals(2, nodes.size(), nodes.toString());
        return nodes;
    }

    /** What the first group of a pattern finds, or -1. */
    private static long number(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : -1;
    }

    private static long sentByRank0(String node) {
        return number("\"rank\":0,[^{]*\\{[^}]*\"sent-remote\":([0-9]+),", node);
    }

    private static long sockets(String node) {
        return number("\"backend\":\"tcpx\",\"backendCounters\":\\{\"links-connected\":([0-9]+),", node);
    }

    /** The hosts share this machine's processes, so one command sees the nodes of both, a line each, in their order. */
    @Test
    void ranksAndLinksOfBothNodes() throws Exception {
        Path end = directory.resolve("end");
        try (RunningJob job = RunningJob.start(HOSTS, directory, 1, Map.of(), StatProgram.class, end.toString())) {
            String rank = Long.toString(job.rank(1).pid());
            List<String> nodes = nodes(rank);
            while (sentByRank0(nodes.get(0)) < StatProgram.MESSAGES || sockets(nodes.get(0)) < TestHosts.CARDS
                    || sockets(nodes.get(1)) < TestHosts.CARDS) {
                assertTrue(job.isAlive(), job::errors);
                nodes = nodes(rank); // numbers may be a second old
            }
            for (int node = 0; node < 2; node++) {
                assertTrue(nodes.get(node).contains("\"size\":2,\"node\":" + node + ",\"nodes\":2,"), nodes.get(node));
                assertTrue(nodes.get(node)
                        .contains("\"ranks\":[{\"rank\":" + node + ",\"pid\":" + job.rank(node).pid() + ","),
                        nodes.get(node));
                assertTrue(nodes.get(node).contains("\"links\":[{\"peer\":" + (1 - node) + ",\"shard\":0,"),
                        nodes.get(node));
                assertTrue(nodes.get(node).contains("\"shards\":[{\"pid\":"), nodes.get(node));
            }
            assertEquals(StatProgram.MESSAGES, sentByRank0(nodes.get(0)), nodes.get(0));
            assertTrue(number("\"links\":\\[.*\"frames-sent\":([0-9]+),", nodes.get(0)) > 0, nodes.get(0));
            assertTrue(number("\"links\":\\[.*\"counters\":\\{[^}]*\"bytes-sent\":([0-9]+),", nodes.get(0))
                    > StatProgram.MESSAGES * StatProgram.BYTES, nodes.get(0));
            String text = stat(rank);
            assertTrue(text.contains(", node 0 of 2, for ") && text.contains(", node 1 of 2, for "), text);
            assertTrue(text.contains("tcpx to node 1, shard 0: links-connected "), text);
            Files.writeString(end, "");
            assertEquals(0, job.exitCode(), job::errors);
        }
    }
}
