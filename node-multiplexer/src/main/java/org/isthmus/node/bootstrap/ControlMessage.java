package org.isthmus.node.bootstrap;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What local rank 0 and the other ranks of a node tell each other over the control socket. A message on the wire is
 * {@code int length | byte type | body of length bytes}, big-endian; {@link ControlConnection} frames, this class knows
 * the bodies.
 */
sealed interface ControlMessage {
    /** First word of every hello. */
    int MAGIC = 0x49535448;
    /** Version of these messages; a hello with another one is refused. */
    int VERSION = 1;
    /** Longest body that is accepted. */
    int MAX_BODY = 64 << 10;
    int HASH_BYTES = 32;
    /** Longest text in a body, with room for the numbers before it. */
    int MAX_TEXT = MAX_BODY - 64;

    /** To rank 0, first: who is calling. */
    record Hello(int magic, int version, byte[] jobHash, int rank, int localRank, int size, long pid)
            implements ControlMessage {}

    /** From rank 0: the hello is accepted, open the segment. */
    record Welcome() implements ControlMessage {}

    /** From rank 0: the hello is not accepted. */
    record Refused(String reason) implements ControlMessage {}

    /** To rank 0: I have the segment open. */
    record Opened() implements ControlMessage {}

    /** From rank 0: all have the segment open and its name is gone. */
    record Go() implements ControlMessage {}

    /** Both ways: a rank failed. */
    record Failed(int rank, int exitCode, String description) implements ControlMessage {}

    /** Both ways: the sender leaves in order, the end of its connection is no failure. */
    record Goodbye() implements ControlMessage {}

    /** The message with its length and type, ready to be written. */
    default ByteBuffer encode() {
        byte[] body = switch (this) {
            case Hello hello -> ByteBuffer.allocate(4 + 4 + HASH_BYTES + 12 + 8).putInt(hello.magic)
                    .putInt(hello.version).put(hello.jobHash, 0, HASH_BYTES).putInt(hello.rank).putInt(hello.localRank)
                    .putInt(hello.size).putLong(hello.pid).array();
            case Refused refused -> text(refused.reason);
            case Failed failed -> {
                byte[] description = text(failed.description);
                yield ByteBuffer.allocate(8 + description.length).putInt(failed.rank).putInt(failed.exitCode)
                        .put(description).array();
            }
            case Welcome _, Opened _, Go _, Goodbye _ -> new byte[0];
        };
        return ByteBuffer.allocate(5 + body.length).putInt(body.length).put(type()).put(body).flip();
    }

    private byte type() {
        return switch (this) {
            case Hello _ -> 1;
            case Welcome _ -> 2;
            case Refused _ -> 3;
            case Opened _ -> 4;
            case Go _ -> 5;
            case Failed _ -> 6;
            case Goodbye _ -> 7;
        };
    }

    /** The message of a type and body; {@link IllegalArgumentException} if there is none such. */
    static ControlMessage decode(byte type, ByteBuffer body) {
        boolean empty = !body.hasRemaining();
        if (type == 1 && body.remaining() == 4 + 4 + HASH_BYTES + 12 + 8) {
            int magic = body.getInt();
            int version = body.getInt();
            byte[] hash = new byte[HASH_BYTES];
            body.get(hash);
            return new Hello(magic, version, hash, body.getInt(), body.getInt(), body.getInt(), body.getLong());
        } else if (type == 2 && empty) {
            return new Welcome();
        } else if (type == 3) {
            return new Refused(StandardCharsets.UTF_8.decode(body).toString());
        } else if (type == 4 && empty) {
            return new Opened();
        } else if (type == 5 && empty) {
            return new Go();
        } else if (type == 6 && body.remaining() >= 8) {
            return new Failed(body.getInt(), body.getInt(), StandardCharsets.UTF_8.decode(body).toString());
        } else if (type == 7 && empty) {
            return new Goodbye();
        }
        throw new IllegalArgumentException("control message of type " + type + " with " + body.remaining()
                + " bytes is not known");
    }

    private static byte[] text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= MAX_TEXT ? bytes : Arrays.copyOf(bytes, MAX_TEXT);
    }
}
