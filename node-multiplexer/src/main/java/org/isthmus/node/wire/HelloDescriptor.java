package org.isthmus.node.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The messages of a hello, little-endian.
 *
 * <pre>
 *  dialler  -> acceptor  hello    magic 8 | version 2 | 0 2 | node 4 | peer 4 | shard 4 | purpose 4 | slot 4 |
 *                                 incarnation 8 | job digest 32 | nonce 32
 *  acceptor -> dialler   answer   magic 8 | version 2 | status 2 | 0 4 | incarnation 8 | nonce 32 | proof 32
 *  dialler  -> acceptor  proof    32
 *  acceptor -> dialler   verdict  status 2 | proof 32
 * </pre>
 *
 * The first 12 bytes of hello and answer stay the same in every version, so that two versions can tell each other
 * apart.
 */
final class HelloDescriptor {
    static final long MAGIC = 0x0a0d_534d_4854_5349L;
    static final int PREFIX_BYTES = 12;
    static final int HELLO_BYTES = PREFIX_BYTES + 5 * Integer.BYTES + Long.BYTES + 2 * 32;
    static final int ANSWER_BYTES = PREFIX_BYTES + 4 + Long.BYTES + 2 * 32;
    static final int PROOF_BYTES = 32;
    static final int VERDICT_BYTES = 2 + 32;
    static final int NONCE_BYTES = 32;

    private HelloDescriptor() {}

    static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    static byte[] hello(Greeting greeting, byte[] jobDigest, byte[] nonce) {
        return prefix(HELLO_BYTES, 0).putInt(greeting.node()).putInt(greeting.peer()).putInt(greeting.shard())
                .putInt(greeting.purpose()).putInt(greeting.slot()).putLong(greeting.incarnation()).put(jobDigest)
                .put(nonce).array();
    }

    static byte[] answer(int status, long incarnation, byte[] nonce) {
        return prefix(ANSWER_BYTES, status).putInt(0).putLong(incarnation).put(nonce).array();
    }

    private static ByteBuffer prefix(int bytes, int status) {
        return allocate(bytes).putLong(MAGIC).putShort(FrameDescriptor.VERSION).putShort((short) status);
    }
}
