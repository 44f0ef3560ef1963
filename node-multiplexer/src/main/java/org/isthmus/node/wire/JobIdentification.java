package org.isthmus.node.wire;

/** A job and the secret of its members (32 bytes or more, random; never on a command line). Any thread may call. */
public final class JobIdentification {
    public static final int MIN_SECRET_BYTES = SharedSecret.BYTES;

    private final String jobId;
    private final SharedSecret secret;
    private final byte[] jobDigest;

    /** @param secret copied; the caller may wipe it */
    public JobIdentification(String jobId, byte[] secret) {
        if (jobId.isEmpty()) {
            throw new IllegalArgumentException("job id is empty: give the launcher's name of the job");
        }
        this.jobId = jobId;
        this.secret = new SharedSecret(secret);
        this.jobDigest = SharedSecret.digest(jobId);
    }

    public String jobId() {
        return jobId;
    }

    /** Whether the other one is of the same job and has the same secret; takes as long for every answer. */
    public boolean matches(JobIdentification other) {
        return SharedSecret.same(secret.proof("matches", jobDigest), other.secret.proof("matches", other.jobDigest));
    }

    /** SHA-256 of the job id. */
    byte[] jobDigest() {
        return jobDigest.clone();
    }

    SharedSecret secret() {
        return secret;
    }

    /** The job id alone. */
    @Override
    public String toString() {
        return "job " + jobId;
    }
}
