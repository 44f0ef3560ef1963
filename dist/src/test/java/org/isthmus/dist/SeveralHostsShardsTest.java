package org.isthmus.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.isthmus.node.testing.Command;
import org.isthmus.node.testing.TestHosts;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sockets between two hosts are as many as shards times network cards; a rank that takes nothing stops no other. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class SeveralHostsShardsTest {
    @RegisterExtension
    static final TestHosts HOSTS = new TestHosts("ish", 85, "ss");

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 2", "2, 3"})
    void socketsDoNotGrowWithRanksAndASlowRankStopsNobody(int shards, int ranksPerHost, @TempDir Path directory)
            throws Exception {
        Command job = HOSTS.run(Map.of("ISTHMUS_MUX_SHARDS", Integer.toString(shards), "ISTHMUS_MUX_CREDIT", "64k"),
                IsthmusJar.run(HOSTS, ranksPerHost, "-cp", "target/test-classes", ShardsProgram.class.getName(),
                        directory.resolve("done").toString()));
        assertEquals("", job.errors());
        assertEquals(List.of("sockets " + shards * TestHosts.CARDS, "done"), job.output().lines().toList());
        assertEquals(0, job.exitCode());
    }
}
