package org.isthmus.node.mux;

import org.isthmus.node.spi.ChannelFailure;

/** Told what ends the job; on a thread of the multiplexer's, one call at a time. */
public interface FailureListener {
    /** A node cannot be reached any more. */
    void onNodeLost(int node, ChannelFailure failure);

    /** A rank of another node failed. */
    void onJobFailed(JobFailure failure);
}
