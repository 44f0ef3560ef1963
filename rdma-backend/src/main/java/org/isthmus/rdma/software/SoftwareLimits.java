package org.isthmus.rdma.software;

/** Limits of the device that does not exist; small enough to be reached by tests. */
final class SoftwareLimits {
    static final String DEVICE = "software0";
    static final int MAX_QP = 4096;
    static final int MAX_QP_WR = 4096;
    static final int MAX_SGE = 4;
    static final int MAX_CQE = 65536;
    static final int MAX_MR = 4096;
    static final int MAX_SRQ_WR = 8192;
    static final int MAX_INLINE = 256;
    static final int MAX_READS = 16;
    static final int MTU = 4096;
    /** Pause before a send is tried again at a receiver that was not ready. */
    static final long RNR_NANOS = 1_000_000;
    /** Retries of this number never end. */
    static final int RNR_FOREVER = 7;

    private SoftwareLimits() {}
}
