package org.isthmus.node.spi;

/**
 * Why a channel failed.
 *
 * @param cause its class, for counters and for the choice of the MPI error class
 * @param description one sentence that names node, address and what happened
 */
public record ChannelFailure(Cause cause, String description) {
    /** Classes of failures. */
    public enum Cause {
        /** No connection could be made within its time. */
        UNREACHABLE,
        /** The peer refused the hello, or we refused the peer's: other job, other version, wrong secret. */
        REFUSED,
        /** The connection was there and is gone for good: the peer died or all ways to it are cut. */
        PEER_LOST,
        /** The peer sent what the protocol does not allow. */
        BAD_FRAME,
        /** A region send longer than its place. */
        REGION_TOO_LONG
    }

    @Override
    public String toString() {
        return cause + ": " + description;
    }
}
