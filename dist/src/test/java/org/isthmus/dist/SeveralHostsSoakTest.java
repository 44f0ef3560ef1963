package org.isthmus.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.isthmus.node.testing.Command;
import org.isthmus.node.testing.TestHosts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Messages over two hosts while the network between them is bad: none may be wrong, lost or there twice. How many:
 * property {@code isthmus.test.soak}, and on until every kind of trouble has happened; between how many ranks of each
 * host: {@code isthmus.test.soak.ranks}.
 */
@Timeout(value = 3, unit = TimeUnit.HOURS)
class SeveralHostsSoakTest {
    private static final long MESSAGES = Long.getLong("isthmus.test.soak", 20_000);
    private static final int RANKS = Integer.getInteger("isthmus.test.soak.ranks", 1);
    private static final int LEAST_CARDS_LOST = 3;
    private static final int LEAST_RESETS = 3;
    @RegisterExtension
    static final TestHosts HOSTS = new TestHosts("lak", 103, "iptables");

    @TempDir
    Path directory;

    @Test
    void nothingIsLostDoubledOrChanged() throws Exception {
        Path enough = directory.resolve("enough");
        Path output = directory.resolve("out");
        Path errors = directory.resolve("err");
        NetworkTrouble trouble = new NetworkTrouble(HOSTS);
        long start = System.nanoTime();
        ProcessBuilder builder = new ProcessBuilder(IsthmusJar.run(HOSTS, RANKS, "-cp", "target/test-classes",
                SoakProgram.class.getName(), Long.toString(MESSAGES), enough.toString()));
        // trouble never stops, also while they connect
        builder.environment().put("ISTHMUS_TCPX_TIMEOUT_CONNECT", "60s");
        Process job = builder.redirectOutput(output.toFile()).redirectError(errors.toFile()).start();
        int cards = 0;
        int resets = 0;
        while (job.isAlive()) {
            List<ProcessHandle> multiplexers = job.descendants()
                    .filter(process -> process.info().commandLine().orElse("").contains("MultiplexerMain")).toList();
            if (multiplexers.size() == 2) {
                trouble.loseCard();
                cards++;
                resets += trouble.reset(multiplexers);
            }
            if (cards >= LEAST_CARDS_LOST && resets >= LEAST_RESETS && !Files.exists(enough)) {
                Files.createFile(enough);
            }
            job.waitFor(500, TimeUnit.MILLISECONDS);
        }
        String said = Files.readString(errors);
        SoakProgram.Report report = SoakProgram.Report.of(new Command(job.exitValue(), Files.readString(output), said));
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
        System.out.printf("%d messages in %d s: cards lost %d, connections reset %d, packets lost %d; %s%n",
                report.messages(), seconds, cards, resets, trouble.lost(), trouble.description());
        assertEquals(2, report.hosts());
        assertTrue(report.messages() > MESSAGES * 98 / 100);
        assertTrue(trouble.lost() > 0);
    }
}
