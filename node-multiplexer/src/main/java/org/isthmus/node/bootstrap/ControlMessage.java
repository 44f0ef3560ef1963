package org.isthmus.node.bootstrap;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;

/**
 * What local rank 0 and the other ranks of a node tell each other over the control socket. A message on the wire is
 * {@code int length | byte type | body of length bytes}, big-endian; {@link ControlConnection} frames, this class knows
 * the bodies.
 */
sealed interface ControlMessage {
    /** First word of every hello. */
    int MAGIC = 0x49535448;
    /** Version of these messages; a hello with another one is refused. */
    int VERSION = 3;
    /** Longest body that is accepted. */
    int MAX_BODY = 64 << 10;
    int HASH_BYTES = 32;
    /** Longest text in a body, with room for the numbers before it. */
    int MAX_TEXT = MAX_BODY - 64;

    /** To rank 0, first: who is calling. */
    record Hello(int magic, int version, byte[] jobHash, int rank, int localRank, int size, long pid,
            ProcessorSet processors) implements ControlMessage {
        static final byte TYPE = 1;
        static final int BYTES_BEFORE_PROCESSORS = 4 + 4 + HASH_BYTES + 12 + 8;

        @Override
        public ByteBuffer encode() {
            byte[] bits = processors.numbers().toByteArray();
            return frame(TYPE, ByteBuffer.allocate(BYTES_BEFORE_PROCESSORS + bits.length).putInt(magic).putInt(version)
                    .put(jobHash, 0, HASH_BYTES).putInt(rank).putInt(localRank).putInt(size).putLong(pid).put(bits)
                    .array());
        }
    }

    /** Messages without a body. */
    enum Signal implements ControlMessage {
        /** From rank 0: the hello is accepted, open the segment. */
        WELCOME(2),
        /** To rank 0: I have the segment open. */
        OPENED(4),
        /** Both ways: the sender leaves in order, the end of its connection is no failure. */
        GOODBYE(7);

        private final byte type;

        Signal(int type) {
            this.type = (byte) type;
        }

        @Override
        public ByteBuffer encode() {
            return frame(type, new byte[0]);
        }
    }

    /** From rank 0: all have the segment open and its name is gone; together they have so many processors. */
    record Go(int processors) implements ControlMessage {
        static final byte TYPE = 5;
        static final int BYTES = 4;

        @Override
        public ByteBuffer encode() {
            return frame(TYPE, ByteBuffer.allocate(BYTES).putInt(processors).array());
        }
    }

    /** From rank 0: the hello is not accepted. */
    record Refused(String reason) implements ControlMessage {
        static final byte TYPE = 3;

        @Override
        public ByteBuffer encode() {
            return frame(TYPE, text(reason));
        }
    }

    /** Both ways: a rank failed. */
    record Failed(int rank, int exitCode, String description) implements ControlMessage {
        static final byte TYPE = 6;
        static final int BYTES_BEFORE_TEXT = 8;

        @Override
        public ByteBuffer encode() {
            byte[] text = text(description);
            return frame(TYPE, ByteBuffer.allocate(BYTES_BEFORE_TEXT + text.length).putInt(rank).putInt(exitCode)
                    .put(text).array());
        }
    }

    /** From rank 0, in a job that survives losses: a rank ended without leaving. */
    record Lost(int rank, String description) implements ControlMessage {
        static final byte TYPE = 8;
        static final int BYTES_BEFORE_TEXT = 4;

        @Override
        public ByteBuffer encode() {
            byte[] text = text(description);
            return frame(TYPE, ByteBuffer.allocate(BYTES_BEFORE_TEXT + text.length).putInt(rank).put(text).array());
        }
    }

    /** From rank 0, in a job that survives losses: the process ids of all, by rank, should rank 0 be the one lost. */
    record Members(long[] pids) implements ControlMessage {
        static final byte TYPE = 9;

        @Override
        public ByteBuffer encode() {
            ByteBuffer body = ByteBuffer.allocate(Long.BYTES * pids.length);
            body.asLongBuffer().put(pids);
            return frame(TYPE, body.array());
        }
    }

    /** From rank 0: the process of a local rank has ended without leaving; the kernel has closed its connection. */
    record Dead(int localRank) implements ControlMessage {
        static final byte TYPE = 10;
        static final int BYTES = 4;

        @Override
        public ByteBuffer encode() {
            return frame(TYPE, ByteBuffer.allocate(BYTES).putInt(localRank).array());
        }
    }

    /** The message with its length and type, ready to be written. */
    ByteBuffer encode();

    private static ByteBuffer frame(byte type, byte[] body) {
        return ByteBuffer.allocate(5 + body.length).putInt(body.length).put(type).put(body).flip();
    }

    /** The message of a type and body; {@link IllegalArgumentException} if there is none such. */
    static ControlMessage decode(byte type, ByteBuffer body) {
        if (type == Hello.TYPE && body.remaining() >= Hello.BYTES_BEFORE_PROCESSORS) {
            int magic = body.getInt();
            int version = body.getInt();
            byte[] hash = new byte[HASH_BYTES];
            body.get(hash);
            return new Hello(magic, version, hash, body.getInt(), body.getInt(), body.getInt(), body.getLong(),
                    new ProcessorSet(BitSet.valueOf(body)));
        } else if (type == Go.TYPE && body.remaining() == Go.BYTES) {
            return new Go(body.getInt());
        } else if (type == Dead.TYPE && body.remaining() == Dead.BYTES) {
            return new Dead(body.getInt());
        } else if (type == Refused.TYPE) {
            return new Refused(StandardCharsets.UTF_8.decode(body).toString());
        } else if (type == Failed.TYPE && body.remaining() >= Failed.BYTES_BEFORE_TEXT) {
            return new Failed(body.getInt(), body.getInt(), StandardCharsets.UTF_8.decode(body).toString());
        } else if (type == Lost.TYPE && body.remaining() >= Lost.BYTES_BEFORE_TEXT) {
            return new Lost(body.getInt(), StandardCharsets.UTF_8.decode(body).toString());
        } else if (type == Members.TYPE && body.remaining() % Long.BYTES == 0) {
            long[] pids = new long[body.remaining() / Long.BYTES];
            body.asLongBuffer().get(pids);
            return new Members(pids);
        }
        for (Signal signal : Signal.values()) {
            if (signal.type == type && !body.hasRemaining()) {
                return signal;
            }
        }
        throw new IllegalArgumentException("control message of type " + type + " with " + body.remaining()
                + " bytes is not known");
    }

    private static byte[] text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= MAX_TEXT ? bytes : Arrays.copyOf(bytes, MAX_TEXT);
    }
}
