package mpi;

import org.isthmus.ErrorHandler;

/**
 * What a communicator does with an error (MPI 3.1, section 8.3): one of the constants in {@link MPI}, or one made by
 * {@link ErrorHandler#create}.
 */
public final class Errhandler {
    static final Errhandler ARE_FATAL = new Errhandler("ERRORS_ARE_FATAL");
    static final Errhandler ABORT = new Errhandler("ERRORS_ABORT");
    static final Errhandler RETURN = new Errhandler("ERRORS_RETURN");

    private final String name;
    private final ErrorHandler function;

    private Errhandler(String name) {
        this.name = name;
        this.function = null;
    }

    Errhandler(ErrorHandler function) {
        this.name = "the program's own";
        this.function = function;
    }

    /** The program's own handler; null for the predefined ones. */
    ErrorHandler function() {
        return function;
    }

    String name() {
        return name;
    }
}
