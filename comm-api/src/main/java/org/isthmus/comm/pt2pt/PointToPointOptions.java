package org.isthmus.comm.pt2pt;

/**
 * Where one same-node protocol gives way to the next.
 *
 * @param inlineLimit largest message in bytes that travels inside a ring record
 * @param eagerLimit largest message that is sent before its receive is known
 * @param sharedLimit messages above this many bytes that lie in the node segment are not copied by the sender
 * @param fragmentBytes size of the blocks in which longer messages travel, so that both sides copy at the same time
 * @param eagerWindow most bytes of unmatched messages (with {@value #RECORD_COST} bytes for each) of one sender at one
 *     receiver
 */
public record PointToPointOptions(int inlineLimit, int eagerLimit, int sharedLimit, int fragmentBytes, long eagerWindow) {
    /** What the bookkeeping of one unmatched message is counted as, in bytes. */
    public static final int RECORD_COST = 64;
}
