package mpi;

import org.isthmus.comm.Engine;
import org.isthmus.comm.coll.CollectiveRequest;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.file.FileRequest;
import org.isthmus.comm.progress.Completion;
import org.isthmus.comm.progress.Progress;
import org.isthmus.comm.pt2pt.TransferRequest;

/**
 * A non-blocking operation (MPI 3.1, section 3.7). Active until a wait or a successful test; then null, or inactive if
 * persistent. Waits and tests on null and inactive requests return at once, with an empty status.
 *
 * <p>A request keeps its buffers alive while it is active. Each request is waited for by one thread at a time. A null
 * element in an array of requests counts as a null request. When several operations are completed by one call and some
 * failed, all are completed first; the forms that return statuses then raise {@code ERR_IN_STATUS}, the others the
 * first error.
 */
public class Request implements Freeable {
    private final Comm comm;
    private final boolean receive;
    private Completion operation;
    private Object sendBuffer;
    private Object recvBuffer;
    private boolean nullHandle;

    /** The null request. */
    Request() {
        this(null, null, false, null, null);
        nullHandle = true;
    }

    /**
     * Under the engine lock.
     *
     * @param operation what is under way, null for an inactive persistent request
     * @param receive whether its result has a source, tag and size
     */
    Request(Comm comm, Completion operation, boolean receive, Object sendBuffer, Object recvBuffer) {
        this.comm = comm;
        this.receive = receive;
        this.operation = operation;
        this.sendBuffer = sendBuffer;
        this.recvBuffer = recvBuffer;
        if (comm != null && operation instanceof CollectiveRequest collective) {
            comm.keepFor(collective);
        }
    }

    final Comm comm() {
        return comm;
    }

    /** Does with an error of this request what the handler of its object wants. */
    MPIException raise(CommException error) {
        return comm == null ? Errors.raise(error) : Errors.raise(comm, error);
    }

    final boolean isActive() {
        return operation != null;
    }

    /** Makes a persistent request active. */
    final void activate(Completion started) {
        operation = started;
    }

    boolean isPersistent() {
        return false;
    }

    /**
     * Gives the handle back; an active operation goes on to its end, its buffers stay alive until then. A collective
     * that is active cannot be freed (MPI 3.1, section 5.12).
     */
    @Override
    public void free() throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            Completion pending = operation;
            if (pending instanceof CollectiveRequest collective && !collective.mayBeFreed()) {
                throw new CommException(ErrorClass.REQUEST, "the request is of a collective that is active; wait for "
                        + "it, or test until it is complete, which frees it");
            }
            if (pending != null) {
                engine.progress().register(new Abandoned(pending, sendBuffer, recvBuffer));
            }
            if (!nullHandle) {
                onFree(engine);
            }
        } catch (CommException e) {
            throw raise(e);
        } finally {
            engine.exit();
        }
        release();
    }

    /** Gives back what the handle holds beside its operation; under the engine lock. */
    void onFree(Engine engine) {}

    /** An operation that nobody will wait for: keeps its buffers reachable until it is done. */
    private record Abandoned(Completion operation, Object sendBuffer, Object recvBuffer)
            implements Progress.Progressible {
        @Override
        public int progress() {
            return operation.isDone() ? -1 : 0;
        }
    }

    private void release() {
        operation = null;
        sendBuffer = null;
        recvBuffer = null;
        nullHandle = true;
    }

    /** Asks for cancellation; whether it came in time says {@link Status#isCancelled} after a wait. */
    public final void cancel() throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            if (!(operation instanceof TransferRequest transfer)) {
                throw new CommException(ErrorClass.REQUEST, "the request is "
                        + (operation == null ? "null or inactive" : "a collective or an access to a file")
                        + "; only an active send or receive can be cancelled");
            }
            engine.pointToPoint().cancel(transfer);
        } catch (CommException e) {
            throw raise(e);
        } finally {
            engine.exit();
        }
    }

    public final boolean isNull() {
        return nullHandle;
    }

    /** Waits until the operation is complete. */
    public final Status waitStatus() throws MPIException {
        await();
        return takeStatus();
    }

    /** As {@link #waitStatus} without a status. */
    public final void waitFor() throws MPIException {
        await();
        take();
    }

    /** The status when the operation is complete, else null. */
    public final Status testStatus() throws MPIException {
        return poll() ? takeStatus() : null;
    }

    /** The status when the operation is complete, else null; the request stays as it is. */
    public final Status getStatus() throws MPIException {
        return poll() ? status() : null;
    }

    /** Whether the operation is complete. */
    public final boolean test() throws MPIException {
        boolean done = poll();
        if (done) {
            take();
        }
        return done;
    }

    private void await() throws MPIException {
        Engine engine = Session.engine();
        Completion pending = operation;
        if (pending == null) {
            return;
        }
        engine.enter();
        try {
            if (!pending.isDone()) {
                engine.progress().await(pending);
            }
        } catch (CommException e) {
            throw raise(e);
        } finally {
            engine.exit();
        }
    }

    /** Makes progress unless complete already. */
    private boolean poll() throws MPIException {
        Engine engine = Session.engine();
        Completion pending = operation;
        if (pending == null) {
            return true;
        }
        engine.enter();
        try {
            if (!pending.isDone()) {
                engine.progress().poll();
            }
            return pending.isDone();
        } catch (CommException e) {
            throw raise(e);
        } finally {
            engine.exit();
        }
    }

    final Completion operation() {
        return operation;
    }

    final boolean isComplete() {
        return operation.isDone();
    }

    private Status status() {
        if (operation instanceof FileRequest access) {
            CommException error = access.error();
            return Status.ofFile(access.bytes()).withError(error == null ? ErrorClass.SUCCESS : error.errorClass());
        }
        if (!(operation instanceof TransferRequest transfer)) {
            return Status.empty();
        }
        Status status = receive ? new Status(transfer) : Status.empty().withCancelled(transfer.cancelled);
        return status.withError(transfer.errorClass);
    }

    /** Ends the activity of a complete request; raises the operation's error. */
    private void take() throws MPIException {
        CommException error = end();
        if (error != null) {
            throw raise(error);
        }
    }

    private Status takeStatus() throws MPIException {
        Status status = status();
        take();
        return status;
    }

    /** Ends the activity of a complete request; returns the operation's error, null if it has none. */
    final CommException end() {
        Completion ended = operation;
        if (ended == null) {
            return null;
        }
        if (isPersistent()) {
            operation = null;
        } else {
            release();
        }
        if (ended instanceof TransferRequest t) {
            CommException error =
                    t.errorClass == ErrorClass.SUCCESS ? null : new CommException(t.errorClass, t.errorMessage);
            giveBack(t);
            return error;
        }
        if (ended instanceof CollectiveRequest c && c.errorClass != ErrorClass.SUCCESS) {
            return new CommException(c.errorClass, c.errorMessage);
        }
        return ended instanceof FileRequest access ? access.error() : null;
    }

    private static void giveBack(TransferRequest transfer) {
        Engine engine = Session.engineOrNull();
        if (engine != null) {
            engine.enter();
            try {
                engine.pointToPoint().release(transfer);
            } finally {
                engine.exit();
            }
        }
    }

    /** The status of a request at {@code index} of an array, for which {@link #end} follows. */
    final Status statusAt(int index) {
        return status().withIndex(index);
    }

    /** Waits for one of the active requests; its index is in the status, {@code MPI.UNDEFINED} when none is active. */
    public static Status waitAnyStatus(Request[] requests) throws MPIException {
        RequestArray array = new RequestArray(requests);
        int index = array.awaitAny();
        return index < 0 ? Status.empty().withIndex(Constant.UNDEFINED) : array.takeStatus(index);
    }

    /** Waits for one of the active requests; its index, {@code MPI.UNDEFINED} when none is active. */
    public static int waitAny(Request[] requests) throws MPIException {
        RequestArray array = new RequestArray(requests);
        return array.take(array.awaitAny());
    }

    /** The status of one complete request, with its index; null when there are active ones, but none is complete. */
    public static Status testAnyStatus(Request[] requests) throws MPIException {
        RequestArray array = new RequestArray(requests);
        int index = array.pollAny();
        if (index < 0) {
            return array.hasActive() ? null : Status.empty().withIndex(Constant.UNDEFINED);
        }
        return array.takeStatus(index);
    }

    /** The index of one complete request, {@code MPI.UNDEFINED} when there is none. */
    public static int testAny(Request[] requests) throws MPIException {
        RequestArray array = new RequestArray(requests);
        return array.take(array.pollAny());
    }

    /** Waits for all; null and inactive requests have an empty status. */
    public static Status[] waitAllStatus(Request[] requests) throws MPIException {
        RequestArray array = new RequestArray(requests);
        array.awaitAll();
        return array.takeAllStatus();
    }

    public static void waitAll(Request[] requests) throws MPIException {
        new RequestArray(requests).completeAll();
    }

    /** The statuses when all requests are complete, else null. */
    public static Status[] testAllStatus(Request[] requests) throws MPIException {
        RequestArray array = new RequestArray(requests);
        return array.pollAll() ? array.takeAllStatus() : null;
    }

    /** Whether all requests are complete; if not, none is touched. */
    public static boolean testAll(Request[] requests) throws MPIException {
        RequestArray array = new RequestArray(requests);
        boolean done = array.pollAll();
        if (done) {
            array.takeAll();
        }
        return done;
    }

    /** Waits for one or more; the statuses of those that are complete, with their indices; null when none is active. */
    public static Status[] waitSomeStatus(Request[] requests) throws MPIException {
        RequestArray array = new RequestArray(requests);
        return array.awaitAny() < 0 ? null : array.takeSomeStatus();
    }

    /** Waits for one or more; the indices of those that are complete; null when none is active. */
    public static int[] waitSome(Request[] requests) throws MPIException {
        RequestArray array = new RequestArray(requests);
        return array.awaitAny() < 0 ? null : array.takeSome();
    }

    /** As {@link #waitSomeStatus}, but does not wait: an array of length 0 when none is complete. */
    public static Status[] testSomeStatus(Request[] requests) throws MPIException {
        RequestArray array = new RequestArray(requests);
        array.pollAny();
        return array.hasActive() ? array.takeSomeStatus() : null;
    }

    /** As {@link #waitSome}, but does not wait: an array of length 0 when none is complete. */
    public static int[] testSome(Request[] requests) throws MPIException {
        RequestArray array = new RequestArray(requests);
        array.pollAny();
        return array.hasActive() ? array.takeSome() : null;
    }
}
