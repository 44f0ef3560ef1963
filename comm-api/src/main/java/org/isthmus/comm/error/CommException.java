package org.isthmus.comm.error;

/**
 * An error with its MPI error class, raised anywhere in the engine and turned into an {@code mpi.MPIException} (or the
 * end of the job) by the API layer, according to the communicator's error handler.
 *
 * <p>The message names the argument, its value and the allowed range, and says what to do.
 */
public final class CommException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int errorClass;

    /** @param errorClass one of {@link ErrorClass}. */
    public CommException(int errorClass, String message) {
        super(message);
        this.errorClass = errorClass;
    }

    /** @param errorClass one of {@link ErrorClass}. */
    public CommException(int errorClass, String message, Throwable cause) {
        super(message, cause);
        this.errorClass = errorClass;
    }

    public int errorClass() {
        return errorClass;
    }
}
