package org.isthmus.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.isthmus.node.testing.TestHosts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Launching over two hosts that share neither network nor /dev/shm; needs root and iproute2. */
@Timeout(120)
class TestHostsTest {
    private static final String MAIN = RankMain.class.getName();

    @RegisterExtension
    static final TestHosts HOSTS = new TestHosts("ist", 79, 1);

    @TempDir
    Path directory;

    private CommandProcess run(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("run", "--hosts", HOSTS.list(2), "--agent", HOSTS.agent()));
        all.addAll(Arrays.asList(arguments));
        return new CommandProcess(directory, HOSTS.on(1), Map.of(), all.toArray(String[]::new));
    }

    @Test
    void allRanksExchangeValuesAndKnowTheirNodes() throws Exception {
        try (CommandProcess command = run(MAIN, "nodes")) {
            assertEquals(0, command.input("").exitCode(), command.errors());
            for (String place : List.of("rank 0 local 0 of 2", "rank 1 local 1 of 2", "rank 2 local 0 of 2",
                    "rank 3 local 1 of 2")) {
                assertTrue(command.output().contains(place + ": 4 ranks on 2 nodes: [[0, 1], [2, 3]]"),
                        command.output());
            }
        }
        try (CommandProcess command = run("--map-by", "node", MAIN, "nodes")) {
            assertEquals(0, command.input("").exitCode(), command.errors());
            assertTrue(command.output().contains("rank 3 local 1 of 2: 4 ranks on 2 nodes: [[0, 2], [1, 3]]"),
                    command.output());
        }
    }

    @Test
    void aJobThatFitsOnOneHostRunsThere() throws Exception {
        Path pids = Files.createDirectory(directory.resolve("pids"));
        try (CommandProcess command = run("-n", "2", MAIN, "join", pids.toString())) {
            List<ProcessHandle> ranks = CommandProcess.awaitPids(pids, 2);
            command.process.destroy();
            assertEquals(143, command.exitCode());
            CommandProcess.awaitEnd(ranks);
        }
    }
}
