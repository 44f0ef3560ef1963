package org.isthmus.comm.coll;

import java.util.Arrays;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.progress.Completion;
import org.isthmus.comm.progress.Progress;
import org.isthmus.comm.pt2pt.TransferRequest;

/**
 * Works a {@link Schedule} off, either while its caller waits ({@link #runToEnd}) or by the progress of others
 * ({@link #start}).
 *
 * <p>After an error the remaining steps are still made, so that no other rank waits for this one.
 */
public final class ScheduleRun extends CollectiveRequest {
    private final Schedule schedule;
    private final Completion round = this::isRoundOver;
    private TransferRequest[] pending = new TransferRequest[4];
    private int pendingCount;
    private int next;
    private boolean advancing;
    private RuntimeException failure;

    public ScheduleRun(Schedule schedule) {
        this.schedule = schedule;
    }

    /** Starts it and leaves the rest to {@code progress}. */
    public ScheduleRun start(Progress progress) {
        if (progress() >= 0) {
            progress.register(this);
        }
        return this;
    }

    /** @throws CommException when a transfer failed; what a reduction threw is thrown as it is. */
    public void runToEnd(Progress progress) {
        while (startRound()) {
            if (!isRoundOver()) {
                progress.await(round);
            }
        }
        finish();
        if (failure != null) {
            throw failure;
        }
        if (errorClass != ErrorClass.SUCCESS) {
            throw new CommException(errorClass, errorMessage);
        }
    }

    @Override
    public int progress() {
        if (done) {
            return -1;
        }
        if (advancing) {
            return 0;
        }
        advancing = true;
        int rounds = 0;
        while (isRoundOver()) {
            if (!startRound()) {
                finish();
                return -1;
            }
            rounds++;
        }
        advancing = false;
        return rounds;
    }

    private boolean startRound() {
        if (next == schedule.length()) {
            return false;
        }
        while (next < schedule.length()) {
            Step step = schedule.step(next++);
            if (step == Step.EndOfRound.INSTANCE) {
                break;
            }
            start(step);
        }
        return true;
    }

    private void start(Step step) {
        try {
            TransferRequest transfer = step.start(schedule);
            if (transfer != null) {
                if (pendingCount == pending.length) {
                    pending = Arrays.copyOf(pending, 2 * pendingCount);
                }
                pending[pendingCount++] = transfer;
            }
        } catch (RuntimeException e) {
            if (failure == null) {
                failure = e;
            }
            fail(e instanceof CommException c ? c.errorClass() : ErrorClass.OTHER,
                    e instanceof CommException ? e.getMessage() : e.toString());
        }
    }

    private boolean isRoundOver() {
        while (pendingCount > 0) {
            TransferRequest last = pending[pendingCount - 1];
            if (!last.isDone()) {
                return false;
            }
            if (last.errorClass != ErrorClass.SUCCESS) {
                fail(last.errorClass, last.errorMessage);
            }
            schedule.comm.pointToPoint().release(last);
            pending[--pendingCount] = null;
        }
        return true;
    }

    private void finish() {
        CommException verdict = schedule.comm.pointToPoint().verdict(schedule.comm);
        if (verdict != null) {
            fail(verdict.errorClass(), verdict.getMessage());
        }
        schedule.release();
        done = true;
    }
}
