package org.isthmus.node.connect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.isthmus.allocator.slab.SizeClasses;
import org.isthmus.node.shm.RecordDescriptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames between jobs: right ones arrive, wrong ones end the connection. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FrameReaderTest {
    private static final int INLINE = 1;
    private static final int WITH_BLOCK = 2;
    private static final int BLOCK_AT = 8192;

    private final MemorySegment memory = Arena.ofAuto().allocate(1 << 18, 64);
    private final InboundQueue queue = new InboundQueue();
    private SocketChannel sender;
    private SocketChannel receiver;

    @BeforeEach
    void connect() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            sender = SocketChannel.open(server.getLocalAddress());
            receiver = server.accept();
        }
    }

    @AfterEach
    void disconnect() throws IOException {
        sender.close();
        receiver.close();
    }

    private FrameReader.End read(FrameReader reader) throws InterruptedException {
        return reader.readAll(5, queue, () -> {});
    }

    private ByteBuffer record(int kind, int payloadBytes, long blockBytes) {
        for (int i = 0; i < payloadBytes; i++) {
            memory.set(ValueLayout.JAVA_BYTE, i, (byte) i);
        }
        if (kind == WITH_BLOCK) {
            memory.set(ValueLayout.JAVA_LONG, Long.BYTES, blockBytes);
            for (int i = 0; i < blockBytes; i++) {
                memory.set(ValueLayout.JAVA_BYTE, BLOCK_AT + i, (byte) (7 * i));
            }
        }
        return Frame.record(memory, RecordDescriptor.header(kind, 6, 9, payloadBytes), 0, BLOCK_AT);
    }

    @Test
    void recordsArriveWholeAndInOrder() throws Exception {
        Thread writer = Thread.ofVirtual().start(() -> {
            try {
                Frame.write(sender, Frame.text("a card"));
                for (int i = 0; i < 20; i++) {
                    Frame.write(sender, record(INLINE, i, 0));
                }
                Frame.write(sender, record(WITH_BLOCK, 24, 100_000));
                Frame.write(sender, Frame.sign(Frame.GOODBYE));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        FrameReader reader = new FrameReader(receiver);
        assertEquals("a card", reader.card());
        assertEquals(FrameReader.End.GOODBYE, read(reader));
        writer.join();
        for (int i = 0; i < 20; i++) {
            InboundRecord record = queue.peek();
            assertEquals(i, record.payload().length);
            assertEquals(RecordDescriptor.header(INLINE, 6, 9, i), record.header());
            assertEquals(5, record.source());
            queue.remove();
        }
        byte[] block = new byte[100_000];
        for (int i = 0; i < block.length; i++) {
            block[i] = (byte) (7 * i);
        }
        assertArrayEquals(block, queue.peek().block());
        queue.remove();
        assertNull(queue.peek());
    }

    @Test
    void endsAreToldApart() throws Exception {
        Frame.write(sender, Frame.sign(Frame.LEFT));
        assertEquals(FrameReader.End.LEFT, read(new FrameReader(receiver)));
        Frame.write(sender, Frame.failed(42, "why"));
        FrameReader failed = new FrameReader(receiver);
        assertEquals(FrameReader.End.FAILED, read(failed));
        assertEquals(42, failed.exitCode());
        assertEquals("why", failed.description());
        sender.close();
        assertEquals(FrameReader.End.BROKEN, read(new FrameReader(receiver)));
    }

    @Test
    void anEndInTheMiddleOfARecordIsBroken() throws Exception {
        ByteBuffer frame = record(WITH_BLOCK, 24, 1000);
        Frame.write(sender, frame.slice(0, frame.remaining() - 1));
        sender.close();
        assertEquals(FrameReader.End.BROKEN, read(new FrameReader(receiver)));
        assertNull(queue.peek());
    }

    @ParameterizedTest
    @ValueSource(bytes = {0, 5, -1, 127})
    void unknownFramesBreakTheConnection(byte kind) throws Exception {
        Frame.write(sender, Frame.sign(kind));
        FrameReader reader = new FrameReader(receiver);
        assertEquals(FrameReader.End.BROKEN, read(reader));
        assertTrue(reader.description().contains("kind " + kind), reader.description());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, RecordDescriptor.KIND_JOB_FAILED, RecordDescriptor.KIND_RING_CREATED,
        RecordDescriptor.KIND_PADDING})
    void reservedKindsBreakTheConnection(int kind) throws Exception {
        Frame.write(sender, record(kind, 8, 0));
        FrameReader reader = new FrameReader(receiver);
        assertEquals(FrameReader.End.BROKEN, read(reader));
        assertTrue(reader.description().contains("header"), reader.description());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, (1 << 20) + 65, Long.MAX_VALUE, Long.MIN_VALUE})
    void wrongBlockLengthsBreakTheConnection(long bytes) throws Exception {
        assertEquals((1 << 20) + 64, SizeClasses.MAX_BYTES);
        Frame.write(sender, Frame.allocate(33).put(Frame.RECORD)
                .putLong(RecordDescriptor.header(WITH_BLOCK, 0, 0, 24)).putLong(0).putLong(bytes).putLong(0).flip());
        FrameReader reader = new FrameReader(receiver);
        assertEquals(FrameReader.End.BROKEN, read(reader));
        assertTrue(reader.description().contains("block of " + bytes), reader.description());
    }

    @Test
    void aBlockNeedsItsWords() throws Exception {
        Frame.write(sender, Frame.allocate(17).put(Frame.RECORD)
                .putLong(RecordDescriptor.header(WITH_BLOCK, 0, 0, 8)).putLong(0).flip());
        assertEquals(FrameReader.End.BROKEN, read(new FrameReader(receiver)));
    }

    @Test
    void aLongTextBreaksTheConnection() throws Exception {
        Frame.write(sender, Frame.allocate(9).put(Frame.FAILED).putInt(1).putInt(Integer.MAX_VALUE).flip());
        assertEquals(FrameReader.End.BROKEN, read(new FrameReader(receiver)));
    }

    @Test
    void readersWaitWhileTheQueueIsFull() throws Exception {
        byte[] much = new byte[(int) InboundQueue.LIMIT];
        queue.put(new InboundRecord(0, 1, much, null));
        queue.put(new InboundRecord(0, 2, new byte[1], null));
        Thread blocked = Thread.ofVirtual().start(() -> {
            try {
                queue.put(new InboundRecord(0, 3, new byte[1], null));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        while (blocked.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        queue.remove();
        blocked.join();
        assertEquals(2, queue.peek().header());
        queue.remove();
        assertEquals(3, queue.peek().header());
        queue.close();
        assertNull(queue.peek());
        queue.put(new InboundRecord(0, 4, new byte[1], null));
        assertNull(queue.peek());
    }
}
