package org.isthmus.node.connect;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import org.isthmus.allocator.slab.SizeClasses;
import org.isthmus.node.endpoint.BlockRecordDescriptor;
import org.isthmus.node.endpoint.RemoteRecordDescriptor;
import org.isthmus.node.shm.RecordDescriptor;

/** Takes frames ({@link Frame}) from a socket and checks them; blocks. Used by one reading thread. */
final class FrameReader {
    private static final int BUFFER_BYTES = 64 << 10;

    /** How a socket came to its end. */
    enum End { GOODBYE, LEFT, FAILED, BROKEN }

    private final ReadableByteChannel channel;
    private final ByteBuffer buffer = Frame.allocate(BUFFER_BYTES).flip();
    private int exitCode;
    private String description = "the connection ended";

    /** @param channel in blocking mode */
    FrameReader(ReadableByteChannel channel) {
        this.channel = channel;
    }

    /** After {@link End#FAILED}: the exit code that the peer named. */
    int exitCode() {
        return exitCode;
    }

    /** After {@link End#FAILED} or {@link End#BROKEN}: what happened. */
    String description() {
        return description;
    }

    /** The first message of a socket: the sender's card. */
    String card() throws IOException {
        return text();
    }

    /** Hands records on until the sender ends it, or the socket breaks. */
    End readAll(int source, InboundQueue sink, Runnable afterRecord) throws InterruptedException {
        try {
            while (true) {
                byte kind = need(1).get();
                switch (kind) {
                    case Frame.RECORD -> {
                        sink.put(record(source));
                        afterRecord.run();
                    }
                    case Frame.GOODBYE -> {
                        return End.GOODBYE;
                    }
                    case Frame.LEFT -> {
                        return End.LEFT;
                    }
                    case Frame.FAILED -> {
                        exitCode = need(Integer.BYTES).getInt();
                        description = text();
                        return End.FAILED;
                    }
                    default -> throw new IOException("a frame of kind " + kind + ", which there is not");
                }
            }
        } catch (IOException e) {
            description = e instanceof EOFException ? "its end of the connection is closed" : e.toString();
            return End.BROKEN;
        }
    }

    private InboundRecord record(int source) throws IOException {
        long header = need(Long.BYTES).getLong();
        int kind = RecordDescriptor.kind(header);
        boolean withBlock = RemoteRecordDescriptor.carriesBlock(kind);
        int payloadBytes = RecordDescriptor.payloadBytes(header);
        if (kind == 0 || kind >= RecordDescriptor.KIND_JOB_FAILED || RecordDescriptor.tag(header) < 0
                || withBlock && payloadBytes < BlockRecordDescriptor.BLOCK_BYTES) {
            throw new IOException("a record with header " + Long.toHexString(header) + ", which is none");
        }
        byte[] payload = new byte[payloadBytes];
        fill(payload);
        if (!withBlock) {
            return new InboundRecord(source, header, payload, null);
        }
        long blockBytes = Frame.allocate(payloadBytes).put(payload).getLong(BlockRecordDescriptor.BYTES_OFFSET);
        if (blockBytes <= 0 || blockBytes > SizeClasses.MAX_BYTES) {
            throw new IOException("a block of " + blockBytes + " bytes; it must have 1 to " + SizeClasses.MAX_BYTES);
        }
        byte[] block = new byte[(int) blockBytes];
        fill(block);
        return new InboundRecord(source, header, payload, block);
    }

    private String text() throws IOException {
        byte[] bytes = new byte[Frame.checkedTextBytes(need(Integer.BYTES).getInt())];
        fill(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The buffer, with at least {@code bytes} to be read. */
    private ByteBuffer need(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            buffer.compact();
            while (buffer.position() < bytes) {
                more(buffer);
            }
            buffer.flip();
        }
        return buffer;
    }

    private void fill(byte[] bytes) throws IOException {
        int had = Math.min(bytes.length, buffer.remaining());
        buffer.get(bytes, 0, had);
        ByteBuffer rest = ByteBuffer.wrap(bytes, had, bytes.length - had);
        while (rest.hasRemaining()) {
            more(rest);
        }
    }

    private void more(ByteBuffer into) throws IOException {
        if (channel.read(into) < 0) {
            throw new EOFException();
        }
    }
}
