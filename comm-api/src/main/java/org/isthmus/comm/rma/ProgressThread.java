package org.isthmus.comm.rma;

import java.util.concurrent.locks.LockSupport;
import org.isthmus.comm.buffer.ConfinedMemory;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.progress.EngineLock;
import org.isthmus.comm.progress.Progress;

/**
 * Makes progress while the program's threads compute, so that this process serves those who need its help for one-sided
 * communication. It looks for work at once after it found some, else after a pause that doubles up to a millisecond;
 * when another thread is in the engine that one makes progress. Once the program has used memory of a confined arena as
 * a message buffer it stands aside: it could not copy there.
 *
 * <p>It ends silently when the job fails: each thread of the program learns that in its own waits.
 */
final class ProgressThread {
    private static final long SHORTEST_NANOS = 20_000;
    private static final long LONGEST_NANOS = 1_000_000;

    private final Progress progress;
    private final EngineLock lock;
    private final Thread thread;
    private volatile boolean ended;

    ProgressThread(Progress progress, EngineLock lock) {
        this.progress = progress;
        this.lock = lock;
        this.thread = Thread.ofPlatform().daemon().name("isthmus-progress").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Returns when it makes no more progress. */
    void end() {
        ended = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        long pause = SHORTEST_NANOS;
        try {
            while (!ended) {
                if (look() > 0) {
                    pause = SHORTEST_NANOS;
                } else {
                    LockSupport.parkNanos(pause);
                    pause = Math.min(LONGEST_NANOS, 2 * pause);
                }
            }
        } catch (CommException jobFailed) {
            ended = true;
        }
    }

    private int look() {
        if (ConfinedMemory.isSeen() || !lock.tryEnter()) {
            return 0;
        }
        try {
            return ended ? 0 : progress.poll();
        } finally {
            lock.exit();
        }
    }
}
