package mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.isthmus.comm.Engine;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.function.Executable;

/** Makes the test process a job of one rank, once, with errors as exceptions. */
final class SingleRank implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) throws MPIException {
        synchronized (SingleRank.class) {
            if (!MPI.isInitialized()) {
                MPI.start(Engine.start(false), MPI.THREAD_SINGLE);
            }
        }
        MPI.COMM_WORLD.setErrhandler(MPI.ERRORS_RETURN);
        MPI.COMM_SELF.setErrhandler(MPI.ERRORS_RETURN);
    }

    /** The call must raise this class, with a message that has {@code part} in it. */
    static void assertRaises(int errorClass, String part, Executable call) {
        MPIException e = assertThrows(MPIException.class, call);
        assertEquals(Errors.name(errorClass), Errors.name(e.getErrorClass()), e.getMessage());
        assertEquals(errorClass, e.getErrorCode());
        assertTrue(e.getMessage().startsWith(Errors.name(errorClass) + ": ") && e.getMessage().contains(part),
                e.getMessage());
    }
}
