package org.isthmus.rdma.software;

/** Decides over each work request as it goes out; for tests of failures. Called with the fabric's lock held. */
public interface WireFault {
    /** What becomes of a work request. */
    enum Verdict {
        /** Nothing unusual. */
        DELIVER,
        /** It never reaches the peer; the queue pair fails with retries exceeded. */
        LOSE,
        /** The peer has it, but no acknowledgement comes back; the queue pair fails with retries exceeded. */
        LOSE_ANSWER
    }

    /**
     * @param qpNumber of the sending queue pair
     * @param opcode an {@code IbvSendWR.IBV_WR_*}
     * @param bytes of its payload
     */
    Verdict onWork(int qpNumber, int opcode, long bytes);
}
