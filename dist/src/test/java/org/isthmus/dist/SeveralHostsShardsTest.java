package org.isthmus.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sockets between two hosts are as many as shards times network cards; a rank that takes nothing stops no other. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class SeveralHostsShardsTest {
    private static TestHosts hosts;

    @BeforeAll
    static void up() throws Exception {
        assumeTrue(Command.exists("ss"), "iproute2 is not installed");
        hosts = new TestHosts("ish", 85);
    }

    @AfterAll
    static void down() throws Exception {
        if (hosts != null) {
            hosts.down();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 2", "2, 4"})
    void socketsDoNotGrowWithRanksAndASlowRankStopsNobody(int shards, int ranksPerHost, @TempDir Path directory)
            throws Exception {
        Command job = hosts.run(Map.of("ISTHMUS_MUX_SHARDS", Integer.toString(shards), "ISTHMUS_MUX_CREDIT", "64k"),
                hosts.isthmusRun(ranksPerHost, "-cp", "target/test-classes", ShardsProgram.class.getName(),
                        directory.resolve("done").toString()));
        assertEquals("", job.errors());
        assertEquals(List.of("sockets " + shards * TestHosts.CARDS, "done"), job.output().lines().toList());
        assertEquals(0, job.exitCode());
    }
}
