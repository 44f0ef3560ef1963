package org.isthmus.node.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * A view of a frame's header in a buffer. One thread uses it; it is wrapped again for every frame and allocates nothing
 * while the buffer stays the same object.
 */
public final class FrameFlyweight {
    private final CRC32C crc = new CRC32C();
    private ByteBuffer wrapped;
    private ByteBuffer bytes;
    private int at;

    /** Looks at the 32 bytes from {@code offset} of {@code buffer}, whose position and limit do not matter. */
    public FrameFlyweight wrap(ByteBuffer buffer, int offset) {
        if (buffer != wrapped) {
            wrapped = buffer;
            bytes = buffer.duplicate().clear().order(ByteOrder.LITTLE_ENDIAN);
        }
        at = offset;
        return this;
    }

    /** Writes all fields but {@link #acknowledge}'s, which {@link #seal} completes. */
    public FrameFlyweight fill(byte type, int length, long sequence) {
        bytes.putShort(at + FrameDescriptor.MAGIC_OFFSET, FrameDescriptor.MAGIC);
        bytes.put(at + FrameDescriptor.VERSION_OFFSET, FrameDescriptor.VERSION);
        bytes.put(at + FrameDescriptor.TYPE_OFFSET, type);
        bytes.putInt(at + FrameDescriptor.LENGTH_OFFSET, length);
        bytes.putLong(at + FrameDescriptor.SEQUENCE_OFFSET, sequence);
        return this;
    }

    /** Writes what may differ each time that a frame is sent, and the checksum. */
    public void seal(long acknowledged, int credits) {
        bytes.putLong(at + FrameDescriptor.ACKNOWLEDGED_OFFSET, acknowledged);
        bytes.putInt(at + FrameDescriptor.CREDITS_OFFSET, credits);
        bytes.putInt(at + FrameDescriptor.CHECKSUM_OFFSET, checksum());
    }

    public byte type() {
        return bytes.get(at + FrameDescriptor.TYPE_OFFSET);
    }

    public int length() {
        return bytes.getInt(at + FrameDescriptor.LENGTH_OFFSET);
    }

    public long sequence() {
        return bytes.getLong(at + FrameDescriptor.SEQUENCE_OFFSET);
    }

    public long acknowledged() {
        return bytes.getLong(at + FrameDescriptor.ACKNOWLEDGED_OFFSET);
    }

    public int credits() {
        return bytes.getInt(at + FrameDescriptor.CREDITS_OFFSET);
    }

    /**
     * What is wrong with the header; null if nothing is. Nothing else of a received frame may be read before.
     *
     * @param maxLength most bytes of a body
     * @param maxAcknowledged sequence number of the last frame that was sent to the peer
     */
    public BadFrame check(int maxLength, long maxAcknowledged) {
        if (bytes.getShort(at + FrameDescriptor.MAGIC_OFFSET) != FrameDescriptor.MAGIC) {
            return BadFrame.MAGIC;
        } else if (bytes.get(at + FrameDescriptor.VERSION_OFFSET) != FrameDescriptor.VERSION) {
            return BadFrame.VERSION;
        } else if (bytes.getInt(at + FrameDescriptor.CHECKSUM_OFFSET) != checksum()) {
            return BadFrame.CHECKSUM;
        } else if (type() < 1 || type() > FrameDescriptor.MAX_TYPE) {
            return BadFrame.TYPE;
        } else if (length() < 0 || length() > maxLength) {
            return BadFrame.LENGTH;
        } else if (sequence() < 0) {
            return BadFrame.SEQUENCE;
        } else if (acknowledged() < 0 || acknowledged() > maxAcknowledged) {
            return BadFrame.ACKNOWLEDGED;
        } else if (credits() < 0 || credits() > FrameDescriptor.MAX_CREDITS) {
            return BadFrame.CREDITS;
        }
        return null;
    }

    private int checksum() {
        crc.reset();
        crc.update(bytes.limit(at + FrameDescriptor.CHECKSUM_OFFSET).position(at));
        bytes.clear();
        return (int) crc.getValue();
    }

    @Override
    public String toString() {
        return "frame of type " + type() + ", " + length() + " bytes, sequence " + sequence() + ", acknowledged "
                + acknowledged() + ", credits " + credits();
    }
}
