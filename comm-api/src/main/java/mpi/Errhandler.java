package mpi;

/** What a communicator does with an error (MPI 3.1, section 8.3): one of the constants in {@link MPI}. */
public final class Errhandler {
    static final Errhandler ARE_FATAL = new Errhandler("ERRORS_ARE_FATAL");
    static final Errhandler ABORT = new Errhandler("ERRORS_ABORT");
    static final Errhandler RETURN = new Errhandler("ERRORS_RETURN");

    private final String name;

    private Errhandler(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }
}
