package org.isthmus.comm.progress;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one thread at a time into the engine of a rank that runs with {@code THREAD_MULTIPLE}; costs nothing below that
 * level, where the program itself promises it.
 */
public final class EngineLock {
    private final ReentrantLock lock;

    public EngineLock(boolean multiThreaded) {
        this.lock = multiThreaded ? new ReentrantLock() : null;
    }

    public boolean isMultiThreaded() {
        return lock != null;
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
