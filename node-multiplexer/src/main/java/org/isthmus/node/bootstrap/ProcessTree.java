package org.isthmus.node.bootstrap;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Ends processes with everything they started. Any thread may call. */
public final class ProcessTree {
    /** How long a process may take to obey SIGTERM. */
    public static final long TERM_GRACE_MILLIS = 2000;
    private static final long POLL_MILLIS = 5;

    private ProcessTree() {}

    /**
     * Waits a moment for them to end by themselves, then SIGTERM, then SIGKILL; returns when they are gone.
     *
     * @param processes those that still run
     */
    public static void end(Collection<Process> processes, long momentMillis) throws InterruptedException {
        end(processes, momentMillis, () -> { });
    }

    /** @param beforeSignals called when the moment is over */
    public static void end(Collection<Process> processes, long momentMillis, Runnable beforeSignals)
            throws InterruptedException {
        List<ProcessHandle> handles = new ArrayList<>();
        for (Process process : processes) {
            process.descendants().forEach(handles::add);
            handles.add(process.toHandle());
        }
        awaitEnd(handles, momentMillis);
        beforeSignals.run();
        handles.forEach(ProcessHandle::destroy);
        awaitEnd(handles, TERM_GRACE_MILLIS);
        handles.forEach(ProcessHandle::destroyForcibly);
        awaitEnd(handles, TERM_GRACE_MILLIS); // bounded: a grandchild that nobody reaps counts as alive for ever
    }

    /** Returns when they have ended, or after {@code millis}. */
    public static void awaitEnd(List<ProcessHandle> handles, long millis) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() - deadline < 0 && handles.stream().anyMatch(ProcessHandle::isAlive)) {
            Thread.sleep(POLL_MILLIS);
        }
    }
}
