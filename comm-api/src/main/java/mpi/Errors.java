package mpi;

import java.lang.reflect.Field;
import java.util.concurrent.locks.LockSupport;
import org.isthmus.comm.Engine;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/** Turns the engine's errors into what the error handler in charge wants: an exception, or the end of the job. */
final class Errors {
    private Errors() {}

    /** The exception to throw for {@code error}; does not return when {@code comm}'s handler is fatal. */
    static MPIException raise(Comm comm, CommException error) {
        return raise(comm, comm.errhandler(), comm.describe(), error);
    }

    /** The same for an object of any kind that has this handler. */
    static MPIException raise(Errhandler handler, String object, CommException error) {
        return raise(MPI.COMM_WORLD, handler, object, error);
    }

    private static MPIException raise(Comm comm, Errhandler handler, String object, CommException error) {
        MPIException exception = exception(error);
        if (handler.function() != null) {
            handler.function().onError(comm, exception.getErrorCode(), exception.getMessage());
        } else if (handler != Errhandler.RETURN) {
            endJob(handler, object, error, exception.getMessage());
        }
        return exception;
    }

    /** The same for calls on objects without an error handler: the world's is in charge (MPI 3.1, section 8.3). */
    static MPIException raise(CommException error) {
        return raise(MPI.COMM_WORLD, error);
    }

    static MPIException exception(CommException error) {
        int errorClass = error.errorClass();
        return new MPIException(errorClass, errorClass, name(errorClass) + ": " + error.getMessage(), error);
    }

    /** The name of the constant with value {@code errorClass}. */
    static String name(int errorClass) {
        for (Field field : ErrorClass.class.getFields()) {
            try {
                if (field.getInt(null) == errorClass) {
                    return errorClass == ErrorClass.SUCCESS ? "SUCCESS" : "ERR_" + field.getName();
                }
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
        }
        return "error class " + errorClass;
    }

    private static void endJob(Errhandler handler, String object, Throwable error, String text) {
        Engine engine = Session.engineOrNull();
        if (engine == null) {
            return; // the caller throws: there is no job to end
        }
        if (MPI.isEnding()) {
            awaitEnd();
        }
        String message = "rank " + engine.world().rank() + ": error in " + method(error) + " on "
                + object + "\n  " + text + "\n  The error handler is " + handler.name()
                + ": the job ends. With setErrhandler(MPI.ERRORS_RETURN) the call throws an MPIException instead.";
        System.err.println(message);
        engine.abort(error instanceof CommException e ? e.errorClass() : ErrorClass.OTHER, message);
    }

    /** The failure of another rank is ending this one; its message is the one to be read. */
    private static void awaitEnd() {
        while (true) {
            LockSupport.park();
        }
    }

    /** Ends the job as {@code callErrhandler} asks with a fatal handler. */
    static void endJob(Errhandler handler, String object, int errorCode) {
        endJob(handler, object, new CommException(errorCode, "raised by the program"),
                name(errorCode) + ": raised by the program with callErrhandler");
    }

    /** The API method that the program called: the outermost frame of this package or of the extensions. */
    private static String method(Throwable error) {
        String name = "MPI";
        for (StackTraceElement frame : error.getStackTrace()) {
            String type = frame.getClassName();
            if (type.startsWith("mpi.")) {
                name = type.substring("mpi.".length()) + "." + frame.getMethodName();
            } else if (type.matches("org\\.isthmus\\.[A-Z]\\w*")) {
                name = type + "." + frame.getMethodName();
            }
        }
        return name;
    }
}
