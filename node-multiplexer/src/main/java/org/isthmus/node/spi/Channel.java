package org.isthmus.node.spi;

/**
 * The connection of one endpoint with one other node: frames, and region transfers.
 *
 * <p>Frames arrive in the order in which they were accepted, each once ({@link Capabilities#delivery} says how far that
 * goes). Region transfers are matched strictly first in, first out: the n-th accepted {@link #trySendRegion} of one end
 * fills the n-th accepted {@link #tryReceiveRegion} of the other. There is no order between frames and regions: a frame
 * passes a large transfer.
 *
 * <p>Assumptions (callers must): only the thread that polls the endpoint calls; bytes that were handed over stay as
 * they are, and places to receive into stay untouched, until the handler's {@code onSent}, {@code onReceived} or
 * {@code onClosed}. Guarantees (we give): a try answers at once, allocates nothing, never calls the handler, and leaves
 * nothing behind when its answer is negative. Progress: accepted operations go on inside {@link Endpoint#poll}.
 */
public interface Channel {
    /** Answer of a try: taken. */
    int ACCEPTED = 0;
    /** Answer of a try: no room now; poll, then try again. */
    int BACK_PRESSURED = -1;
    /** Answer of a try: not connected yet; {@code onConnected} tells when. */
    int NOT_CONNECTED = -2;
    /** Answer of a try: one of the two ends has closed the channel. */
    int CLOSED = -3;
    /** Answer of a try: the channel has failed; {@link #failure} says why. */
    int FAILED = -4;

    /** Most bytes of one {@link #tryWrite} or {@link #tryRead}. */
    int MAX_ONE_SIDED = 1 << 20;
    /** What a one-sided try says where there are none. */
    String NOT_ONE_SIDED = "this backend has no such operation on the peer's memory: Capabilities.oneSided says which"
            + " it has; ask the peer by a frame instead";

    /** Index of the node at the other end. */
    int peer();

    /**
     * Sends a frame of {@code [1, maxFrame]} bytes.
     *
     * @param context the caller's number for it, handed back by {@link ChannelHandler#onSent}
     * @return {@link #ACCEPTED} or a negative code
     * @throws IllegalArgumentException for a length out of range or bytes outside the region
     */
    int trySend(MemoryRegion region, long offset, int length, long context);

    /**
     * Sends {@code [1, maxRegion]} bytes into the place that the peer has given or will give by its matching
     * {@link #tryReceiveRegion}, without a copy on the heap. Longer than that place: the channel fails on both ends.
     *
     * @return {@link #ACCEPTED} or a negative code
     * @throws IllegalArgumentException for a length out of range or bytes outside the region
     */
    int trySendRegion(MemoryRegion region, long offset, long length, long context);

    /**
     * Gives a place for the peer's next region send.
     *
     * @return {@link #ACCEPTED} or a negative code
     * @throws IllegalArgumentException for a length out of range or bytes outside the region
     */
    int tryReceiveRegion(MemoryRegion region, long offset, long length, long context);

    /**
     * Writes {@code [1, }{@link #MAX_ONE_SIDED}{@code ]} bytes into the peer's memory, without its owner's doing. The
     * operation is complete, and the bytes lie there, when {@link ChannelHandler#onDone} tells; one-sided operations
     * complete in the order in which they were accepted. After a break it may be repeated before that.
     *
     * @return {@link #ACCEPTED} or a negative code
     * @throws IllegalArgumentException for a length out of range or bytes outside of either region
     * @throws UnsupportedOperationException if there are none, see {@link Capabilities#oneSided}
     */
    default int tryWrite(MemoryRegion region, long offset, int length, RemoteRegion remote, long remoteOffset,
            long context) {
        throw new UnsupportedOperationException(NOT_ONE_SIDED);
    }

    /** As {@link #tryWrite}, the other way: from the peer's memory into this node's. */
    default int tryRead(MemoryRegion region, long offset, int length, RemoteRegion remote, long remoteOffset,
            long context) {
        throw new UnsupportedOperationException(NOT_ONE_SIDED);
    }

    /**
     * Adds to the 8-byte word at {@code remoteOffset}, which is aligned; what it was comes to {@code offset} of
     * {@code region}. Once and no more: a channel that cannot know fails.
     */
    default int tryFetchAdd(MemoryRegion region, long offset, RemoteRegion remote, long remoteOffset, long add,
            long context) {
        throw new UnsupportedOperationException(NOT_ONE_SIDED);
    }

    /** As {@link #tryFetchAdd}; stores {@code value} if the word is {@code expected}. */
    default int tryCompareSwap(MemoryRegion region, long offset, RemoteRegion remote, long remoteOffset, long expected,
            long value, long context) {
        throw new UnsupportedOperationException(NOT_ONE_SIDED);
    }

    /**
     * How much the channel has counted of row {@code index} of {@link Endpoint#counters}. Any thread.
     *
     * @throws IndexOutOfBoundsException if there is no such row
     */
    default long counter(int index) {
        throw new IndexOutOfBoundsException("counter " + index + ": this backend counts nothing");
    }

    /** Why the channel failed; null while it has not. */
    ChannelFailure failure();

    /**
     * Ends the channel in order: what was accepted is still delivered while both ends poll, then the peer's handler
     * gets {@code onClosed} without a failure. This end gets no more frames, and {@code onClosed} when all is out.
     */
    void close();

    /** The name of a code. */
    static String codeName(int code) {
        return switch (code) {
            case ACCEPTED -> "ACCEPTED";
            case BACK_PRESSURED -> "BACK_PRESSURED";
            case NOT_CONNECTED -> "NOT_CONNECTED";
            case CLOSED -> "CLOSED";
            case FAILED -> "FAILED";
            default -> "unknown code " + code;
        };
    }
}
