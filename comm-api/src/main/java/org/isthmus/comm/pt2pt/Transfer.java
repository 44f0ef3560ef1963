package org.isthmus.comm.pt2pt;

import java.lang.foreign.MemorySegment;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.group.Communicator;

/**
 * The engine's record of one send or receive: what the caller asked for, and how far it is.
 *
 * <pre>
 *   send:    queued -> [ready-to-send out -> clear-to-send in ->] bytes leaving -> done
 *   receive: posted -> matched -> bytes arriving -> done
 * </pre>
 */
final class Transfer extends TransferRequest {
    /** How a send travels; fixed when it starts, except that EAGER falls back to RENDEZVOUS for want of blocks. */
    enum Protocol {
        INLINE,
        EAGER,
        RENDEZVOUS
    }

    Communicator comm;
    Object base;
    long offset;
    int count;
    TypeMap type;
    int context;
    int matchTag;
    /** World rank of the other side, or ANY_SOURCE. */
    int peer;
    PointToPoint.Mode mode;
    Protocol protocol;
    /** Send: bytes of the message. Receive: room for that many bytes. */
    long bytesAsked;
    /** Receive: bytes of the matched message. */
    long total;
    /** Bytes that have left, or arrived. */
    long position;
    /** Large messages between nodes: bytes that the receiver has cleared to be sent. */
    long limit;
    /** Id in the table of transfers that the other side refers to; -1 while none. */
    int id = -1;
    long remoteId;
    boolean matched;
    /** A send that was ended while its receiver may still ask for it: nobody waits for it any more. */
    boolean abandoned;
    /** Number of the announcement of a rendezvous send. */
    int announcement;
    /** An announced send that its receiver was asked to give back. */
    boolean withdrawn;
    /** A send whose bytes are on their way. */
    boolean streaming;
    /** A send from segment to segment. */
    boolean large;
    /** A send that waits among its outbox's streams. */
    boolean queued;
    /** A receive whose bytes go straight into its buffer. */
    boolean straight;
    /** A send out of a device's memory: what is being copied out of it; null before. */
    StagedBlocks staged;

    /** Neighbours in the list that it is in: posted receives, or sends waiting for room. */
    Transfer next;
    Transfer previous;
    /** Order in which receives were posted, and the bucket of an exact one; MatchTable's. */
    long order;

    int bucket;

    Transfer set(Communicator comm, Object base, long offset, int count, TypeMap type, int peer, int tag) {
        this.comm = comm;
        this.base = base;
        this.offset = offset;
        this.count = count;
        this.type = type;
        this.context = comm.contextId();
        this.peer = peer;
        this.matchTag = tag;
        this.bytesAsked = type.size() * count;
        this.position = 0;
        this.total = 0;
        this.limit = 0;
        this.large = false;
        this.queued = false;
        this.straight = false;
        this.done = false;
        this.matched = false;
        this.abandoned = false;
        this.withdrawn = false;
        this.streaming = false;
        this.cancelled = false;
        this.errorClass = 0;
        this.errorMessage = null;
        return this;
    }

    /** Whether the buffer is one run of bytes of {@code memory}, which others may then read or fill in place. */
    boolean liesIn(MemorySegment memory) {
        return base == memory && type.isContiguous();
    }

    /** Completes it with an error. */
    void end(CommException problem) {
        fail(problem.errorClass(), problem.getMessage());
        complete();
    }

    /** A receive that takes the rest of this one's message and stores nothing, in its place in tables. */
    Transfer remainder() {
        Transfer rest = new Transfer();
        rest.comm = comm;
        rest.type = type;
        rest.context = context;
        rest.peer = peer;
        rest.matchTag = matchTag;
        rest.total = total;
        rest.position = position;
        rest.matched = true;
        rest.id = id;
        return rest;
    }

    void complete() {
        if (staged != null) {
            dropStaged();
        }
        done = true;
    }

    private void dropStaged() {
        CommException problem = staged.drop();
        staged = null;
        if (problem != null) {
            fail(problem.errorClass(), problem.getMessage());
        }
    }

    void fail(int errorClass, String message) {
        if (this.errorClass == 0) {
            this.errorClass = errorClass;
            this.errorMessage = message;
        }
    }

    /** Forgets the user's buffer, so that a kept Transfer does not keep it alive. */
    void clear() {
        base = null;
    }
}
