package org.isthmus.comm.file;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The process's threads for accesses that nobody waits for: a few daemons, which end when there is nothing to do. */
final class FileThreads {
    private static final int THREADS = 4;
    private static final long IDLE_SECONDS = 10;
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Executor POOL = pool();

    private FileThreads() {}

    /** Runs work later, several at once, in no order. */
    static Executor pooled() {
        return POOL;
    }

    private static Executor pool() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(), work -> Thread.ofPlatform().daemon()
                        .name("isthmus-file-" + NUMBER.incrementAndGet()).unstarted(work));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
