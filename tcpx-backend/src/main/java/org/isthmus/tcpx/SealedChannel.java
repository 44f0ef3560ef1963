package org.isthmus.tcpx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.isthmus.node.wire.BadFrame;
import org.isthmus.node.wire.SessionKeys;

/**
 * A non-blocking socket whose bytes travel in sealed records: {@code length 4 | encrypted bytes | tag 16}, AES-256-GCM.
 * Each direction has a key of its own, and the nonce is the number of the record in it, which is not sent: a record
 * that was changed, left out, repeated or moved fails its tag. The length is authenticated too. The owner's thread uses
 * it.
 *
 * <p>What {@link #write} has taken may wait here: {@link #flush} until it says true. What has come may wait here too:
 * {@link #hasBuffered}.
 */
final class SealedChannel implements GatheringByteChannel, ReadableByteChannel {
    /** Most bytes in a record. */
    static final int RECORD_BYTES = 32 << 10;
    static final int LENGTH_BYTES = 4;
    static final int TAG_BYTES = 16;
    private static final int NONCE_BYTES = 12;

    private final SocketChannel socket;
    private final SecretKeySpec outKey;
    private final SecretKeySpec inKey;
    private final Cipher sealing = cipher();
    private final Cipher opening = cipher();
    private final ByteBuffer out = allocate().limit(0);
    private final ByteBuffer in = allocate();
    private final ByteBuffer plain = ByteBuffer.allocateDirect(RECORD_BYTES).limit(0);
    private final ByteBuffer nonce = ByteBuffer.allocate(NONCE_BYTES);
    private long sealed;
    private long opened;

    SealedChannel(SocketChannel socket, SessionKeys keys) {
        this.socket = socket;
        this.outKey = new SecretKeySpec(keys.outgoing(), "AES");
        this.inKey = new SecretKeySpec(keys.incoming(), "AES");
    }

    private static ByteBuffer allocate() {
        return ByteBuffer.allocateDirect(LENGTH_BYTES + RECORD_BYTES + TAG_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static Cipher cipher() {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES/GCM", e);
        }
    }

    private void begin(Cipher cipher, int mode, SecretKeySpec key, long number, ByteBuffer length)
            throws GeneralSecurityException {
        nonce.putLong(NONCE_BYTES - Long.BYTES, number);
        cipher.init(mode, key, new GCMParameterSpec(8 * TAG_BYTES, nonce.array()));
        cipher.updateAAD(length);
    }

    // ---------------------------------------------------------------- out

    /** Takes as many bytes as go out at once, and at most a record more. */
    @Override
    public int write(ByteBuffer source) throws IOException {
        int taken = 0;
        while (source.hasRemaining() && flush()) {
            int length = Math.min(source.remaining(), RECORD_BYTES);
            int limit = source.limit();
            seal(source.limit(source.position() + length), length);
            source.limit(limit);
            taken += length;
        }
        flush();
        return taken;
    }

    private void seal(ByteBuffer source, int length) {
        try {
            out.clear().putInt(length);
            begin(sealing, Cipher.ENCRYPT_MODE, outKey, sealed++, out.duplicate().flip());
            sealing.doFinal(source, out);
            out.flip();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing " + length + " bytes", e);
        }
    }

    /** Writes what was taken; false if the socket takes no more now. */
    boolean flush() throws IOException {
        if (out.hasRemaining()) {
            socket.write(out);
        }
        return !out.hasRemaining();
    }

    /** Whether something that was taken is not out. */
    boolean hasUnsent() {
        return out.hasRemaining();
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        long taken = 0;
        for (int i = offset; i < offset + length; i++) {
            taken += write(sources[i]);
            if (sources[i].hasRemaining()) {
                break;
            }
        }
        return taken;
    }

    @Override
    public long write(ByteBuffer[] sources) throws IOException {
        return write(sources, 0, sources.length);
    }

    // ---------------------------------------------------------------- in

    /** Whether a read may give bytes though nothing more comes through the socket. */
    boolean hasBuffered() {
        return plain.hasRemaining() || isWhole();
    }

    private boolean isWhole() {
        return in.position() >= LENGTH_BYTES && in.position() >= LENGTH_BYTES + in.getInt(0) + TAG_BYTES;
    }

    /** @throws BadFrameException for a record that is not the peer's next */
    @Override
    public int read(ByteBuffer target) throws IOException {
        if (!plain.hasRemaining()) {
            if (!isWhole()) {
                int count = socket.read(in);
                if (count < 0) {
                    return -1;
                }
                if (in.position() >= LENGTH_BYTES && (in.getInt(0) <= 0 || in.getInt(0) > RECORD_BYTES)) {
                    throw new BadFrameException(BadFrame.LENGTH,
                            "sealed record " + opened + " of " + in.getInt(0) + " bytes");
                } else if (!isWhole()) {
                    return 0;
                }
            }
            open();
        }
        int count = Math.min(plain.remaining(), target.remaining());
        target.put(target.position(), plain, plain.position(), count).position(target.position() + count);
        plain.position(plain.position() + count);
        return count;
    }

    private void open() throws BadFrameException {
        int length = in.getInt(0);
        int filled = in.position();
        int end = LENGTH_BYTES + length + TAG_BYTES;
        try {
            begin(opening, Cipher.DECRYPT_MODE, inKey, opened++, in.duplicate().clear().limit(LENGTH_BYTES));
            opening.doFinal(in.duplicate().clear().limit(end).position(LENGTH_BYTES), plain.clear());
            plain.flip();
        } catch (AEADBadTagException e) {
            plain.limit(0);
            throw new BadFrameException(BadFrame.SEAL, "sealed record " + (opened - 1) + " of " + length + " bytes");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("opening " + length + " bytes", e);
        }
        in.limit(filled).position(end);
        in.compact();
        if (in.position() >= LENGTH_BYTES && (in.getInt(0) <= 0 || in.getInt(0) > RECORD_BYTES)) {
            throw new BadFrameException(BadFrame.LENGTH, "sealed record " + opened + " of " + in.getInt(0) + " bytes");
        }
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
