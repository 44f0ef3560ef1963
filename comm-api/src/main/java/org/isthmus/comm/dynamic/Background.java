package org.isthmus.comm.dynamic;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.isthmus.comm.progress.Progress;
import org.isthmus.node.connect.ConnectedProcesses;

/** Runs what blocks on another thread, while this one, which holds the engine, makes progress. */
record Background(Progress progress, ConnectedProcesses connected) {
    /** Returns when it is done, with its result or its {@code IOException} or unchecked exception. */
    <T> T await(Callable<T> blocking) throws IOException {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofVirtual().name("isthmus-waiting").start(() -> {
            try {
                result.complete(blocking.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
            connected.wake();
        });
        progress.await(result::isDone);
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw e;
        }
    }
}
