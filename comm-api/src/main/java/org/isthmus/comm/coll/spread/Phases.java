package org.isthmus.comm.coll.spread;

/**
 * The phases of one collective: an error of one does not keep this member from the others, so that nobody waits for it.
 */
final class Phases {
    private RuntimeException firstException;
    private Error firstError;

    void run(Runnable phase) {
        try {
            phase.run();
        } catch (RuntimeException e) {
            firstException = firstException == null ? e : firstException;
        } catch (Error e) {
            firstError = firstError == null ? e : firstError;
        }
    }

    /** Throws what went wrong first, errors of the JVM before exceptions. */
    void end() {
        if (firstError != null) {
            throw firstError;
        }
        if (firstException != null) {
            throw firstException;
        }
    }
}
