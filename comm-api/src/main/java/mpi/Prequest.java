package mpi;

import org.isthmus.comm.Engine;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.progress.Completion;

/** A persistent send or receive (MPI 3.1, section 3.9): started any number of times with the same arguments. */
public final class Prequest extends Request {
    private final Transfer transfer;

    /** How to start the operation; arguments were checked. */
    record Transfer(SendMode mode, Comm comm, Object base, long offset, int count, TypeMap type, int peer, int tag) {
        Completion start(Engine engine) {
            long start = CallStatistics.begin();
            Completion started = mode == null
                    ? Messaging.startReceive(engine, comm.keptCommunicator(), base, offset, count, type, peer, tag)
                    : Messaging.startSend(engine, mode, comm.keptCommunicator(), base, offset, count, type, peer, tag);
            CallStatistics.end(start, "MPI_Start", count, type);
            return started;
        }
    }

    Prequest(Transfer transfer, Object buffer) {
        super(transfer.comm, null, transfer.mode == null, buffer, null);
        this.transfer = transfer;
        transfer.comm.keep();
    }

    @Override
    boolean isPersistent() {
        return true;
    }

    @Override
    void onFree(Engine engine) {
        transfer.comm.unkeep(engine);
    }

    /** Starts the operation; the request must be inactive. */
    public void start() throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            if (isNull() || isActive()) {
                throw new CommException(ErrorClass.REQUEST, "the persistent request "
                        + (isNull() ? "was freed" : "is active already: wait for it before it is started again"));
            }
            activate(transfer.start(engine));
        } catch (CommException e) {
            throw Errors.raise(comm(), e);
        } finally {
            engine.exit();
        }
    }

    /** Starts all, in order. */
    public static void startAll(Prequest[] requests) throws MPIException {
        Session.check();
        if (requests == null) {
            throw Errors.raise(new CommException(ErrorClass.REQUEST, "requests is null; pass an array"));
        }
        for (int i = 0; i < requests.length; i++) {
            if (requests[i] == null) {
                throw Errors.raise(new CommException(ErrorClass.REQUEST, "requests[" + i + "] is null"));
            }
            requests[i].start();
        }
    }
}
