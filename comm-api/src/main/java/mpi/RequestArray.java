package mpi;

import java.util.Arrays;
import org.isthmus.comm.Engine;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.progress.Completion;

/** Completes several requests: the work behind the any, some and all calls of {@link Request}. */
final class RequestArray implements Completion {
    private final Request[] requests;
    private final Engine engine;

    RequestArray(Request[] requests) throws MPIException {
        this.engine = Session.engine();
        this.requests = requests;
        if (requests == null) {
            throw Errors.raise(new CommException(ErrorClass.REQUEST, "requests is null; pass an array"));
        }
    }

    private boolean isActive(int i) {
        return requests[i] != null && requests[i].isActive();
    }

    boolean hasActive() {
        for (int i = 0; i < requests.length; i++) {
            if (isActive(i)) {
                return true;
            }
        }
        return false;
    }

    /** Index of the first complete active request, -1 when there is none. */
    private int firstComplete() {
        for (int i = 0; i < requests.length; i++) {
            if (isActive(i) && requests[i].isComplete()) {
                return i;
            }
        }
        return -1;
    }

    /** Whether any active request is complete. */
    @Override
    public boolean isDone() {
        return firstComplete() >= 0;
    }

    /** Waits; index of a complete request, -1 when none is active. */
    int awaitAny() throws MPIException {
        if (!hasActive()) {
            return -1;
        }
        engine.enter();
        try {
            if (!isDone()) {
                engine.progress().await(this);
            }
            return firstComplete();
        } catch (CommException e) {
            throw raise(e);
        } finally {
            engine.exit();
        }
    }

    /** Index of a complete request after at most one pass of progress, -1 when there is none. */
    int pollAny() throws MPIException {
        engine.enter();
        try {
            if (!isDone() && hasActive()) {
                engine.progress().poll();
            }
            return firstComplete();
        } catch (CommException e) {
            throw raise(e);
        } finally {
            engine.exit();
        }
    }

    /** Waits for all and ends them, in one pass over the array. */
    void completeAll() throws MPIException {
        Failure first = null;
        engine.enter();
        try {
            for (int i = 0; i < requests.length; i++) {
                Request request = requests[i];
                if (request != null && request.isActive()) {
                    if (!request.isComplete()) {
                        engine.progress().await(request.operation());
                    }
                    first = end(i, first);
                }
            }
        } catch (CommException e) {
            throw raise(e);
        } finally {
            engine.exit();
        }
        raiseFirst(first, false);
    }

    void awaitAll() throws MPIException {
        engine.enter();
        try {
            for (int i = 0; i < requests.length; i++) {
                if (isActive(i) && !requests[i].isComplete()) {
                    engine.progress().await(requests[i].operation());
                }
            }
        } catch (CommException e) {
            throw raise(e);
        } finally {
            engine.exit();
        }
    }

    /** Whether all active requests are complete after at most one pass of progress. */
    boolean pollAll() throws MPIException {
        engine.enter();
        try {
            if (!allComplete()) {
                engine.progress().poll();
            }
            return allComplete();
        } catch (CommException e) {
            throw raise(e);
        } finally {
            engine.exit();
        }
    }

    private boolean allComplete() {
        for (int i = 0; i < requests.length; i++) {
            if (isActive(i) && !requests[i].isComplete()) {
                return false;
            }
        }
        return true;
    }

    /** Ends the request at {@code index}; -1 for none. Returns the index or {@code MPI.UNDEFINED}. */
    int take(int index) throws MPIException {
        if (index < 0) {
            return Constant.UNDEFINED;
        }
        endAt(index);
        return index;
    }

    Status takeStatus(int index) throws MPIException {
        Status status = requests[index].statusAt(index);
        endAt(index);
        return status;
    }

    private void endAt(int index) throws MPIException {
        Request request = requests[index];
        CommException error = request.end();
        if (error != null) {
            throw request.raise(error);
        }
    }

    void takeAll() throws MPIException {
        raiseFirst(endAll(), false);
    }

    Status[] takeAllStatus() throws MPIException {
        Status[] statuses = new Status[requests.length];
        for (int i = 0; i < statuses.length; i++) {
            statuses[i] = isActive(i) ? requests[i].statusAt(i) : Status.empty().withIndex(i);
        }
        raiseFirst(endAll(), true);
        return statuses;
    }

    int[] takeSome() throws MPIException {
        int[] complete = completeIndices();
        raiseFirst(endAll(complete), false);
        return complete;
    }

    Status[] takeSomeStatus() throws MPIException {
        int[] complete = completeIndices();
        Status[] statuses = new Status[complete.length];
        for (int i = 0; i < complete.length; i++) {
            statuses[i] = requests[complete[i]].statusAt(complete[i]);
        }
        raiseFirst(endAll(complete), true);
        return statuses;
    }

    /** Indices of active requests that are complete. */
    private int[] completeIndices() {
        int[] found = new int[requests.length];
        int count = 0;
        for (int i = 0; i < requests.length; i++) {
            if (isActive(i) && requests[i].isComplete()) {
                found[count++] = i;
            }
        }
        return Arrays.copyOf(found, count);
    }

    /** Ends all active requests. */
    private Failure endAll() {
        Failure first = null;
        for (int i = 0; i < requests.length; i++) {
            if (isActive(i)) {
                first = end(i, first);
            }
        }
        return first;
    }

    private Failure endAll(int[] indices) {
        Failure first = null;
        for (int i : indices) {
            first = end(i, first);
        }
        return first;
    }

    /** Ends one request; returns {@code first} unless this is the first one to have failed. */
    private Failure end(int index, Failure first) {
        Request request = requests[index];
        CommException error = request.end();
        return error == null || first != null ? first : new Failure(index, request, error);
    }

    private record Failure(int index, Request request, CommException error) {}

    private static void raiseFirst(Failure failure, boolean inStatus) throws MPIException {
        if (failure != null) {
            CommException error = failure.error;
            throw failure.request.raise(!inStatus ? error : new CommException(ErrorClass.IN_STATUS,
                    "request " + failure.index + " failed: " + Errors.name(error.errorClass()) + ": "
                            + error.getMessage(), error));
        }
    }

    private MPIException raise(CommException e) {
        for (Request request : requests) {
            if (request != null && request.isActive()) {
                return request.raise(e);
            }
        }
        return Errors.raise(e);
    }
}
