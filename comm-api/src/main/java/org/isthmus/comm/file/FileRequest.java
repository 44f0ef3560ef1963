package org.isthmus.comm.file;

import java.util.function.LongConsumer;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.progress.Completion;
import org.isthmus.comm.progress.Progress;

/**
 * One access under way. Completed once, by any thread; {@link #bytes()} and {@link #error()} are valid once
 * {@link #isDone()}.
 */
public final class FileRequest implements Completion {
    private final Progress progress;
    private final LongConsumer onBytes;
    private long bytes;
    private CommException error;
    private volatile boolean done;

    /**
     * @param progress what the rank waits in, to be woken
     * @param onBytes called with the bytes moved (0 after an error) before the request counts as done
     */
    FileRequest(Progress progress, LongConsumer onBytes) {
        this.progress = progress;
        this.onBytes = onBytes;
    }

    @Override
    public boolean isDone() {
        return done;
    }

    /** Bytes of the user's data that were read or written. */
    public long bytes() {
        return bytes;
    }

    /** Null after success. */
    public CommException error() {
        return error;
    }

    /** The bytes, or the error as an exception. */
    public long result() {
        if (error != null) {
            throw error;
        }
        return bytes;
    }

    void complete(long transferred, CommException failure) {
        bytes = transferred;
        error = failure;
        try {
            onBytes.accept(transferred);
        } catch (RuntimeException | Error e) {
            error = FileErrors.of(e);
        }
        done = true;
        progress.wake();
    }
}
