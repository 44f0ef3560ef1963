package org.isthmus.node.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class FrameFlyweightTest {
    private static final int AT = 5;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64).order(ByteOrder.LITTLE_ENDIAN);
    private final FrameFlyweight frame = new FrameFlyweight().wrap(buffer, AT);

    private void write(byte type, int length, long sequence, long acknowledged, int credits) {
        frame.fill(type, length, sequence).seal(acknowledged, credits);
    }

    private BadFrame check() {
        return frame.check(1000, 50);
    }

    /** Puts the right checksum after the header was changed by hand. */
    private BadFrame checkAfterResealing() {
        CRC32C crc = new CRC32C();
        crc.update(buffer.duplicate().position(AT).limit(AT + FrameDescriptor.CHECKSUM_OFFSET));
        buffer.putInt(AT + FrameDescriptor.CHECKSUM_OFFSET, (int) crc.getValue());
        return check();
    }

    @Test
    void bytesOnTheWire() {
        write(FrameDescriptor.TYPE_CHUNK, 0x01020304, 0x1112131415161718L, 0x2122232425262728L, 0x31323334);
        byte[] bytes = new byte[FrameDescriptor.HEADER_BYTES];
        buffer.get(AT, bytes);
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, 28);
        assertEquals("4953" + "01" + "02" + "04030201" + "1817161514131211" + "2827262524232221" + "34333231"
                + HexFormat.of().toHexDigits(Integer.reverseBytes((int) crc.getValue())),
                HexFormat.of().formatHex(bytes));
        assertEquals(32, FrameDescriptor.HEADER_BYTES);
        assertEquals(0, buffer.get(AT - 1));
        assertEquals(0, buffer.get(AT + 32));
    }

    @Test
    void fieldsComeBack() {
        write(FrameDescriptor.TYPE_PLACE, 77, 8, 9, 10);
        assertNull(check());
        assertEquals(FrameDescriptor.TYPE_PLACE, frame.type());
        assertEquals(77, frame.length());
        assertEquals(8, frame.sequence());
        assertEquals(9, frame.acknowledged());
        assertEquals(10, frame.credits());
        assertEquals("frame of type 3, 77 bytes, sequence 8, acknowledged 9, credits 10", frame.toString());
    }

    @Test
    void everyFieldIsCheckedAgainstItsRange() {
        write((byte) 1, 1000, Long.MAX_VALUE, 50, FrameDescriptor.MAX_CREDITS);
        assertNull(check());
        write((byte) 0, 0, 0, 0, 0);
        assertEquals(BadFrame.TYPE, check());
        write((byte) (FrameDescriptor.MAX_TYPE + 1), 0, 0, 0, 0);
        assertEquals(BadFrame.TYPE, check());
        write((byte) 1, 1001, 0, 0, 0);
        assertEquals(BadFrame.LENGTH, check());
        write((byte) 1, -1, 0, 0, 0);
        assertEquals(BadFrame.LENGTH, check());
        write((byte) 1, 0, -1, 0, 0);
        assertEquals(BadFrame.SEQUENCE, check());
        write((byte) 1, 0, 0, 51, 0);
        assertEquals(BadFrame.ACKNOWLEDGED, check());
        write((byte) 1, 0, 0, -1, 0);
        assertEquals(BadFrame.ACKNOWLEDGED, check());
        write((byte) 1, 0, 0, 0, FrameDescriptor.MAX_CREDITS + 1);
        assertEquals(BadFrame.CREDITS, check());
        write((byte) 1, 0, 0, 0, -1);
        assertEquals(BadFrame.CREDITS, check());
    }

    @Test
    void magicAndVersionComeFirst() {
        write((byte) 1, 0, 0, 0, 0);
        buffer.put(AT + FrameDescriptor.VERSION_OFFSET, (byte) 2);
        assertEquals(BadFrame.VERSION, checkAfterResealing());
        buffer.put(AT, (byte) 0);
        assertEquals(BadFrame.MAGIC, checkAfterResealing());
    }

    @Test
    void noFlippedBitPasses() {
        for (int bit = 0; bit < 8 * FrameDescriptor.HEADER_BYTES; bit++) {
            write((byte) 1, 500, 3, 4, 5);
            int at = AT + bit / 8;
            buffer.put(at, (byte) (buffer.get(at) ^ 1 << bit % 8));
            assertNotEquals(null, check(), "bit " + bit);
        }
    }
}
