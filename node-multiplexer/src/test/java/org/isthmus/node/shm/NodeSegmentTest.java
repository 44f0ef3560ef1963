package org.isthmus.node.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NodeSegmentTest {
    private static final long WINDOW = 64 << 20;
    private static final long LONG_WAIT = TimeUnit.SECONDS.toNanos(50);
    private static final long SHORT_WAIT = TimeUnit.MILLISECONDS.toNanos(20);

    @TempDir
    private Path directory;

    private FileChannel channel;

    @BeforeEach
    void open() throws IOException {
        channel = FileChannel.open(directory.resolve("segment"), StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }

    @AfterEach
    void close() throws IOException {
        channel.close();
    }

    @Test
    void attachedSegmentIsTheCreatedOne() throws Exception {
        NodeSegment created = NodeSegment.create(channel, 3, WINDOW);
        NodeSegment attached = NodeSegment.attach(channel, 3, LONG_WAIT);
        assertEquals(WINDOW, attached.memory().byteSize());
        assertEquals(3, attached.ranks());
        long extent = created.pool().allocateExtent(100);
        assertTrue(created.isExtent(extent, 4096));
        assertFalse(created.isExtent(extent, 4097), "not handed out yet");
        assertFalse(created.isExtent(extent - 4096, 4096), "the heaps'");
        assertFalse(created.isExtent(extent, -1));
        assertEquals(created.heaps().base(), attached.heaps().base());
        assertEquals(6, attached.heaps().heaps());
        assertTrue(created.heaps().superpages() * 2L << 20 <= WINDOW / 4 * 3);
        created.memory().set(ValueLayout.JAVA_LONG, extent, 42);
        assertEquals(42, attached.memory().get(ValueLayout.JAVA_LONG, extent));
        assertEquals(extent + 4096, attached.pool().allocateExtent(1));
        assertEquals(extent + 8192, created.pool().used());
    }

    @Test
    void everyMailboxIsUsable() throws Exception {
        NodeSegment segment = NodeSegment.create(channel, 40, WINDOW);
        for (int rank = 0; rank < 40; rank++) {
            Mailbox mailbox = new Mailbox(segment.memory(), SegmentDescriptor.mailbox(40, rank));
            for (int i = 0; i < MailboxDescriptor.CELLS; i++) {
                assertTrue(mailbox.claim(i) > 0);
                mailbox.publish(i, RecordDescriptor.header(1, 0, rank, 0));
            }
            assertEquals(Mailbox.FULL, mailbox.claim(0));
        }
        for (int rank = 0; rank < 40; rank++) {
            assertEquals(rank, RecordDescriptor.tag(
                    new Mailbox(segment.memory(), SegmentDescriptor.mailbox(40, rank)).next()));
        }
    }

    @Test
    void aWindowTooSmallForTheFixedPartGrows() throws Exception {
        NodeSegment segment = NodeSegment.create(channel, 64, 1);
        assertTrue(segment.memory().byteSize() >= 2 * SegmentDescriptor.fixedBytes(64));
        assertTrue(segment.pool().allocateExtent(4096) > 0);
    }

    @Test
    void attachWaitsForAnEmptyFile() throws Exception {
        CompletableFuture<NodeSegment> attached = attachLater();
        Thread.sleep(30);
        assertFalse(attached.isDone());
        NodeSegment.create(channel, 2, WINDOW);
        assertEquals(2, attached.get().ranks());
    }

    @Test
    void attachWaitsForTheVersionWord() throws Exception {
        NodeSegment created = NodeSegment.create(channel, 2, WINDOW);
        created.memory().set(ValueLayout.JAVA_INT, SegmentDescriptor.VERSION_OFFSET, 0);
        CompletableFuture<NodeSegment> attached = attachLater();
        Thread.sleep(30);
        assertFalse(attached.isDone());
        created.memory().set(ValueLayout.JAVA_INT, SegmentDescriptor.VERSION_OFFSET, SegmentDescriptor.VERSION);
        assertEquals(2, attached.get().ranks());
    }

    @Test
    void aCreatorThatNeverGetsReadyIsATimeOut() throws Exception {
        assertTimesOut();
        channel.write(ByteBuffer.allocate(100), 0);
        assertTimesOut();
        channel.write(ByteBuffer.allocate(8192), 0);
        assertTimesOut();
        channel.write(longAt(SegmentDescriptor.MAGIC), SegmentDescriptor.MAGIC_OFFSET);
        assertTimesOut();
    }

    private void assertTimesOut() {
        IOException error = assertThrows(IOException.class, () -> NodeSegment.attach(channel, 2, SHORT_WAIT));
        assertTrue(error.getMessage().contains("not ready in time") && error.getMessage().contains("local rank 0"),
                error.getMessage());
    }

    @Test
    void refusesAnotherMagicVersionOrNumberOfRanks() throws Exception {
        NodeSegment created = NodeSegment.create(channel, 2, WINDOW);
        assertRefused(3, "ranks 2 where", "4, 3 were expected", "same isthmus.jar");
        created.memory().set(ValueLayout.JAVA_INT, SegmentDescriptor.VERSION_OFFSET, 99);
        assertRefused(2, "version 99", "4, 2 were expected", "same isthmus.jar");
        created.memory().set(ValueLayout.JAVA_INT, SegmentDescriptor.VERSION_OFFSET, SegmentDescriptor.VERSION);
        created.memory().set(ValueLayout.JAVA_LONG, SegmentDescriptor.MAGIC_OFFSET, 0xbadL);
        assertRefused(2, "magic bad", "495354484d5553", "same isthmus.jar");
    }

    @Test
    void refusesATruncatedFile() throws Exception {
        NodeSegment created = NodeSegment.create(channel, 2, WINDOW);
        channel.truncate(8192);
        assertRefused(2, "truncated", "8192 bytes", String.valueOf(WINDOW));
        assertEquals(8192, channel.size());
        channel.write(longAt(4096), SegmentDescriptor.WINDOW_OFFSET);
        assertRefused(2, "truncated", "the header says 4096");
        assertEquals(2, created.ranks());
    }

    private void assertRefused(int ranks, String... parts) {
        IOException error = assertThrows(IOException.class, () -> NodeSegment.attach(channel, ranks, LONG_WAIT));
        for (String part : parts) {
            assertTrue(error.getMessage().contains(part), error.getMessage());
        }
    }

    private static ByteBuffer longAt(long value) {
        return ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(0, value);
    }

    private CompletableFuture<NodeSegment> attachLater() {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return NodeSegment.attach(channel, 2, LONG_WAIT);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }, task -> new Thread(task).start());
    }
}
