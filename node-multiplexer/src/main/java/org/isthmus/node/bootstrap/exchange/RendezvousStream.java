package org.isthmus.node.bootstrap.exchange;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One connection of a {@link RendezvousServer} as typed fields, big-endian. Each read ends at the deadline in force,
 * however slowly the other side sends; each length is checked before memory is taken for it.
 *
 * <pre>
 *   server: CHALLENGE  magic:8 version:4 serverNonce:32
 *   client: HELLO      magic:8 version:4 job:32 rank:4 size:4 attempt:4 clientNonce:32 mac:32
 *   server: WELCOME 1  mac:32                                   or REFUSED 2  reason:text
 *   client: FENCE 3    count:4 (key:text value:bytes)*          server, when all ranks have sent it: FENCED 4
 *   client: GET 5      key:text                                 server: VALUES 6  (present:1 [value:bytes])*size
 *   client: GOODBYE 7                                           server, at any time: FAILED 8  reason:text
 * </pre>
 *
 * mac = {@link org.isthmus.node.wire.SharedSecret#proof}(label, version ‖ job ‖ rank ‖ size ‖ attempt ‖ serverNonce ‖
 * clientNonce), label "isthmus rendezvous client" or "… server"; job = SHA-256 of the job id; text and bytes =
 * length:4 and so many bytes.
 */
final class RendezvousStream implements AutoCloseable {
    static final long MAGIC = 0x4953_5448_4d55_5352L; // "ISTHMUSR"
    static final int VERSION = 2;
    static final byte WELCOME = 1;
    static final byte REFUSED = 2;
    static final byte FENCE = 3;
    static final byte FENCED = 4;
    static final byte GET = 5;
    static final byte VALUES = 6;
    static final byte GOODBYE = 7;
    static final byte FAILED = 8;
    static final int MAX_PAIRS = 1024;
    private static final int MAX_REASON = 2048;

    private final Socket socket;
    private final DataInputStream input;
    private final DataOutputStream output;
    /** Null: wait for ever. */
    private volatile Deadline deadline;

    RendezvousStream(Socket socket, Deadline deadline) throws IOException {
        this.socket = socket;
        this.deadline = deadline;
        socket.setTcpNoDelay(true);
        socket.setKeepAlive(true);
        input = new DataInputStream(new BufferedInputStream(new BoundedInput(socket.getInputStream())));
        output = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    }

    void waitUntil(Deadline limit) {
        deadline = limit;
    }

    /** Bytes that came; never more than asked for and never after the deadline. */
    private final class BoundedInput extends InputStream {
        private final InputStream source;

        BoundedInput(InputStream source) {
            this.source = source;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            Deadline limit = deadline;
            if (limit != null && limit.passed()) {
                throw new SocketTimeoutException("no answer in time");
            }
            socket.setSoTimeout(limit == null ? 0 : limit.millisLeft());
            return source.read(bytes, offset, length);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }
    }

    byte readByte() throws IOException {
        return input.readByte();
    }

    int readInt() throws IOException {
        return input.readInt();
    }

    long readLong() throws IOException {
        return input.readLong();
    }

    byte[] readExactly(int count) throws IOException {
        byte[] bytes = input.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("the connection ended");
        }
        return bytes;
    }

    byte[] readBytes(int most) throws IOException {
        int length = input.readInt();
        if (length < 0 || length > most) {
            throw new IOException("a field says that it has " + length + " bytes, at most " + most + " are allowed");
        }
        return readExactly(length);
    }

    String readKey() throws IOException {
        return new String(readBytes(Exchange.MAX_KEY), StandardCharsets.UTF_8);
    }

    String readReason() throws IOException {
        return new String(readBytes(MAX_REASON), StandardCharsets.UTF_8);
    }

    RendezvousStream writeByte(int value) throws IOException {
        output.writeByte(value);
        return this;
    }

    RendezvousStream writeInt(int value) throws IOException {
        output.writeInt(value);
        return this;
    }

    RendezvousStream writeLong(long value) throws IOException {
        output.writeLong(value);
        return this;
    }

    RendezvousStream writeRaw(byte[] bytes) throws IOException {
        output.write(bytes);
        return this;
    }

    RendezvousStream writeBytes(byte[] bytes) throws IOException {
        output.writeInt(bytes.length);
        output.write(bytes);
        return this;
    }

    RendezvousStream writeText(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return writeBytes(bytes.length <= MAX_REASON ? bytes : Arrays.copyOf(bytes, MAX_REASON));
    }

    void flush() throws IOException {
        output.flush();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // nothing of it is used any more
        }
    }
}
