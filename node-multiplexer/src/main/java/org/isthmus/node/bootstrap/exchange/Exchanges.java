package org.isthmus.node.bootstrap.exchange;

import java.time.Duration;
import java.util.Optional;

/**
 * Enters the exchanges that launchers offer; {@link Rendezvous} is our own. Those of PMIx and of an inherited
 * connection make restricted calls: only for code with native access.
 */
public final class Exchanges {
    private Exchanges() {}

    /**
     * PMIx.
     *
     * @param library name or path of libpmix, empty for the usual places
     * @return nothing if there is no such library
     */
    public static Optional<Exchange> pmix(String library, Duration timeout) {
        return PmixExchange.enter(library, timeout);
    }

    /**
     * PMI over an inherited socket; PMI-2 where the launcher gives a job id for it, as Slurm does, else PMI-1.
     *
     * @param jobId value of PMI_JOBID, null if there is none
     */
    public static Exchange pmiInherited(int descriptor, int rank, int size, String jobId, Duration timeout) {
        PmiStream stream = new PmiDescriptorNative(descriptor);
        return jobId == null ? Pmi1Exchange.inherited(stream, rank, size, timeout)
                : new Pmi2Exchange(stream, jobId, rank, timeout);
    }

    /** PMI-1 at a TCP port; needs no native access. */
    public static Exchange pmiPort(String port, String id, Duration timeout) {
        return Pmi1Exchange.byPort(new PmiSocket(port, Deadline.in(timeout)), id, timeout);
    }
}
