package org.isthmus.node.connect;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.isthmus.node.endpoint.BlockRecordDescriptor;
import org.isthmus.node.endpoint.RemoteRecordDescriptor;
import org.isthmus.node.shm.RecordDescriptor;

/**
 * What travels between processes of different jobs, little-endian. Each direction of a pair has a socket of its own,
 * opened by the sender; the way back on it carries LEFT and FAILED only.
 *
 * <pre>
 *  CARD     length u32 | UTF-8        first on a socket: who sends
 *  RECORD   1 u8 | header u64 | payload | bytes of the block, if the kind carries one
 *  GOODBYE  2 u8                      the sender has no communicator with the receiver any more
 *  LEFT     3 u8                      the process has called MPI.Finalize
 *  FAILED   4 u8 | exit code u32 | length u32 | UTF-8
 * </pre>
 */
final class Frame {
    static final byte RECORD = 1;
    static final byte GOODBYE = 2;
    static final byte LEFT = 3;
    static final byte FAILED = 4;

    private static final int MOST_TEXT_BYTES = 64 << 10;

    private Frame() {}

    /**
     * A record whose payload, and block, lie in {@code memory}.
     *
     * @param block where its block begins; not looked at if the kind carries none
     */
    static ByteBuffer record(MemorySegment memory, long header, long payload, long block) {
        int payloadBytes = RecordDescriptor.payloadBytes(header);
        int blockBytes = RemoteRecordDescriptor.carriesBlock(RecordDescriptor.kind(header))
                ? (int) memory.get(ValueLayout.JAVA_LONG, payload + BlockRecordDescriptor.BYTES_OFFSET) : 0;
        ByteBuffer frame = allocate(1 + Long.BYTES + payloadBytes + blockBytes).put(RECORD).putLong(header);
        copy(memory, payload, frame, payloadBytes);
        copy(memory, block, frame, blockBytes);
        return frame.flip();
    }

    private static void copy(MemorySegment memory, long from, ByteBuffer to, int bytes) {
        MemorySegment.copy(memory, from, MemorySegment.ofArray(to.array()), to.position(), bytes);
        to.position(to.position() + bytes);
    }

    /** GOODBYE or LEFT. */
    static ByteBuffer sign(byte kind) {
        return allocate(1).put(kind).flip();
    }

    static ByteBuffer failed(int exitCode, String description) {
        ByteBuffer text = text(description);
        return allocate(1 + Integer.BYTES + text.remaining()).put(FAILED).putInt(exitCode).put(text).flip();
    }

    /** Length and bytes of a text, which is cut at a limit. */
    static ByteBuffer text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, MOST_TEXT_BYTES);
        return allocate(Integer.BYTES + length).putInt(length).put(bytes, 0, length).flip();
    }

    static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    static void write(SocketChannel channel, ByteBuffer frame) throws IOException {
        while (frame.hasRemaining()) {
            channel.write(frame);
        }
    }

    /** Checks the length of a text that came over the wire. */
    static int checkedTextBytes(int length) throws IOException {
        if (length < 0 || length > MOST_TEXT_BYTES) {
            throw new IOException("a text of " + length + " bytes where at most " + MOST_TEXT_BYTES + " can come");
        }
        return length;
    }
}
