package org.isthmus.node.bootstrap;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Who this process is in its job, as a launcher said it.
 *
 * @param launcher how it was found out, for messages: "mpirun (Open MPI)", "isthmus run", "none" ...
 * @param jobKey text equal on all ranks of the job and of no other job on this machine
 * @param rank rank in the job
 * @param size ranks of the job
 * @param localRank index among the ranks of this node
 * @param localSize ranks on this node
 */
public record JobIdentity(String launcher, String jobKey, int rank, int size, int localRank, int localSize) {
    /**
     * Hexadecimal text, equal on all ranks of the job and of no other job. A job of one rank gets another one at each
     * call.
     */
    public String universalKey() {
        UUID key = size == 1 ? UUID.randomUUID() : UUID.nameUUIDFromBytes(jobKey.getBytes(StandardCharsets.UTF_8));
        return key.toString().replace("-", "");
    }
}
