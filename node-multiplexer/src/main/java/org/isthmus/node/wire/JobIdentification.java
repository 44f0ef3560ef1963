package org.isthmus.node.wire;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A job and the secret of its members (32 bytes or more, random; never on a command line). The secret leaves this object
 * only as the key of a message authentication code. Any thread may call.
 */
public final class JobIdentification {
    public static final int MIN_SECRET_BYTES = 32;
    public static final int DIGEST_BYTES = 32;

    private final String jobId;
    private final SecretKeySpec key;
    private final byte[] jobDigest;

    /** @param secret copied; the caller may wipe it */
    public JobIdentification(String jobId, byte[] secret) {
        if (jobId.isEmpty()) {
            throw new IllegalArgumentException("job id is empty: give the launcher's name of the job");
        }
        if (secret.length < MIN_SECRET_BYTES) {
            throw new IllegalArgumentException("job secret of " + secret.length + " bytes: at least "
                    + MIN_SECRET_BYTES + " random bytes are needed");
        }
        this.jobId = jobId;
        this.key = new SecretKeySpec(secret, "HmacSHA256");
        try {
            this.jobDigest = MessageDigest.getInstance("SHA-256").digest(jobId.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    public String jobId() {
        return jobId;
    }

    /** Whether the other one is of the same job and has the same secret; takes as long for every answer. */
    public boolean matches(JobIdentification other) {
        return MessageDigest.isEqual(authenticate("matches", jobDigest), other.authenticate("matches", other.jobDigest));
    }

    /** SHA-256 of the job id. */
    byte[] jobDigest() {
        return jobDigest.clone();
    }

    /** HMAC-SHA256 over {@code label} and the parts, keyed by the job's secret. */
    byte[] authenticate(String label, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(label.getBytes(StandardCharsets.US_ASCII));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    /** The job id alone. */
    @Override
    public String toString() {
        return "job " + jobId;
    }
}
