package mpi;

import java.nio.Buffer;
import org.isthmus.comm.Engine;
import org.isthmus.comm.buffer.UserBuffer;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.pt2pt.MatchedMessage;
import org.isthmus.comm.pt2pt.TransferRequest;

/**
 * A message that a matched probe took (MPI 3.1, section 3.8.2): nobody else can receive it. Receiving it makes the
 * object null again, ready for the next probe. Used by one thread at a time.
 */
public final class Message {
    private Comm comm;
    private MatchedMessage matched;
    private boolean noProc;

    public Message() {}

    public boolean isNull() {
        return matched == null && !noProc;
    }

    /** Whether the probe was for a message from {@code MPI.PROC_NULL}. */
    public boolean isNoProc() {
        return noProc;
    }

    /** Waits for a message and takes it. */
    public Status mProbe(int source, int tag, Comm comm) throws MPIException {
        return probe(source, tag, comm, true);
    }

    /** Takes a message if there is one; null otherwise. */
    public Status imProbe(int source, int tag, Comm comm) throws MPIException {
        return probe(source, tag, comm, false);
    }

    private Status probe(int source, int tag, Comm comm, boolean wait) throws MPIException {
        Session.check();
        if (comm == null) {
            throw Errors.raise(new CommException(ErrorClass.COMM, "comm is null"));
        }
        noProc = source == Constant.PROC_NULL;
        matched = null;
        this.comm = comm;
        if (noProc) {
            return Status.ofNobody();
        }
        matched = Messaging.matchedProbe(comm, source, tag, wait);
        return matched == null ? null : new Status(matched);
    }

    public Status mRecv(Object buf, int count, Datatype type) throws MPIException {
        return receive(buf, count, type).waitStatus();
    }

    /** @param buf any NIO buffer */
    public Request imRecv(Buffer buf, int count, Datatype type) throws MPIException {
        return receive(buf, count, type);
    }

    private Request receive(Object buf, int count, Datatype type) throws MPIException {
        Engine engine = Session.engine();
        if (isNull()) {
            throw Errors.raise(new CommException(ErrorClass.REQUEST,
                    "the message is null: call mProbe or imProbe first; each message is received once"));
        }
        engine.enter();
        try {
            TypeMap map = Checks.message("count", count, type);
            Object base = UserBuffer.recvBase(buf, "buf", count, map);
            TransferRequest receive = noProc ? new FinishedTransfer() : engine.pointToPoint()
                    .imrecv(matched, base, UserBuffer.offset(buf), count, map);
            noProc = false;
            matched = null;
            return new Request(comm, receive, true, null, buf);
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        } finally {
            engine.exit();
        }
    }
}
