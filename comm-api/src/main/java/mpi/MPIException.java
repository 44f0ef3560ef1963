package mpi;

/**
 * An error of an MPI call (MPI 3.1, chapter 8). Thrown for errors on objects whose error handler is
 * {@link MPI#ERRORS_RETURN}, and for use before {@code Init} or after {@code Finalize}.
 */
public final class MPIException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int errorCode;
    private final int errorClass;

    MPIException(int errorCode, int errorClass, String message, Throwable cause) {
        super(message, cause);
        this.errorCode = errorCode;
        this.errorClass = errorClass;
    }

    public MPIException(String message) {
        this(0, 0, message, null);
    }

    public MPIException(Throwable cause) {
        super(cause);
        this.errorCode = 0;
        this.errorClass = 0;
    }

    /** The error code; equal to the class unless an implementation has finer codes, which this one has not. */
    public int getErrorCode() {
        return errorCode;
    }

    /** One of the {@code ERR_} constants of {@link MPI}; 0 for an exception that no MPI call raised. */
    public int getErrorClass() {
        return errorClass;
    }
}
