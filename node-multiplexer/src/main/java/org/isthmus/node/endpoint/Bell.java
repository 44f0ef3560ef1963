package org.isthmus.node.endpoint;

import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.Optional;

/**
 * Wakes a process of this node that sleeps in a selector: a pipe which that selector watches. It works without native
 * access, and, other than a futex, wakes the selector's own thread. Used by the thread that owns the endpoint.
 */
public final class Bell {
    private final FileOutputStream pipe;

    private Bell(FileOutputStream pipe) {
        this.pipe = pipe;
    }

    /**
     * The pipe at a path below {@code /proc/PID/fd}; empty where that cannot be opened, so that the wake word has to
     * do.
     */
    public static Optional<Bell> open(String path) {
        try {
            return Optional.of(new Bell(new FileOutputStream(path))); // a FileChannel would be closed by an interrupt
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    /** Ends the sleep. */
    public void ring() {
        try {
            pipe.write(1);
        } catch (IOException e) {
            // the reader has ended; whoever started that process reports its end
        }
    }
}
