package org.isthmus.comm.pt2pt;

import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.group.Communicator;

/**
 * Sends and receives between ranks of a communicator (MPI 3.1, chapter 3), without argument checks: those are the API
 * layer's.
 *
 * <p>A buffer is a pair: {@code base} is a primitive array (boolean[] included) or a {@code MemorySegment};
 * {@code offset} is in bytes from its start. {@code count} is in elements of {@code type}. Ranks are ranks of
 * {@code comm}; {@code source} may be {@link #ANY_SOURCE}, {@code tag} of a receive {@link #ANY_TAG}. PROC_NULL never
 * gets here. Messages of one (sender, communicator) are matched in the order sent.
 *
 * <p>Errors of a blocking call are thrown as {@code CommException}; those of a request are stored in it.
 */
public interface PointToPoint {
    int ANY_SOURCE = -1;
    int ANY_TAG = -1;

    /** How a send completes (MPI 3.1, section 3.4). Buffered mode is made of these by the API layer. */
    enum Mode {
        /** Completes when the buffer may be used again. */
        STANDARD,
        /** Completes only once the receive has been matched. */
        SYNCHRONOUS,
        /** The receive is posted already, says the caller. */
        READY
    }

    /** Blocking send; makes progress while it waits. */
    void send(Communicator comm, Mode mode, Object base, long offset, int count, TypeMap type, int dest, int tag);

    /** Blocking receive; {@code result} gets source, tag and bytes (may be null). Throws on truncation. */
    void recv(Communicator comm, Object base, long offset, int count, TypeMap type, int source, int tag,
            Envelope result);

    TransferRequest isend(Communicator comm, Mode mode, Object base, long offset, int count, TypeMap type, int dest,
            int tag);

    TransferRequest irecv(Communicator comm, Object base, long offset, int count, TypeMap type, int source, int tag);

    /** One progress pass, then whether a matching message waits; fills {@code result} when so. */
    boolean iprobe(Communicator comm, int source, int tag, Envelope result);

    /** As {@link #iprobe}, but waits. */
    void probe(Communicator comm, int source, int tag, Envelope result);

    /** One progress pass, then takes the first matching message out of matching; null when there is none. */
    MatchedMessage improbe(Communicator comm, int source, int tag);

    /** Receives a message taken by {@link #improbe}. */
    TransferRequest imrecv(MatchedMessage message, Object base, long offset, int count, TypeMap type);

    /**
     * Tries to cancel: a receive not yet matched always can be, a send only while nothing of it has left.
     * The request then is done with {@code cancelled} set. Does nothing to one that is done.
     */
    void cancel(TransferRequest request);

    /**
     * Throws away messages that have come on {@code contexts} and wait for a receive, after a look for more of them;
     * their senders go on as if they had been received.
     */
    void discard(Communicator comm, IntPredicate contexts);

    /** The contexts on which receives wait for their messages; one may be named more than once. */
    IntStream postedContexts();

    /** Why results on {@code comm} cannot be trusted: it has lost a member, or is revoked; null when they can. */
    default CommException verdict(Communicator comm) {
        return null;
    }

    /** Takes back a request that is done, for the next transfer; the caller forgets it. Ignores those of others. */
    void release(TransferRequest request);
}
