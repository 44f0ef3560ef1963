package org.isthmus.node.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.isthmus.allocator.segment.SharedWords;
import org.isthmus.node.shm.ChildJvm;
import org.isthmus.node.shm.NodeSegment;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.shm.SegmentDescriptor;
import org.isthmus.node.status.NodeStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WaiterTest {
    private static final int ROUNDS = 500;

    @TempDir
    private Path directory;

    private Path file;
    private FileChannel channel;
    private NodeSegment segment;

    @BeforeEach
    void create() throws IOException {
        file = directory.resolve("node");
        channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        segment = NodeSegment.create(channel, 2, 1 << 20);
    }

    @AfterEach
    void close() throws IOException {
        channel.close();
    }

    @Test
    void spinsThenYieldsThenSleeps() {
        Waiter waiter =
                new Waiter(new NodeStatus(segment).counters(0), new SharedWords(segment.memory()), 2, 0, 3, 2, false);
        assertEquals(3, waiter.spins());
        for (int idle = 0; idle < 3; idle++) {
            assertFalse(waiter.idle(idle), "after " + idle);
        }
        assertTrue(waiter.idle(5));
        assertTrue(waiter.idle(Integer.MAX_VALUE));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void onlyASleeperIsWoken(boolean fenced) {
        RankEndpoint sleeper = endpoint(segment, 0, fenced);
        RankEndpoint sender = endpoint(segment, 1, fenced);
        sleeper.setHandler((source, header, payload) -> { });
        send(sender, 0, 1);
        assertEquals(0, word(SegmentDescriptor.WAKE_OFFSET));
        int ticket = sleeper.waiter().announceSleep();
        assertEquals(0, ticket);
        assertEquals(SegmentDescriptor.SLEEPING, word(SegmentDescriptor.ATTENTION_OFFSET));
        send(sender, 0, 2);
        assertEquals(1, word(SegmentDescriptor.WAKE_OFFSET));
        sleeper.waiter().sleep(ticket);
        sleeper.waiter().awake();
        assertEquals(0, word(SegmentDescriptor.ATTENTION_OFFSET));
        send(sender, 0, 3);
        assertEquals(1, word(SegmentDescriptor.WAKE_OFFSET));
        sleeper.waiter().wakeSelf();
        assertEquals(2, word(SegmentDescriptor.WAKE_OFFSET));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theFirstOfThoseWhoFindASleeperWakesItAlone(boolean fenced) throws IOException {
        Path rung = Files.createFile(directory.resolve("bell"));
        RankEndpoint sleeper = endpoint(segment, 0, fenced);
        RankEndpoint sender = endpoint(segment, 1, fenced);
        sender.waiter().setBell(0, Bell.open(rung.toString()).orElseThrow());
        for (int sleep = 1; sleep <= 3; sleep++) {
            sleeper.waiter().announceSleep();
            for (int record = 0; record < 5; record++) {
                send(sender, 0, record);
            }
            assertEquals(sleep, word(SegmentDescriptor.WAKE_OFFSET));
            assertEquals(sleep, Files.size(rung));
            sleeper.waiter().awake();
        }
    }

    @Test
    void aBellThatCannotBeOpenedIsNone() {
        assertTrue(Bell.open(directory.resolve("missing").resolve("bell").toString()).isEmpty());
        assertTrue(Bell.open("").isEmpty());
    }

    @Test
    void sleepingAndColdAreBitsOfOneWord() {
        Waiter waiter = endpoint(segment, 0, true).waiter();
        waiter.setCold(true);
        waiter.announceSleep();
        assertEquals(SegmentDescriptor.SLEEPING | SegmentDescriptor.COLD, word(SegmentDescriptor.ATTENTION_OFFSET));
        waiter.awake();
        assertEquals(SegmentDescriptor.COLD, word(SegmentDescriptor.ATTENTION_OFFSET));
        waiter.setCold(false);
        assertEquals(0, word(SegmentDescriptor.ATTENTION_OFFSET));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void threadsSleepAndWakeEachOther(boolean fenced) {
        CompletableFuture<Void> other =
                CompletableFuture.runAsync(() -> echo(segment, fenced), task -> new Thread(task).start());
        lead(segment, fenced, other);
        other.join();
    }

    @Test
    void processesSleepAndWakeEachOtherWithNativeAccess() throws IOException, InterruptedException {
        pingPong("--enable-native-access=ALL-UNNAMED");
    }

    /** The child sleeps by timer then, and prints nothing: no warning about restricted methods either. */
    @Test
    void processesSleepAndWakeEachOtherWithoutNativeAccess() throws IOException, InterruptedException {
        pingPong("-Xshare:auto");
    }

    private void pingPong(String option) throws IOException, InterruptedException {
        Process process = ChildJvm.builder(option, Echo.class.getName(), file.toString()).start();
        try {
            lead(segment, true, process.onExit());
            assertEquals("", ChildJvm.outputOf(process));
        } finally {
            process.destroyForcibly();
        }
    }

    private static void lead(NodeSegment segment, boolean fenced, CompletableFuture<?> other) {
        RankEndpoint endpoint = endpoint(segment, 0, fenced);
        int[] last = new int[1];
        endpoint.setHandler((source, header, payload) -> last[0] = RecordDescriptor.tag(header));
        for (int round = 1; round <= ROUNDS; round++) {
            int expected = round;
            send(endpoint, 1, round);
            await(endpoint, () -> last[0] == expected || other.isCompletedExceptionally());
            assertEquals(expected, last[0]);
        }
    }

    private static void echo(NodeSegment segment, boolean fenced) {
        RankEndpoint endpoint = endpoint(segment, 1, fenced);
        int[] last = new int[1];
        endpoint.setHandler((source, header, payload) -> last[0] = RecordDescriptor.tag(header));
        for (int round = 1; round <= ROUNDS; round++) {
            int expected = round;
            await(endpoint, () -> last[0] == expected);
            send(endpoint, 0, round);
        }
    }

    /** As the progress loop of a rank waits. */
    private static void await(RankEndpoint endpoint, BooleanSupplier done) {
        Waiter waiter = endpoint.waiter();
        int idle = 0;
        while (!done.getAsBoolean()) {
            if (endpoint.poll() > 0) {
                idle = 0;
            } else if (waiter.idle(idle)) {
                int ticket = waiter.announceSleep();
                if (endpoint.poll() == 0) {
                    waiter.sleep(ticket);
                }
                waiter.awake();
            } else {
                idle++;
            }
        }
    }

    private static void send(RankEndpoint endpoint, int to, int tag) {
        long payload = endpoint.link(to).claim(0);
        assertTrue(payload != PeerLink.BACK_PRESSURED);
        endpoint.link(to).publish(RecordDescriptor.header(1, 0, tag, 0));
    }

    private static RankEndpoint endpoint(NodeSegment segment, int rank, boolean oversubscribed) {
        return new RankEndpoint(segment, rank, new EndpointOptions(8192, 4, 1 << 18, 2, 2), oversubscribed);
    }

    private int word(long offset) {
        return segment.memory().get(ValueLayout.JAVA_INT, SegmentDescriptor.rankLine(2, 0) + offset);
    }

    /** The other process: segment's file. */
    static final class Echo {
        private Echo() {}

        public static void main(String[] args) throws IOException, InterruptedException {
            try (FileChannel channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.READ,
                    StandardOpenOption.WRITE)) {
                echo(NodeSegment.attach(channel, 2, TimeUnit.SECONDS.toNanos(30)), true);
            }
        }
    }
}
