package org.isthmus.rdma.extension;

import java.io.IOException;

/** Receives that several queue pairs draw from, in the order in which they were posted. One thread posts. */
public interface SharedReceiveQueue extends AutoCloseable {
    /**
     * Posts a receive of one piece of memory; allocates nothing.
     *
     * @return 0, or the errno value of {@code ibv_post_srq_recv}: 12 (ENOMEM) when the queue is full
     */
    int post(long wrId, long address, int length, int lkey);

    /** Ends it; its queue pairs must be gone. */
    @Override
    void close() throws IOException;
}
