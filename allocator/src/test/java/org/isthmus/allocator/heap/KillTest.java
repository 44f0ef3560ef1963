package org.isthmus.allocator.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.isthmus.allocator.NodePool;
import org.isthmus.allocator.TestPool;
import org.isthmus.allocator.slab.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Real processes, killed with SIGKILL: at every kill point, and in turn at random moments and at random points
 * ({@code -Disthmus.heap.kills=10000} for the long loop). After each death the survivor, which never stopped working,
 * repairs; then everything is given back, and every block of the area must be free again.
 */
@Timeout(value = 24, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KillTest {
    private static final int KILLS = Integer.getInteger("isthmus.heap.kills", 10);
    private static final int SHOWN_EVERY = 500;
    private static final long PATIENCE_NANOS = 2_000_000_000L;
    private static final System.Logger LOG = System.getLogger(KillTest.class.getName());
    private static final long WINDOW = 160 << 20;

    private Path directory;
    private HeapArea area;
    private long rings;
    private RandomRank survivor;
    private Process child;
    private final List<Long> fromVictim = new ArrayList<>();
    private final long seed = Long.getLong("isthmus.heap.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @BeforeEach
    void open(@TempDir Path temporary) throws IOException {
        Path shared = Path.of("/dev/shm");
        directory = Files.isDirectory(shared) ? Files.createTempDirectory(shared, "isthmus-kill") : temporary;
        NodePool pool = TestPool.create(directory, WINDOW);
        rings = pool.allocateExtent(2 * NodePool.PAGE);
        area = HeapArea.create(pool, 3, 128 << 20);
        survivor = new RandomRank(area, 0, 1, new HandleRing(area.memory(), rings),
                new HandleRing(area.memory(), rings + NodePool.PAGE), random.nextLong());
    }

    @AfterEach
    void removeFile() throws IOException {
        if (child != null) {
            child.destroyForcibly();
        }
        Files.deleteIfExists(directory.resolve("segment"));
        Files.deleteIfExists(directory);
    }

    @ParameterizedTest
    @EnumSource(KillPoint.class)
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void killedAt(KillPoint point) throws Exception {
        assertTrue(killAt(point, random.nextInt(4), TimeUnit.MINUTES.toNanos(2)), "the point was not reached");
    }

    /**
     * Kills a rank when it has passed {@code point} so often, or after {@code patience} nanoseconds, for some points
     * are passed a few times in a life only. Whether it was at the point.
     */
    private boolean killAt(KillPoint point, int passes, long patience) throws Exception {
        boolean reaping = point.name().startsWith("REAP") || point.name().startsWith("ADOPT");
        CompletableFuture<String> at = start(point.name(), reaping ? 0 : passes);
        if (reaping) {
            leaveDeadHeap();
        }
        long start = System.nanoTime();
        while (!at.isDone() && System.nanoTime() - start < patience) {
            if (!reaping) {
                survivor.step();
            } else if (!survivor.receive()) {
                survivor.heap.flush();
            }
        }
        boolean reached = at.isDone();
        if (reached) {
            assertEquals("AT", at.get(), () -> "seed " + seed);
        }
        killAndRepair();
        return reached;
    }

    /** A third heap dies with slabs and runs of its own, of which it holds, has sent and has given some. */
    private void leaveDeadHeap() {
        RankHeap victim = RankHeap.open(area, 2, HeapOptions.of(DefaultLimits.snapshot()));
        for (int bytes : new int[] {100, 5000, 100_000, 5 << 20}) {
            for (int i = 0; i < 3; i++) {
                long handle = victim.allocate(bytes);
                if (handle != Handle.NONE && i == 1) {
                    victim.handOver(handle, 0);
                }
                if (handle != Handle.NONE && i == 2) {
                    victim.handOver(handle, 0);
                    long ignored = survivor.heap.accept(handle);
                    fromVictim.add(handle);
                }
            }
        }
        long toVictim = survivor.heap.allocate(700);
        if (toVictim != Handle.NONE) {
            survivor.heap.handOver(toVictim, 2);
        }
        assertTrue(area.markDead(2));
    }

    @Test
    void killedAtRandomMomentsAndPoints() throws Exception {
        KillPoint[] points = KillPoint.values();
        long received = 0;
        int reached = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            if (kill % SHOWN_EVERY == SHOWN_EVERY - 1) {
                LOG.log(System.Logger.Level.INFO, "{0} kills, {1} of them at a point, seed {2}", kill + 1, reached,
                        Long.toString(seed));
            }
            if (kill % 2 == 1) {
                reached += killAt(points[random.nextInt(points.length)], random.nextInt(40), PATIENCE_NANOS) ? 1 : 0;
                continue;
            }
            CompletableFuture<String> at = start("none", 0);
            long until = System.nanoTime() + random.nextInt(60_000_000);
            while (System.nanoTime() - until < 0) {
                survivor.step();
            }
            assertTrue(!at.isDone(), () -> "the child ended by itself, seed " + seed);
            killAndRepair();
            assertTrue(survivor.received >= received);
            received = survivor.received;
        }
        assertTrue(received > 0, "nothing was exchanged");
    }

    private CompletableFuture<String> start(String point, int passes) throws IOException {
        child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.isthmus.killpoints=true", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto",
                "-Xmx64m", "-cp", System.getProperty("java.class.path"), RandomRank.class.getName(),
                directory.resolve("segment").toString(), Long.toString(WINDOW), Long.toString(area.base()),
                Long.toString(rings), point, Integer.toString(passes), Long.toString(random.nextLong()))
                .redirectErrorStream(true).start();
        BufferedReader output = new BufferedReader(
                new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
        assertEquals("READY", output.readLine(), () -> "seed " + seed);
        return CompletableFuture.supplyAsync(() -> {
            try {
                String line = output.readLine();
                return line == null ? "ended" : line.equals("AT") ? line
                        : line + "\n" + output.lines().limit(8).toList();
            } catch (IOException killed) {
                return "ended";
            }
        });
    }

    private void killAndRepair() throws InterruptedException {
        child.destroyForcibly().waitFor();
        assertTrue(area.markDead(1));
        assertTrue(survivor.heap.reap(), () -> "seed " + seed);
        while (survivor.receive()) {
            Thread.onSpinWait();
        }
        survivor.heap.returnUndelivered();
        new HandleRing(area.memory(), rings).reset();
        new HandleRing(area.memory(), rings + NodePool.PAGE).reset();
        survivor.dropAll();
        fromVictim.forEach(survivor.heap::free);
        fromVictim.clear();
        survivor.heap.trim();
        survivor.heap.checkInvariants();
        HeapModel.requireAllFree(area);
    }
}
