package org.isthmus.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.isthmus.node.testing.Command;
import org.isthmus.node.testing.SlowNetworks;
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
    private static final long MESSAGES = Long.getLong("isthmus.test.soak", 5_000);
    private static final int RANKS = Integer.getInteger("isthmus.test.soak.ranks", 1);
    private static final int CARDS = 4;
    private static final int LEAST_CARDS_LOST = 3;
    private static final int LEAST_RESETS = 3;
    /** Until the least trouble has been, and from then on. */
    private static final int[] MILLIS_BETWEEN = {500, 4000};
    /** What {@code isthmus.stat} has a rank of each node say at the end. */
    private static final Pattern STAT =
            Pattern.compile("(?m)^(job .*|\\s*(rank|mux|to node|\\d+) .*|tcpx to node .*|)\n");
    private static final Pattern BROKEN = Pattern.compile("links-broken (\\d+)");

    @RegisterExtension
    static final TestHosts HOSTS = new TestHosts("lak", 103, CARDS, "gcc", "ss");

    @TempDir
    Path directory;

    @Test
    void nothingIsLostDoubledOrChanged() throws Exception {
        Path enough = directory.resolve("enough");
        Path output = directory.resolve("out");
        Path errors = directory.resolve("err");
        long start = System.nanoTime();
        ProcessBuilder builder = new ProcessBuilder(IsthmusJar.run(HOSTS, RANKS, "-cp", "target/test-classes",
                SoakProgram.class.getName(), Long.toString(MESSAGES), enough.toString()));
        builder.environment().put("ISTHMUS_STAT", "true");
        // trouble never stops, also while they connect
        builder.environment().put("ISTHMUS_TCPX_TIMEOUT_CONNECT", "60s");
        try (NetworkTrouble trouble = new NetworkTrouble(HOSTS, CARDS)) {
            Process job = builder.redirectOutput(output.toFile()).redirectError(errors.toFile()).start();
            while (job.isAlive()) {
                List<ProcessHandle> multiplexers = job.descendants()
                        .filter(process -> process.info().commandLine().orElse("").contains("MultiplexerMain"))
                        .toList();
                if (multiplexers.size() == 2) {
                    trouble.loseCard();
                    trouble.reset(multiplexers);
                }
                boolean wasEnough = trouble.cardsLost() >= LEAST_CARDS_LOST && trouble.resets() >= LEAST_RESETS;
                if (wasEnough && !Files.exists(enough)) {
                    Files.createFile(enough);
                }
                job.waitFor(MILLIS_BETWEEN[wasEnough ? 1 : 0], TimeUnit.MILLISECONDS);
            }
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
            String said = Files.readString(errors);
            SoakProgram.Report report = SoakProgram.Report.of(
                    new Command(job.exitValue(), Files.readString(output), STAT.matcher(said).replaceAll("")));
            SlowNetworks.Report frames = trouble.end();
            long broken = BROKEN.matcher(said).results().mapToLong(found -> Long.parseLong(found.group(1))).sum();
            System.out.printf("%d messages of %d bytes in %d s over networks %.0f ms late: %s; cards lost %d, "
                    + "connections reset %d, ends of connections replaced %d%n", report.messages(), report.bytes(),
                    seconds, NetworkTrouble.DELAY_MILLIS, frames, trouble.cardsLost(), trouble.resets(), broken);
            assertEquals(2, report.hosts());
            assertTrue(report.messages() >= MESSAGES);
            assertTrue(frames.lost() > 0);
            assertTrue(broken >= trouble.resets(), said);
        }
    }
}
