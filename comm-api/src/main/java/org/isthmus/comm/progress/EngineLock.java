package org.isthmus.comm.progress;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one thread at a time into the engine of a rank that runs with {@code THREAD_MULTIPLE}; costs nothing below that
 * level, where the program itself promises it, unless the engine has a thread of its own.
 */
public final class EngineLock {
    private ReentrantLock lock;

    public EngineLock(boolean multiThreaded) {
        this.lock = multiThreaded ? new ReentrantLock() : null;
    }

    public boolean isMultiThreaded() {
        return lock != null;
    }

    /**
     * From now on several threads may enter. Called while no thread is inside, and before another one than the caller
     * enters.
     */
    public void share() {
        if (lock == null) {
            lock = new ReentrantLock();
        }
    }

    /** Enters if nobody else is inside; for {@link #share shared} locks only. */
    public boolean tryEnter() {
        return lock.tryLock();
    }

    public void enter() {
        if (lock != null) {
            lock.lock();
        }
    }

    public void exit() {
        if (lock != null) {
            lock.unlock();
        }
    }

    /** Lets other threads in for a moment, however often this one has entered, and gives its core away. */
    void pause() {
        int holds = lock.getHoldCount();
        for (int i = 0; i < holds; i++) {
            lock.unlock();
        }
        Thread.yield();
        for (int i = 0; i < holds; i++) {
            lock.lock();
        }
    }
}
