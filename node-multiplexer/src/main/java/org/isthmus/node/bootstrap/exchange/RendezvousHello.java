package org.isthmus.node.bootstrap.exchange;

import java.nio.ByteBuffer;
import org.isthmus.node.wire.SharedSecret;

/**
 * What a rank says of itself in the hello, and the proofs of both sides over it.
 *
 * @param attempt counts the hellos of one process, which all have the same {@code clientNonce}
 */
record RendezvousHello(byte[] job, int rank, int size, int attempt, byte[] serverNonce, byte[] clientNonce) {
    static final int JOB_BYTES = SharedSecret.DIGEST_BYTES;

    static byte[] jobHash(String jobId) {
        return SharedSecret.digest(jobId);
    }

    /** Whether the same process says this after {@code earlier}, of which it has got no answer. */
    boolean isRepeatOf(RendezvousHello earlier) {
        return SharedSecret.same(clientNonce, earlier.clientNonce) && attempt > earlier.attempt;
    }

    byte[] clientProof(JobSecret secret) {
        return proof("client", secret);
    }

    byte[] serverProof(JobSecret secret) {
        return proof("server", secret);
    }

    private byte[] proof(String label, JobSecret secret) {
        byte[] numbers = ByteBuffer.allocate(4 * Integer.BYTES).putInt(RendezvousStream.VERSION).putInt(rank)
                .putInt(size).putInt(attempt).array();
        return secret.shared().proof("isthmus rendezvous " + label, numbers, job, serverNonce, clientNonce);
    }
}
