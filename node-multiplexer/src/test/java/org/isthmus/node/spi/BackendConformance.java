package org.isthmus.node.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.isthmus.node.config.Settings;
import org.isthmus.node.wire.JobIdentification;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every backend must do; each has a subclass that names it. Both nodes are polled by the test's thread. Longer
 * than other classes, as it is the list of what the interface promises.
 */
@Timeout(120)
public abstract class BackendConformance {
    private static final int LIMIT = 64;

    private TestNode a;
    private TestNode b;
    private Channel ab;
    private Channel ba;

    protected abstract Backend backend();

    /** Settings of both nodes. */
    protected Map<String, String> settings() {
        return Map.of();
    }

    /**
     * Most bytes of a region in these tests that take time in proportion to it; for backends that are slow by nature.
     */
    protected int largeRegion() {
        return 5_000_001;
    }

    /** How many times a loop of frames runs. */
    protected int frames() {
        return 20_000;
    }

    protected final TestNode open(int node, String job, byte secretByte) throws IOException {
        byte[] secret = new byte[JobIdentification.MIN_SECRET_BYTES];
        secret[0] = secretByte;
        Properties properties = new Properties();
        settings().forEach(properties::setProperty);
        Settings settings = Settings.of(Map.of(), properties);
        return new TestNode(backend(), handler ->
                new EndpointContext(new JobIdentification(job, secret), node, 8, 0, settings, handler), 16 << 10);
    }

    /** Polls both until it holds. */
    protected final void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (Thread.interrupted()) {
                throw new AssertionError("timed out: " + a.closed + a.failures + b.closed + b.failures);
            }
            if (a.endpoint.poll(LIMIT) + b.endpoint.poll(LIMIT) == 0) {
                Thread.onSpinWait();
            }
        }
    }

    protected final TestNode nodeA() {
        return a;
    }

    protected final TestNode nodeB() {
        return b;
    }

    protected final Channel channelAtoB() {
        return ab;
    }

    protected final Channel channelBtoA() {
        return ba;
    }

    @BeforeEach
    void connect() throws IOException {
        a = open(0, "job", (byte) 1);
        b = open(1, "job", (byte) 1);
        ab = a.endpoint.connect(1, EndpointAddress.parse(b.endpoint.address().text()));
        until(() -> a.connected.containsKey(1) && b.connected.containsKey(0));
        assertEquals(ab, a.connected.get(1));
        ba = b.connected.get(0);
    }

    @AfterEach
    void abort() {
        a.endpoint.abort(); // nobody polls the peers any more, for whose goodbye a close would wait
        b.endpoint.abort();
    }

    @Test
    void connectAgainGivesTheSameChannel() {
        assertEquals(ab, a.endpoint.connect(1, b.endpoint.address()));
        assertEquals(ba, b.endpoint.connect(0, a.endpoint.address()));
        assertEquals(1, ab.peer());
        assertEquals(0, ba.peer());
        assertEquals(null, ab.failure());
    }

    @Test
    void theNodeOfTheHigherIndexMayBegin() throws IOException {
        TestNode c = open(2, "job", (byte) 1);
        Channel ca = c.endpoint.connect(0, a.endpoint.address());
        until(() -> {
            c.endpoint.poll(LIMIT);
            return c.connected.containsKey(0) && a.connected.containsKey(2);
        });
        assertEquals(ca, c.connected.get(0));
        c.endpoint.abort();
    }

    @Test
    void bothNodesMayBeginAtOnce() throws IOException {
        TestNode c = open(2, "job", (byte) 1);
        Channel ac = a.endpoint.connect(2, c.endpoint.address());
        Channel ca = c.endpoint.connect(0, a.endpoint.address());
        until(() -> {
            c.endpoint.poll(LIMIT);
            return c.connected.containsKey(0) && a.connected.containsKey(2);
        });
        assertEquals(ca, c.connected.get(0));
        assertEquals(ac, a.connected.get(2));
        assertEquals(Channel.ACCEPTED, a.trySendFrame(ac, 100));
        until(() -> {
            c.endpoint.poll(LIMIT);
            return c.framesReceived == 1;
        });
        c.endpoint.abort();
    }

    @Test
    void anotherSecretIsRefused() throws IOException {
        refused(open(2, "job", (byte) 2));
    }

    @Test
    void anotherJobIsRefused() throws IOException {
        refused(open(2, "other", (byte) 1));
    }

    private void refused(TestNode stranger) {
        a.endpoint.connect(2, stranger.endpoint.address());
        until(() -> {
            stranger.endpoint.poll(LIMIT);
            return a.failures.containsKey(2);
        });
        assertEquals(ChannelFailure.Cause.REFUSED, a.failures.get(2).cause());
        assertTrue(a.failures.get(2).description().contains("node 2"), a.failures.get(2).description());
        assertFalse(stranger.connected.containsKey(0));
        stranger.close();
    }

    @Test
    void framesArriveOnceAndInOrderBothWays() {
        Random random = new Random(11);
        int[] toSend = {frames(), frames()};
        until(() -> {
            while (toSend[0] > 0 && a.trySendFrame(ab, size(random)) == Channel.ACCEPTED) {
                toSend[0]--;
            }
            while (toSend[1] > 0 && b.trySendFrame(ba, size(random)) == Channel.ACCEPTED) {
                toSend[1]--;
            }
            return a.framesReceived == frames() && b.framesReceived == frames();
        });
        until(() -> a.framesReported == frames() && b.framesReported == frames());
        for (int i = 0; i < 100; i++) {
            a.endpoint.poll(LIMIT);
            b.endpoint.poll(LIMIT);
        }
        assertEquals(frames(), a.framesReceived);
        assertEquals(frames(), b.framesReceived);
    }

    @Test
    void theLargestFrameArrives() {
        int largest = a.endpoint.capabilities().maxFrame();
        TestNode.fill(a.memory, 0, largest, 0);
        until(() -> ab.trySend(a.region, 0, largest, 5) == Channel.ACCEPTED);
        until(() -> b.framesReceived == 1 && a.regionsSent.equals(List.of(5L)));
    }

    @Test
    void aPeerThatDoesNotPollPressesBackAndMemoryIsBounded() {
        long accepted = 0;
        long idle = 0;
        while (idle < 2_000) {
            int code = a.trySendFrame(ab, 16 << 10);
            accepted += code == Channel.ACCEPTED ? 1 : 0;
            idle = code == Channel.ACCEPTED ? 0 : idle + 1;
            a.endpoint.poll(LIMIT);
            assertTrue(accepted < 4_096, "64 MiB taken for a peer that does not poll");
        }
        assertEquals(accepted, a.framesSent());
        long all = accepted;
        until(() -> b.framesReceived == all);
        until(() -> a.trySendFrame(ab, 100) == Channel.ACCEPTED);
        until(() -> b.framesReceived == all + 1);
    }

    @Test
    void aRefusedFrameIsOfferedAgainAndHoldsUpNoRegion() {
        b.refusals = Integer.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            assertEquals(Channel.ACCEPTED, a.trySendFrame(ab, 1000));
        }
        TestNode.fill(a.memory, 0, 100_000, 9);
        assertEquals(Channel.ACCEPTED, ab.trySendRegion(a.region, 0, 100_000, 1));
        assertEquals(Channel.ACCEPTED, ba.tryReceiveRegion(b.region, 0, 100_000, 2));
        until(() -> b.regionsReceived.size() == 2);
        assertEquals(0, b.framesReceived);
        b.refusals = 5;
        until(() -> b.framesReceived == 3);
    }

    @Test
    void regionsFillTheirPlacesFirstInFirstOut() {
        int[] lengths = {1, 7, 4096, 524_287, 524_288, 524_289, largeRegion(), 3, 65_536};
        regions(lengths, true);
        regions(lengths, false);
    }

    private void regions(int[] lengths, boolean receiverFirst) {
        a.regionsSent.clear();
        b.regionsReceived.clear();
        b.memory.fill((byte) 0x55);
        int[] at = new int[lengths.length + 1];
        for (int i = 0; i < lengths.length; i++) {
            at[i + 1] = at[i] + lengths[i] + 13;
            TestNode.fill(a.memory, at[i], lengths[i], 100 + i);
        }
        for (int half = 0; half < 2; half++) {
            for (int i = 0; i < lengths.length; i++) {
                int code = receiverFirst == (half == 0) ? ba.tryReceiveRegion(b.region, at[i], lengths[i] + 5, 1000 + i)
                        : ab.trySendRegion(a.region, at[i], lengths[i], 2000 + i);
                assertEquals(Channel.ACCEPTED, code);
            }
        }
        until(() -> a.regionsSent.size() == lengths.length && b.regionsReceived.size() == 2 * lengths.length);
        for (int i = 0; i < lengths.length; i++) {
            assertEquals(2000 + i, a.regionsSent.get(i));
            assertEquals(1000 + i, b.regionsReceived.get(2 * i));
            assertEquals(lengths[i], b.regionsReceived.get(2 * i + 1));
            TestNode.verify(b.memory, at[i], lengths[i], 100 + i);
            for (int gap = at[i] + lengths[i]; gap < at[i + 1]; gap++) {
                assertEquals(0x55, b.memory.get(ValueLayout.JAVA_BYTE, gap), "past the end of " + i);
            }
        }
    }

    @Test
    void windowsAreAsWideAsTheCapabilitiesSay() {
        Capabilities capabilities = a.endpoint.capabilities();
        for (int i = 0; i < capabilities.sendWindow(); i++) {
            assertEquals(Channel.ACCEPTED, ab.trySendRegion(a.region, i, 1, i));
        }
        assertEquals(Channel.BACK_PRESSURED, ab.trySendRegion(a.region, 0, 1, 99));
        for (int i = 0; i < capabilities.receiveWindow(); i++) {
            assertEquals(Channel.ACCEPTED, ba.tryReceiveRegion(b.region, i, 1, i));
        }
        assertEquals(Channel.BACK_PRESSURED, ba.tryReceiveRegion(b.region, 0, 1, 99));
        until(() -> a.regionsSent.size() == capabilities.sendWindow());
        until(() -> b.regionsReceived.size() == 2 * capabilities.sendWindow());
        assertEquals(Channel.ACCEPTED, ab.trySendRegion(a.region, 0, 1, 7));
        until(() -> b.regionsReceived.size() == 2 * capabilities.sendWindow() + 2);
    }

    @Test
    void frameOvertakesARegionWithoutAPlace() {
        assertEquals(Channel.ACCEPTED, ab.trySendRegion(a.region, 0, 1 << 20, 1));
        assertEquals(Channel.ACCEPTED, a.trySendFrame(ab, 64));
        until(() -> b.framesReceived == 1);
        assertEquals(List.of(), a.regionsSent);
    }

    @Test
    void aRegionLongerThanItsPlaceFailsBothEnds() {
        assertEquals(Channel.ACCEPTED, ba.tryReceiveRegion(b.region, 0, 1000, 1));
        assertEquals(Channel.ACCEPTED, ab.trySendRegion(a.region, 0, 1001, 2));
        until(() -> a.failures.containsKey(1) && b.failures.containsKey(0));
        assertEquals(ChannelFailure.Cause.REGION_TOO_LONG, a.failures.get(1).cause());
        assertTrue(a.failures.get(1).description().contains("1001"), a.failures.get(1).description());
        assertEquals(ChannelFailure.Cause.REGION_TOO_LONG, b.failures.get(0).cause());
        assertEquals(Channel.FAILED, ab.trySendRegion(a.region, 0, 1, 3));
    }

    @Test
    void aLostPeerIsNamed() {
        assertEquals(Channel.ACCEPTED, ab.trySendRegion(a.region, 0, 1 << 20, 1));
        assertEquals(Channel.ACCEPTED, ab.tryReceiveRegion(a.region, 0, 1 << 20, 1));
        b.endpoint.abort();
        until(() -> a.failures.containsKey(1));
        ChannelFailure failure = a.failures.get(1);
        assertEquals(ChannelFailure.Cause.PEER_LOST, failure.cause());
        assertTrue(failure.description().contains("node 1"), failure.description());
        assertEquals(failure, ab.failure());
        assertEquals(Channel.FAILED, a.trySendFrame(ab, 8));
        assertEquals(Channel.FAILED, ab.tryReceiveRegion(a.region, 0, 1, 1));
        assertEquals(List.of(1), a.closed);
    }

    @Test
    void noEndpointAtTheAddressIsNamed() throws IOException {
        TestNode c = open(2, "job", (byte) 1);
        EndpointAddress gone = c.endpoint.address();
        c.close();
        a.endpoint.connect(2, gone);
        until(() -> a.failures.containsKey(2));
        assertEquals(ChannelFailure.Cause.UNREACHABLE, a.failures.get(2).cause());
        assertTrue(a.failures.get(2).description().contains("node 2"), a.failures.get(2).description());
    }

    @Test
    void closeDeliversWhatWasAccepted() {
        int sent = 0;
        while (sent < 300 && a.trySendFrame(ab, 500) == Channel.ACCEPTED) {
            sent++;
        }
        TestNode.fill(a.memory, 0, 700_000, 3);
        assertEquals(Channel.ACCEPTED, ba.tryReceiveRegion(b.region, 0, 700_000, 1));
        for (int i = 0; i < 200; i++) {
            b.endpoint.poll(0);
            a.endpoint.poll(LIMIT);
        }
        assertEquals(Channel.ACCEPTED, ab.trySendRegion(a.region, 0, 700_000, 1));
        ab.close();
        assertEquals(Channel.CLOSED, a.trySendFrame(ab, 8));
        until(() -> a.closed.contains(1) && b.closed.contains(0));
        assertEquals(sent, b.framesReceived);
        assertEquals(List.of(1L, 700_000L), b.regionsReceived);
        TestNode.verify(b.memory, 0, 700_000, 3);
        assertEquals(Map.of(), a.failures);
        assertEquals(Map.of(), b.failures);
        assertEquals(Channel.CLOSED, b.trySendFrame(ba, 8));
    }

    @Test
    void closingAnEndpointClosesItsChannelsInOrder() {
        assertEquals(Channel.ACCEPTED, b.trySendFrame(ba, 500));
        CompletableFuture<Void> closing = CompletableFuture.runAsync(b::close);
        while (!closing.isDone() || !a.closed.contains(1)) {
            if (Thread.interrupted()) {
                throw new AssertionError("timed out: " + a.closed + a.failures);
            }
            a.endpoint.poll(LIMIT);
        }
        closing.join();
        assertEquals(1, a.framesReceived);
        assertEquals(Map.of(), a.failures);
        assertEquals(Map.of(), b.failures);
    }

    @Test
    void argumentsOutOfRangeAreNamed() {
        int maxFrame = a.endpoint.capabilities().maxFrame();
        assertThrows(IllegalArgumentException.class, () -> ab.trySend(a.region, 0, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> ab.trySend(a.region, -1, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> ab.trySend(a.region, TestNode.MEMORY_BYTES, 1, 1));
        assertThrows(IllegalArgumentException.class,
                () -> ab.trySendRegion(a.region, 1, a.endpoint.capabilities().maxRegion() + 1, 1));
        assertThrows(IllegalArgumentException.class, () -> ab.tryReceiveRegion(a.region, 1, Long.MAX_VALUE, 1));
        IllegalArgumentException tooLong =
                assertThrows(IllegalArgumentException.class, () -> ab.trySend(a.region, 0, maxFrame + 1, 1));
        assertTrue(tooLong.getMessage().contains("" + maxFrame), tooLong.getMessage());
        assertThrows(IllegalArgumentException.class, () -> a.endpoint.register(MemorySegment.ofArray(new long[4])));
        assertThrows(IllegalArgumentException.class, () -> a.endpoint.connect(0, a.endpoint.address()));
        assertThrows(IllegalArgumentException.class, () -> a.endpoint.connect(8, a.endpoint.address()));
        EndpointAddress foreign = new EndpointAddress("another", new byte[8]);
        assertThrows(IllegalArgumentException.class, () -> a.endpoint.connect(3, foreign));
    }

    @Test
    void awaitEndsByWakeupAndByArrival() throws InterruptedException {
        if (!a.endpoint.capabilities().events()) {
            return;
        }
        Thread waker = new Thread(a.endpoint::wakeup);
        waker.start();
        a.endpoint.await(Long.MAX_VALUE);
        waker.join();
        assertEquals(Channel.ACCEPTED, b.trySendFrame(ba, 10));
        while (a.framesReceived == 0) {
            b.endpoint.poll(LIMIT);
            a.endpoint.await(1_000_000_000L);
            a.endpoint.poll(LIMIT);
        }
    }

    private boolean has(Capabilities.OneSided level) {
        return a.endpoint.capabilities().oneSided().compareTo(level) >= 0;
    }

    @Test
    void oneSidedCopiesNeedNothingOfThePeer() {
        if (!has(Capabilities.OneSided.COPIES)) {
            UnsupportedOperationException refusal = assertThrows(UnsupportedOperationException.class, b.region::remote);
            assertTrue(refusal.getMessage().contains("Capabilities.oneSided"), refusal.getMessage());
            RemoteRegion some = new RemoteRegion(0, 64, 1);
            assertThrows(UnsupportedOperationException.class, () -> ab.tryWrite(a.region, 0, 8, some, 0, 1));
            assertThrows(UnsupportedOperationException.class, () -> ab.tryRead(a.region, 0, 8, some, 0, 1));
            return;
        }
        RemoteRegion remote = b.region.remote();
        int bytes = Channel.MAX_ONE_SIDED;
        long[] offsets = {1, 3L * bytes, 5L * bytes + 3};
        int[] lengths = {1, bytes, 1001};
        for (int i = 0; i < lengths.length; i++) {
            TestNode.fill(a.memory, offsets[i], lengths[i], i);
            assertEquals(Channel.ACCEPTED, ab.tryWrite(a.region, offsets[i], lengths[i], remote, offsets[i] + 5, i));
        }
        for (int i = 0; i < lengths.length; i++) {
            assertEquals(Channel.ACCEPTED,
                    ab.tryRead(a.region, 8L * bytes + offsets[i], lengths[i], remote, offsets[i] + 5, 10 + i));
        }
        until(a, () -> a.done.size() == 2 * lengths.length);
        assertEquals(List.of(0L, 1L, 2L, 10L, 11L, 12L), a.done);
        for (int i = 0; i < lengths.length; i++) {
            TestNode.verify(b.memory, offsets[i] + 5, lengths[i], i);
            TestNode.verify(a.memory, 8L * bytes + offsets[i], lengths[i], i);
        }
        assertEquals(List.of(), b.done);
    }

    /** Polls that node alone. */
    private static void until(TestNode node, BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (Thread.interrupted()) {
                throw new AssertionError("timed out: " + node.closed + node.failures + node.done);
            }
            node.endpoint.poll(LIMIT);
        }
    }

    @Test
    void oneSidedAtomicsGiveWhatWasThere() {
        if (!has(Capabilities.OneSided.ATOMICS)) {
            RemoteRegion some = new RemoteRegion(0, 64, 1);
            assertThrows(UnsupportedOperationException.class, () -> ab.tryFetchAdd(a.region, 0, some, 0, 1, 1));
            assertThrows(UnsupportedOperationException.class, () -> ab.tryCompareSwap(a.region, 0, some, 0, 1, 2, 1));
            return;
        }
        RemoteRegion remote = b.region.remote();
        b.memory.set(ValueLayout.JAVA_LONG, 64, 100);
        assertEquals(Channel.ACCEPTED, ab.tryFetchAdd(a.region, 0, remote, 64, -30, 1));
        assertEquals(Channel.ACCEPTED, ab.tryFetchAdd(a.region, 8, remote, 64, 5, 2));
        assertEquals(Channel.ACCEPTED, ab.tryCompareSwap(a.region, 16, remote, 64, 75, 1L << 40, 3));
        assertEquals(Channel.ACCEPTED, ab.tryCompareSwap(a.region, 24, remote, 64, 75, 9, 4));
        until(a, () -> a.done.size() == 4);
        assertEquals(List.of(1L, 2L, 3L, 4L), a.done);
        assertEquals(List.of(100L, 70L, 75L, 1L << 40), LongStream.of(0, 8, 16, 24)
                .mapToObj(at -> a.memory.get(ValueLayout.JAVA_LONG, at)).toList());
        assertEquals(1L << 40, b.memory.get(ValueLayout.JAVA_LONG, 64));
        IllegalArgumentException unaligned = assertThrows(IllegalArgumentException.class,
                () -> ab.tryFetchAdd(a.region, 0, remote, 12, 1, 1));
        assertTrue(unaligned.getMessage().contains("12"), unaligned.getMessage());
    }

    @Test
    void oneSidedOperationsPressBackAndPassNoFrames() {
        if (!has(Capabilities.OneSided.COPIES)) {
            return;
        }
        RemoteRegion remote = b.region.remote();
        long accepted = 0;
        while (ab.tryWrite(a.region, 8 * accepted, 8, remote, 8 * accepted, accepted) == Channel.ACCEPTED) {
            accepted++;
            assertTrue(accepted < 1 << 20, "no bound");
        }
        long all = accepted;
        assertEquals(Channel.ACCEPTED, a.trySendFrame(ab, 64));
        until(() -> a.done.size() == all && b.framesReceived == 1);
        assertEquals(LongStream.range(0, all).boxed().toList(), a.done);
        assertEquals(Channel.ACCEPTED, ab.tryWrite(a.region, 0, 8, remote, 0, 7));
    }

    @Test
    void oneSidedBoundsAreCheckedHereAndThere() {
        if (!has(Capabilities.OneSided.COPIES)) {
            return;
        }
        RemoteRegion remote = b.region.remote();
        assertThrows(IllegalArgumentException.class, () -> ab.tryWrite(a.region, 0, 0, remote, 0, 1));
        assertThrows(IllegalArgumentException.class,
                () -> ab.tryWrite(a.region, 0, Channel.MAX_ONE_SIDED + 1, remote, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> ab.tryRead(a.region, 0, 8, remote, remote.bytes() - 7, 1));
        assertThrows(IllegalArgumentException.class, () -> ab.tryRead(a.region, -1, 8, remote, 0, 1));
        RemoteRegion pretended = new RemoteRegion(remote.address(), remote.bytes() + 4096, remote.key());
        assertEquals(Channel.ACCEPTED, ab.tryWrite(a.region, 0, 8, pretended, remote.bytes() - 4, 1));
        until(() -> a.failures.containsKey(1));
        assertEquals(ChannelFailure.Cause.BAD_FRAME, a.failures.get(1).cause());
        assertEquals(List.of(), a.done);
        assertEquals(Channel.FAILED, ab.tryWrite(a.region, 0, 8, remote, 0, 1));
    }

    @Test
    void closeCompletesOneSidedOperations() {
        if (!has(Capabilities.OneSided.COPIES)) {
            return;
        }
        for (int i = 0; i < 10; i++) {
            TestNode.fill(a.memory, 10_000L * i, 9_999, i);
            assertEquals(Channel.ACCEPTED,
                    ab.tryWrite(a.region, 10_000L * i, 9_999, b.region.remote(), 10_000L * i, i));
        }
        ab.close();
        until(() -> a.closed.contains(1) && b.closed.contains(0));
        assertEquals(10, a.done.size());
        for (int i = 0; i < 10; i++) {
            TestNode.verify(b.memory, 10_000L * i, 9_999, i);
        }
    }

    /** What is in a watched pipe ends a sleep and is read; otherwise the owner is told that it is not watched. */
    @Test
    void awaitEndsByAWatchedPipe() throws Exception {
        List<Path> before = openPipes();
        Pipe pipe = Pipe.open();
        try (Pipe.SourceChannel source = pipe.source(); Pipe.SinkChannel sink = pipe.sink()) {
            source.configureBlocking(false);
            int descriptor = -1;
            for (Path file : openPipes()) {
                boolean reads = Files.readAllLines(Path.of("/proc/self/fdinfo").resolve(file.getFileName())).stream()
                        .anyMatch(line -> line.matches("flags:\\s+[0-7]*0"));
                if (!before.contains(file) && reads) {
                    descriptor = Integer.parseInt(file.getFileName().toString());
                }
            }
            assertTrue(descriptor >= 0, "the pipe's reading end is among this process's files");
            if (!a.endpoint.watch(source, descriptor)) {
                return;
            }
            for (int round = 0; round < 3; round++) {
                sink.write(ByteBuffer.allocate(600));
                a.endpoint.await(Long.MAX_VALUE);
                while (a.endpoint.poll(LIMIT) > 0) {
                    Thread.onSpinWait();
                }
            }
            a.endpoint.wakeup();
            a.endpoint.await(Long.MAX_VALUE);
            assertEquals(0, source.read(ByteBuffer.allocate(1)), "it was read empty");
        }
    }

    private static List<Path> openPipes() throws IOException {
        List<Path> pipes = new ArrayList<>();
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            for (Path file : all.toList()) {
                if (Files.isSymbolicLink(file) && Files.readSymbolicLink(file).toString().startsWith("pipe:")) {
                    pipes.add(file);
                }
            }
        }
        return pipes;
    }

    @Test
    void aMixOfFramesAndRegionsBothWaysKeepsItsBytes() {
        Mixer fromA = new Mixer(a, ab, b, ba, new Random(5));
        Mixer fromB = new Mixer(b, ba, a, ab, new Random(6));
        until(() -> fromA.step() & fromB.step());
    }

    @Test
    void theServiceLoaderFindsIt() {
        assertEquals(backend().getClass(), Backends.named(backend().name()).getClass());
        assertNotNull(assertThrows(IllegalArgumentException.class, () -> Backends.named("nothing")).getMessage());
    }

    private static int size(Random random) {
        return random.nextInt(10) == 0 ? random.nextInt(16 << 10) : random.nextInt(200);
    }

    /** Sends 60 regions of one direction, with frames between, and checks each when it has arrived. */
    private static final class Mixer {
        private static final int REGIONS = 60;
        private static final int STRIDE = 900_000;
        private final TestNode from;
        private final Channel out;
        private final TestNode to;
        private final Channel in;
        private final Random random;
        private final int[] lengths = new int[REGIONS];
        private int sent;
        private int placed;
        private int checked;
        private int framesLeft = 3_000;

        Mixer(TestNode from, Channel out, TestNode to, Channel in, Random random) {
            this.from = from;
            this.out = out;
            this.to = to;
            this.in = in;
            this.random = random;
            for (int i = 0; i < REGIONS; i++) {
                lengths[i] = 1 + random.nextInt(random.nextBoolean() ? 300 : STRIDE - 1);
            }
        }

        /** True when everything of this direction has arrived. */
        boolean step() {
            // odd strides are the places to receive into, even ones those sent from; 4 of each are in use at a time
            if (sent < REGIONS && sent < from.regionsSent.size() + 4) {
                TestNode.fill(from.memory, at(sent, 0), lengths[sent], sent);
                sent += out.trySendRegion(from.region, at(sent, 0), lengths[sent], sent) == Channel.ACCEPTED ? 1 : 0;
            }
            if (placed < REGIONS && placed < checked + 4 && random.nextBoolean()) {
                placed += in.tryReceiveRegion(to.region, at(placed, 1), STRIDE - 100, placed) == Channel.ACCEPTED ? 1
                        : 0;
            }
            if (framesLeft > 0 && from.trySendFrame(out, size(random)) == Channel.ACCEPTED) {
                framesLeft--;
            }
            while (to.regionsReceived.size() > 2 * checked) {
                assertEquals(checked, to.regionsReceived.get(2 * checked));
                assertEquals(lengths[checked], to.regionsReceived.get(2 * checked + 1));
                TestNode.verify(to.memory, at(checked, 1), lengths[checked], checked);
                checked++;
            }
            return checked == REGIONS && framesLeft == 0 && to.framesReceived == from.framesSent();
        }

        private static int at(int number, int side) {
            return (number % 4 * 2 + side) * STRIDE;
        }
    }
}
