package org.isthmus;

import mpi.Comm;
import mpi.Errhandler;
import mpi.MPI;
import org.isthmus.access.MpiAccess;

/**
 * An error handler of the program's own (MPI 3.1, section 8.3): {@code comm.setErrhandler(ErrorHandler.create(f))}.
 *
 * <p>It is called on the thread whose call failed, before that call throws its {@code MPIException}; what the handler
 * throws is thrown instead. It may make calls that concern no communication, free a request, or call {@code abort}.
 */
@FunctionalInterface
public interface ErrorHandler {
    /**
     * @param comm the communicator on which the error happened; the world's where the call has none
     * @param errorCode one of the {@code ERR_} constants of {@link MPI} or of {@link Resilience}
     * @param message names the argument or the process at fault
     */
    void onError(Comm comm, int errorCode, String message);

    /** The handler as an object for {@link Comm#setErrhandler}. */
    static Errhandler create(ErrorHandler function) {
        if (function == null) {
            throw new IllegalArgumentException("the error handler is null; pass a function");
        }
        return MpiAccess.get().errhandler(function);
    }
}
