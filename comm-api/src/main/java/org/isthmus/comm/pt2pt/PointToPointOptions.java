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
 * @param remoteEagerLimit largest message to another node that is sent before its receive is known; larger ones go from
 *     segment to segment
 * @param pieceBytes size of the pieces in which they go
 */
public record PointToPointOptions(int inlineLimit, int eagerLimit, int sharedLimit, int fragmentBytes, long eagerWindow,
        int remoteEagerLimit, int pieceBytes) {
    private static final int DEFAULT_PIECE = 256 << 10;

    /** What the bookkeeping of one unmatched message is counted as, in bytes. */
    public static final int RECORD_COST = 64;

    /** Options with the same eager limit to other nodes. */
    public PointToPointOptions(int inlineLimit, int eagerLimit, int sharedLimit, int fragmentBytes, long eagerWindow) {
        this(inlineLimit, eagerLimit, sharedLimit, fragmentBytes, eagerWindow, eagerLimit, DEFAULT_PIECE);
    }
}
