package org.isthmus.node.bootstrap.exchange;

import java.nio.ByteBuffer;
import org.isthmus.node.wire.SharedSecret;

/** What a rank says of itself in the hello, and the proofs of both sides over it. */
record RendezvousHello(byte[] job, int rank, int size, byte[] serverNonce, byte[] clientNonce) {
    static final int JOB_BYTES = SharedSecret.DIGEST_BYTES;

    static byte[] jobHash(String jobId) {
        return SharedSecret.digest(jobId);
    }

    byte[] clientProof(JobSecret secret) {
        return proof("client", secret);
    }

    byte[] serverProof(JobSecret secret) {
        return proof("server", secret);
    }

    private byte[] proof(String label, JobSecret secret) {
        byte[] numbers = ByteBuffer.allocate(3 * Integer.BYTES).putInt(RendezvousStream.VERSION).putInt(rank)
                .putInt(size).array();
        return secret.shared().proof("isthmus rendezvous " + label, numbers, job, serverNonce, clientNonce);
    }
}
