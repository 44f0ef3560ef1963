package org.isthmus.comm.progress;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.isthmus.allocator.heap.BadHandleException;
import org.isthmus.allocator.heap.BlockOverflowException;
import org.isthmus.allocator.segment.SegmentFullException;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.fault.Failures;
import org.isthmus.comm.pt2pt.NodePointToPoint;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.endpoint.Waiter;
import org.isthmus.node.shm.CorruptRecordException;

/**
 * The one loop of a rank: takes arriving records, moves waiting sends, advances running schedules; and waits, by the
 * node's waiting strategy, when there is nothing to do.
 *
 * <p>Any thread that holds the engine lock may run it. {@link #fail} may be called by any thread.
 */
public final class ProgressLoop implements Progress {
    /** Bound on the rounds of receiving before a loss takes effect; a ring holds fewer records. */
    private static final int MOST_DRAINS = 64;
    /** So often is looked whether the others have given up the memory of the dead. */
    private static final int LOOK_STEPS = 256;

    private final RankEndpoint endpoint;
    private final Waiter waiter;
    private final EngineLock lock;
    private final List<Progressible> running = new ArrayList<>();
    private NodePointToPoint pointToPoint;
    private volatile String failure;
    /** Null in a job that ends with its first failure. */
    private Failures failures;
    private Runnable onAbort;
    private IntPredicate needs;
    private int stepsUntilLook = LOOK_STEPS;

    public ProgressLoop(RankEndpoint endpoint, EngineLock lock) {
        this.endpoint = endpoint;
        this.waiter = endpoint.waiter();
        this.lock = lock;
    }

    /** Completes construction: the two refer to each other. */
    public void attach(NodePointToPoint pointToPoint) {
        this.pointToPoint = pointToPoint;
    }

    /**
     * From now on the job survives losses.
     *
     * @param onAbort run when the board says that the job ends all the same
     * @param needs whether this rank may touch buffers of the program of a rank that is lost
     */
    public void survive(Failures failures, Runnable onAbort, IntPredicate needs) {
        this.failures = failures;
        this.needs = needs;
        this.onAbort = onAbort;
    }

    @Override
    public int poll() {
        int events = step();
        if (events == 0 && failure != null) {
            throw failed();
        }
        return events;
    }

    private int step() {
        try {
            if (failures != null && failures.hasNews()) {
                takeNews();
            }
            if (failures != null && failures.isMemoryHeld() && --stepsUntilLook <= 0) {
                takeBackFromDead();
            }
            int events = endpoint.poll();              // RX
            events += pointToPoint.advanceSends();     // TX
            events += pointToPoint.finishUnpacks();    // RX, second stage into memory of devices
            if (!running.isEmpty()) {
                events += advanceRunning();            // schedules
            }
            return events;
        } catch (SegmentFullException e) {
            throw new CommException(ErrorClass.NO_MEM, e.getMessage(), e);
        } catch (CorruptRecordException | BadHandleException | BlockOverflowException e) {
            throw new CommException(ErrorClass.INTERN, e.getMessage(), e);
        }
    }

    /** Takes what the lost have sent, then ends everything that waits for them. */
    private void takeNews() {
        failures.forEachNewLoss(endpoint::lose); // the job is on one node, where a rank's place is its number
        for (int i = 0; i < MOST_DRAINS && endpoint.poll() > 0; i++) {
            // what was sent before the loss is to be received
        }
        failures.takeNews();
        pointToPoint.endBroken();
        failures.note(endpoint.rank(), needs);
        if (failures.aborted() >= 0) {
            onAbort.run();
        }
    }

    /** Takes the memory back that nobody needs any more; it may be that this rank has freed a window since. */
    private void takeBackFromDead() {
        stepsUntilLook = LOOK_STEPS;
        failures.note(endpoint.rank(), needs);
        failures.forEachGivenUp(endpoint::takeBackMessagesOf, endpoint::takeBackBuffersOf);
    }

    @Override
    public void await(Completion completion) {
        lock.enter();
        try {
            int idle = 0;
            while (!completion.isDone()) {
                if (failures != null && failures.isAny()) {
                    CommException problem = completion.problem();
                    if (problem != null) {
                        throw problem;
                    }
                }
                idle = step() == 0 ? idle(idle, completion) : 0;
            }
        } finally {
            lock.exit();
        }
    }

    @Override
    public void checkJob() {
        if (failure != null) {
            throw failed();
        }
    }

    @Override
    public void register(Progressible progressible) {
        running.add(progressible);
    }

    @Override
    public void wake() {
        waiter.wakeSelf();
    }

    /** Ends every wait, now and later, with an error: the job has lost a rank. */
    public void fail(String description) {
        failure = description;
        waiter.wakeSelf();
    }

    private int idle(int idle, Completion completion) {
        if (failure != null) {
            throw failed();
        }
        if (lock.isMultiThreaded()) {
            lock.pause();
            return idle + 1;
        }
        if (!waiter.idle(idle)) {
            if (pointToPoint.awaitsMany()) {
                waiter.pause();
            }
            return idle + 1;
        }
        if (failures != null && failures.isMemoryHeld()) {
            takeBackFromDead();
        }
        if (pointToPoint.awaitsDevice()) {
            Thread.yield();
            return idle;
        }
        endpoint.rest();
        completion.beforeSleep();
        int ticket = waiter.announceSleep();
        int events = step();
        boolean news = failures != null && failures.hasNews();
        if (events == 0 && !completion.isDone() && failure == null && !news && waiter.maySleep()) {
            waiter.sleep(ticket);
        }
        waiter.awake();
        completion.afterSleep();
        return events == 0 ? idle : 0;
    }

    private CommException failed() {
        endpoint.takeBackFromDead();
        return new CommException(ErrorClass.PROC_ABORTED, failure);
    }

    private int advanceRunning() {
        int events = 0;
        for (int i = running.size() - 1; i >= 0; i--) {
            int n = running.get(i).progress();
            if (n < 0) {
                running.remove(i);
                events++;
            } else {
                events += n;
            }
        }
        return events;
    }
}
