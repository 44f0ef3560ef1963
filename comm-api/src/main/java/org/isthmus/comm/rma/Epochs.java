package org.isthmus.comm.rma;

import java.util.Arrays;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/**
 * Which epochs of a window are open in this process (MPI 3.1, section 11.5), and what may be done in them.
 *
 * <pre>
 *   access epoch              opened by     closed by                     targets
 *   NONE
 *   FENCE                     fence         fence with MODE_NOSUCCEED     all; unused, it gives way to any other
 *   START                     start         complete                      the group
 *   LOCK                      lock          the last unlock               the locked ones
 *   LOCK_ALL                  lockAll       unlockAll                     all
 *
 *   exposure epoch: none, or from post until wait or a successful test
 * </pre>
 *
 * <p>Every refusal is an {@code ERR_RMA_SYNC} that says which call is missing. One thread at a time.
 */
final class Epochs {
    private enum Access { NONE, FENCE, START, LOCK, LOCK_ALL }

    private final boolean[] open;
    private final boolean[] exclusive;
    private Access access = Access.NONE;
    private boolean used;
    private int locks;
    private boolean exposed;

    Epochs(int size) {
        this.open = new boolean[size];
        this.exclusive = new boolean[size];
    }

    /** Refuses access to {@code target} outside of an epoch. */
    void access(int target) {
        if (!open[target]) {
            throw sync("no epoch is open for target rank " + target + " (" + state()
                    + "): call fence, start, lock or lockAll first");
        }
        used = true;
    }


    void checkFence() {
        if (access != Access.NONE && access != Access.FENCE) {
            throw sync("fence while " + state() + ": end that epoch first");
        }
    }

    void fence(boolean opens) {
        access = opens ? Access.FENCE : Access.NONE;
        Arrays.fill(open, opens);
        used = false;
    }

    /** Before start, lock and lockAll: ends an unused fence epoch. */
    void checkNew(String call) {
        if (access == Access.FENCE && !used) {
            access = Access.NONE;
            Arrays.fill(open, false);
        }
        if (access != Access.NONE && !(access == Access.LOCK && call.equals("lock"))) {
            throw sync(call + " while " + state() + ": end that epoch first"
                    + (access == Access.FENCE ? " with fence(MPI.MODE_NOSUCCEED)" : ""));
        }
    }

    void start(int[] targets) {
        access = Access.START;
        for (int target : targets) {
            open[target] = true;
        }
    }

    void checkComplete() {
        if (access != Access.START) {
            throw sync("complete without start (" + state() + "): call start first");
        }
    }

    void complete() {
        closeAll();
    }

    /** Whether it is the first lock: this process holds no other. */
    boolean checkLock(int target) {
        checkNew("lock");
        if (open[target]) {
            throw sync("target rank " + target + " is locked by this process already: unlock it first");
        }
        return locks == 0;
    }

    void lock(int target, boolean isExclusive) {
        access = Access.LOCK;
        open[target] = true;
        exclusive[target] = isExclusive;
        locks++;
    }

    boolean isExclusive(int target) {
        return exclusive[target];
    }

    void checkUnlock(int target) {
        if (access != Access.LOCK || !open[target]) {
            throw sync("target rank " + target + " is not locked by this process (" + state() + "): call lock first");
        }
    }

    void unlock(int target) {
        open[target] = false;
        if (--locks == 0) {
            access = Access.NONE;
        }
    }

    void lockAll() {
        access = Access.LOCK_ALL;
        Arrays.fill(open, true);
        Arrays.fill(exclusive, false);
    }

    void checkUnlockAll() {
        if (access != Access.LOCK_ALL) {
            throw sync("unlockAll without lockAll (" + state() + "): call lockAll first");
        }
    }

    void unlockAll() {
        closeAll();
    }

    /** Before a flush: it needs a passive target epoch. */
    void checkPassive(int target) {
        if (access != Access.LOCK && access != Access.LOCK_ALL || !open[target]) {
            throw sync("flush for target rank " + target + " outside of a passive target epoch ("
                    + state() + "): call lock or lockAll first");
        }
    }

    void checkPassive() {
        if (access != Access.LOCK && access != Access.LOCK_ALL) {
            throw sync("flush outside of a passive target epoch (" + state() + "): call lock or lockAll first");
        }
    }

    void checkPost() {
        if (exposed) {
            throw sync("post while the window is exposed by an earlier post: call waitFor or test first");
        }
    }

    void checkExposed(String call) {
        if (!exposed) {
            throw sync(call + " without post: call post first");
        }
    }

    void expose(boolean isExposed) {
        exposed = isExposed;
    }

    /** Refuses to free the window while an epoch is open that somebody may still use. */
    void checkFree() {
        if (exposed || access != Access.NONE && access != Access.FENCE) {
            throw sync("free while " + (exposed ? "the window is exposed by post" : state())
                    + ": end that epoch first");
        }
    }

    private void closeAll() {
        access = Access.NONE;
        Arrays.fill(open, false);
    }

    private String state() {
        return switch (access) {
            case NONE -> "no access epoch is open";
            case FENCE -> "a fence epoch is open";
            case START -> "the epoch of a start is open";
            case LOCK -> "targets are locked";
            case LOCK_ALL -> "all targets are locked";
        };
    }

    private static CommException sync(String message) {
        return new CommException(ErrorClass.RMA_SYNC, message);
    }
}
