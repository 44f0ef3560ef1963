package org.isthmus.launch;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.isthmus.node.bootstrap.EndedRanks;
import org.isthmus.node.bootstrap.ProcessTree;

/**
 * Runs a job to its end. All ranks end with code 0: 0. The first rank that does not: the others, which hear of it from
 * the failing rank, get a moment to end by themselves, then SIGTERM, then SIGKILL; the exit code is that of the failing
 * rank. A job that survives failures goes on: 0 when one rank ends with 0, else the code of the first that failed. A
 * signal that ends this process ends all ranks first.
 */
final class JobSupervisor {
    private static final long MOMENT_MILLIS = 250;

    private final RankStarter starter;
    private final EndedRanks endedRanks;
    private final int size;
    private final Duration timeout;
    private final boolean survives;
    /** Running processes by rank. Guarded by itself: the shutdown hook reads it too. */
    private final Map<Integer, Process> running = new LinkedHashMap<>();
    private final BlockingQueue<Integer> ended = new LinkedBlockingQueue<>();
    private volatile boolean stopping;

    /**
     * @param endedRanks is told of the ranks that end, and closed at the end of the job
     * @param timeout null for none
     * @param survives whether the other ranks go on when one fails
     */
    JobSupervisor(RankStarter starter, EndedRanks endedRanks, Duration timeout, boolean survives) {
        this.starter = starter;
        this.endedRanks = endedRanks;
        this.size = starter.size();
        this.timeout = timeout;
        this.survives = survives;
    }

    /** Starts the ranks and returns the exit code of the job. */
    int run() throws InterruptedException {
        Thread hook = Thread.ofPlatform().unstarted(this::stopFromSignal);
        Runtime.getRuntime().addShutdownHook(hook);
        int code;
        try {
            code = supervise();
        } finally {
            endedRanks.close();
        }
        starter.drainOutput();
        if (!stopping) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        return code;
    }

    private int supervise() throws InterruptedException {
        long deadline = timeout == null ? Long.MAX_VALUE : System.nanoTime() + timeout.toNanos();
        for (int rank = 0; rank < size; rank++) {
            try {
                startRank(rank);
            } catch (IOException e) {
                endAll(0);
                System.err.println("isthmus run: rank " + rank + " cannot be started: " + e.getMessage());
                return ExitCodes.CANNOT_START;
            }
        }
        int firstFailure = 0;
        boolean oneEndedWell = false;
        for (int left = size; left > 0; left--) {
            Integer rank = timeout == null ? ended.take()
                    : ended.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (rank == null) {
                endAll(0);
                System.err.println("isthmus run: the job was ended after its --timeout of "
                        + timeout.toMillis() + " ms");
                return ExitCodes.TIMED_OUT;
            }
            int code = collect(rank);
            oneEndedWell |= code == 0;
            if (code != 0 && !survives) {
                return endAfterFailure(rank, code);
            }
            endedRanks.ended(rank);
            if (code != 0) {
                firstFailure = firstFailure == 0 ? code : firstFailure;
                if (stopping) {
                    continue;
                }
                System.err.println("isthmus run: rank " + rank + " of " + size + " failed: " + ExitCodes.describe(code)
                        + "; the others go on");
            }
        }
        return oneEndedWell ? 0 : firstFailure;
    }

    private void startRank(int rank) throws IOException {
        synchronized (running) {
            if (stopping) {
                return;
            }
            Process process = starter.start(rank);
            running.put(rank, process);
            process.onExit().thenRun(() -> ended.add(rank));
        }
    }

    private int collect(int rank) {
        synchronized (running) {
            return running.remove(rank).exitValue();
        }
    }

    private int endAfterFailure(int rank, int code) throws InterruptedException {
        endAll(MOMENT_MILLIS);
        starter.drainOutput();
        if (!stopping) {
            System.err.println("isthmus run: rank " + rank + " of " + size + " failed: " + ExitCodes.describe(code)
                    + "; the job was ended");
        }
        return code;
    }

    private void stopFromSignal() {
        stopping = true;
        try {
            endAll(0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            endedRanks.close();
        }
    }

    /** Ends all running ranks with everything they started; returns when they are gone. */
    private void endAll(long momentMillis) throws InterruptedException {
        List<Process> processes;
        synchronized (running) {
            processes = new ArrayList<>(running.values());
        }
        ProcessTree.end(processes, momentMillis);
    }
}
