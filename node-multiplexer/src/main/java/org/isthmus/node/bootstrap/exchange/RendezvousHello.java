package org.isthmus.node.bootstrap.exchange;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** What a rank says of itself in the hello, and the proofs of both sides over it. */
record RendezvousHello(byte[] job, int rank, int size, byte[] serverNonce, byte[] clientNonce) {
    static final int JOB_BYTES = 32;

    static byte[] jobHash(String jobId) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(jobId.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
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
        return secret.mac(label, numbers, job, serverNonce, clientNonce);
    }
}
