package org.isthmus.node.endpoint;

/**
 * A link to a rank that does not share this node's segment: the bytes of blocks travel along, and the peer's grants
 * come as records, noted by {@link #granted}. Used as {@link RecordLink} says.
 */
public abstract class FarLink extends RecordLink {
    private long granted;

    protected FarLink() {}

    @Override
    public final long grantedBytes() {
        return granted;
    }

    /** The peer has passed on {@code bytes} more. */
    public final void granted(long bytes) {
        granted += bytes;
    }

    /** Whether the peer has left its job in an orderly way: what is sent to it from now on is lost. */
    public boolean isGone() {
        return false;
    }
}
