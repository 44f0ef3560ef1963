package org.isthmus.tcpx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.isthmus.node.wire.BadFrame;
import org.isthmus.node.wire.SessionKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sealed records arrive whole and in order, or not at all. */
@Timeout(60)
class SealedChannelTest {
    private static final byte[] A = new byte[32];
    private static final byte[] B =
            {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
        12, 13, 14, 15, 16};
    private static final SessionKeys OURS = new SessionKeys(A, B);
    private static final SessionKeys THEIRS = new SessionKeys(B, A);
    private static final byte[] TEXT = "the bytes of one frame".getBytes(StandardCharsets.UTF_8);

    /** What goes over the wire for so many records of {@link #TEXT}. */
    private static byte[] records(int count) throws IOException {
        try (SocketPair sockets = SocketPair.open()) {
            SealedChannel sender = new SealedChannel(sockets.out(), OURS);
            for (int i = 0; i < count; i++) {
                assertEquals(TEXT.length, sender.write(ByteBuffer.wrap(TEXT)));
            }
            ByteBuffer wire =
                    ByteBuffer.allocate(count * (SealedChannel.LENGTH_BYTES + TEXT.length + SealedChannel.TAG_BYTES));
            while (wire.hasRemaining()) {
                sockets.in().read(wire);
            }
            return wire.array();
        }
    }

    /** Bytes that a receiver gets from the wire before its end; throws as the receiver does. */
    static int receive(byte[] wire) throws IOException {
        try (SocketPair sockets = SocketPair.open()) {
            SealedChannel receiver = new SealedChannel(sockets.in(), THEIRS);
            ByteBuffer rest = ByteBuffer.wrap(wire);
            ByteBuffer got = ByteBuffer.allocateDirect(wire.length + 1);
            int count = 0;
            while (count >= 0) {
                if (!sockets.out().socket().isOutputShutdown()) {
                    sockets.out().write(rest);
                    if (!rest.hasRemaining()) {
                        sockets.out().shutdownOutput();
                    }
                }
                count = receiver.read(got);
            }
            return got.position();
        }
    }

    @Test
    void bytesOfAnySizeArriveThroughAFullSocket() throws IOException {
        byte[] sent = new byte[5_000_000];
        new Random(4).nextBytes(sent);
        Random sizes = new Random(5);
        try (SocketPair sockets = SocketPair.open()) {
            sockets.out().setOption(StandardSocketOptions.SO_SNDBUF, 64 << 10);
            sockets.in().setOption(StandardSocketOptions.SO_RCVBUF, 64 << 10);
            SealedChannel sender = new SealedChannel(sockets.out(), OURS);
            SealedChannel receiver = new SealedChannel(sockets.in(), THEIRS);
            ByteBuffer source = ByteBuffer.wrap(sent);
            ByteBuffer target = ByteBuffer.allocateDirect(sent.length);
            boolean wasFull = false;
            for (int turn = 0; target.hasRemaining(); turn++) {
                source.limit(Math.min(sent.length, source.position() + 1 + sizes.nextInt(200_000)));
                ByteBuffer half = source.slice(source.position(), source.remaining() / 2);
                long taken = sender.write(new ByteBuffer[] {half, source.slice(source.position() + half.limit(),
                        source.remaining() - half.limit())});
                source.position(source.position() + (int) taken);
                wasFull |= !sender.flush();
                while (turn % 8 == 7 && target.hasRemaining()) {
                    int position = target.position();
                    target.limit(Math.min(sent.length, position + 1 + sizes.nextInt(50_000)));
                    int count = receiver.read(target);
                    target.limit(sent.length);
                    assertEquals(position + count, target.position());
                    if (count == 0) {
                        break;
                    }
                }
            }
            assertEquals(-1, target.flip().mismatch(ByteBuffer.wrap(sent)));
            assertTrue(wasFull, "the socket was never full");
            assertFalse(receiver.hasBuffered());
        }
    }

    @Test
    void nothingOfTheBytesIsOnTheWire() throws IOException {
        byte[] wire = records(2);
        String seen = new String(wire, StandardCharsets.ISO_8859_1);
        assertFalse(seen.contains("bytes"));
        int record = wire.length / 2;
        assertFalse(Arrays.equals(Arrays.copyOf(wire, record), Arrays.copyOfRange(wire, record, wire.length)));
        assertEquals(2 * TEXT.length, receive(wire));
    }

    private static void refused(byte[] wire) {
        assertEquals(BadFrame.SEAL, assertThrows(BadFrameException.class, () -> receive(wire)).frameCause());
    }

    @Test
    void aChangedBitAnywhereIsSeen() throws IOException {
        byte[] good = records(1);
        for (int bit = 8 * SealedChannel.LENGTH_BYTES; bit < 8 * good.length; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            refused(bad);
        }
    }

    @Test
    void aChangedLengthIsSeen() throws IOException {
        byte[] shorter = records(2);
        shorter[0]--;
        refused(shorter);
        for (int length : new int[] {0, -1, Integer.MIN_VALUE, SealedChannel.RECORD_BYTES + 1, Integer.MAX_VALUE}) {
            byte[] bad = records(1);
            ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN).putInt(0, length);
            assertEquals(BadFrame.LENGTH, assertThrows(BadFrameException.class, () -> receive(bad)).frameCause());
        }
    }

    @Test
    void recordsThatAreRepeatedLeftOutOrExchangedAreSeen() throws IOException {
        byte[] wire = records(3);
        int record = wire.length / 3;
        byte[] repeated = wire.clone();
        System.arraycopy(wire, 0, repeated, record, record);
        refused(repeated);
        refused(Arrays.copyOfRange(wire, record, wire.length));
        byte[] exchanged = wire.clone();
        System.arraycopy(wire, 2 * record, exchanged, record, record);
        System.arraycopy(wire, record, exchanged, 2 * record, record);
        refused(exchanged);
    }

    @Test
    void whatThisSideSentIsNotTakenBack() throws IOException {
        byte[] wire = records(1);
        try (SocketPair sockets = SocketPair.open()) {
            SealedChannel itself = new SealedChannel(sockets.in(), OURS);
            sockets.out().write(ByteBuffer.wrap(wire));
            ByteBuffer got = ByteBuffer.allocateDirect(100);
            assertThrows(BadFrameException.class, () -> {
                while (itself.read(got) == 0) {
                    Thread.onSpinWait();
                }
            });
        }
    }
}
