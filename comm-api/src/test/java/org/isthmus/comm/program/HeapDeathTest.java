package org.isthmus.comm.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ranks of real jobs, killed amid their messages: the survivors get all memory of the dead back, and none twice. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class HeapDeathTest {
    private static final int RANKS = 3;
    private static final int KILLS = Integer.getInteger("isthmus.heap.jobkills", 4);
    private static final Map<String, String> SURVIVE = Map.of("ISTHMUS_FAILURE", "survive");
    private static final Pattern FIELD = Pattern.compile("(\\w+)=(\\d+)");

    @Test
    void survivorsOfAKilledRankTakeItsHeapBack() throws Exception {
        kill(Map.of(), "");
    }

    @Test
    void ranksThatGoOnTakeItsHeapBack() throws Exception {
        kill(SURVIVE, "");
    }

    /** What a window exposes can still be accessed: its buffers stay, its message blocks come back. */
    @Test
    void ranksThatGoOnWithAWindowLeaveTheBuffersOfTheDead() throws Exception {
        kill(SURVIVE, "window");
    }

    private static void kill(Map<String, String> settings, String argument) throws Exception {
        long seed = Long.getLong("isthmus.heap.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int kill = 0; kill < KILLS; kill++) {
            String run = "seed " + seed + ", kill " + kill;
            try (ProgramJob job =
                    ProgramJob.start(RANKS, HeapDeathMain.class,
                    List.of(Integer.toString(random.nextInt()), argument), settings)) {
                job.awaitOutput("sending");
                Thread.sleep(random.nextInt(50));
                job.ranks.get(RANKS - 1).destroyForcibly();
                allSurvivors(job, "settled", run);
                allSurvivors(job, "trimmed", run);
                allSurvivors(job, " counted", run);
                for (int rank = 0; rank < RANKS - 1; rank++) {
                    check(job.output(rank), argument.equals("window"), run + "\n" + job.report());
                }
            }
        }
    }

    private static void allSurvivors(ProgramJob job, String text, String run) throws IOException, InterruptedException {
        for (int rank = 0; rank < RANKS - 1; rank++) {
            job.awaitOutput(rank, text);
            assertTrue(job.output(rank).contains(text), run + "\n" + job.report());
        }
        for (int rank = 0; rank < RANKS - 1 && !text.equals(" counted"); rank++) {
            job.ranks.get(rank).getOutputStream().write('\n');
            job.ranks.get(rank).getOutputStream().flush();
        }
    }

    private static void check(String output, boolean window, String run) {
        assertTrue(output.contains("survivor got"), run);
        assertTrue(output.contains("buffers of the dead " + (window ? "kept" : "free")), run);
        Matcher fields = FIELD.matcher(output.substring(output.indexOf("HeapCensus")));
        long[] values = new long[7];
        for (int i = 0; i < values.length; i++) {
            assertTrue(fields.find(), run);
            values[i] = Long.parseLong(fields.group(2));
        }
        assertEquals(values[0], values[1] + values[2] + values[3], "free + live + pending\n" + run);
        assertEquals(0, values[4], "held by the dead\n" + run);
        assertEquals(0, values[6], "owned by the dead\n" + run);
        assertTrue(values[2] >= (RANKS - 1) * 5, "the survivors' buffers are live\n" + run);
    }
}
