package org.isthmus.comm.file;

import java.util.concurrent.Executor;
import org.isthmus.comm.coll.CollectiveRequest;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.progress.Progress;

/**
 * One access that all ranks of a file make together, advanced by progress: the ranks tell each other what they want
 * ({@link CollectivePlan}); where their blocks are large or lie apart each goes on alone, else data goes through
 * aggregators ({@link TwoPhase}) and all learn whether those failed.
 */
final class CollectiveAccess implements Progress.Progressible {
    private static final TypeMap LONG = TypeMap.of(Primitive.LONG);

    private final FileGroup group;
    private final Transfer transfer;
    private final Executor executor;
    private final FileRequest result;
    private final long[] plans;
    private final int messageTag;
    private final int verdictTag;
    private CollectiveRequest exchange;
    private TwoPhase twoPhase;
    private CollectiveRequest verdict;
    private final long[] worst = new long[1];
    private boolean advancing;
    private boolean finished;

    /** What to move, and how. */
    record Transfer(Storage storage, View view, Hints hints, boolean atomic, boolean lockWrites, Message message,
            long position, boolean write) {
        private long alone() {
            IndependentAccess access = new IndependentAccess(storage, view, hints, atomic, lockWrites);
            if (write) {
                access.write(message, position);
                return message.length();
            }
            return access.read(message, position);
        }

        /** Does it alone and completes {@code request}. */
        void complete(FileRequest request) {
            try {
                request.complete(alone(), null);
            } catch (RuntimeException | Error e) {
                request.complete(0, FileErrors.of(e));
            }
        }
    }

    /**
     * Starts it.
     *
     * @param executor where the file is read and written
     * @param result completed at the end, with the bytes of this rank
     */
    CollectiveAccess(FileGroup group, Transfer transfer, Executor executor, FileRequest result) {
        this.group = group;
        this.transfer = transfer;
        this.executor = executor;
        this.result = result;
        // Taken now, when all ranks are at the same call: later their order would depend on what arrives when.
        this.messageTag = group.comm().nextCollectiveTag();
        this.verdictTag = group.comm().nextCollectiveTag();
        this.plans = new long[group.comm().size() * CollectivePlan.NUMBERS];
        long[] mine = CollectivePlan.describe(transfer.view.blocks(), transfer.position, transfer.message.length());
        System.arraycopy(mine, 0, plans, group.comm().rank() * mine.length, mine.length);
        this.exchange = group.collectives().iallgather(null, 0, 0, LONG, plans, 0, mine.length, LONG);
        group.comm().progress().register(this);
    }

    @Override
    public int progress() {
        if (finished) {
            return -1;
        }
        if (advancing) {
            return 0;
        }
        advancing = true;
        try {
            advance();
        } catch (RuntimeException | Error e) {
            finish(0, FileErrors.of(e));
        } finally {
            advancing = false;
        }
        return finished ? -1 : 0;
    }

    private void advance() {
        if (exchange != null && exchange.isDone()) {
            check(exchange);
            exchange = null;
            decide();
        }
        if (twoPhase != null && verdict == null && twoPhase.advance()) {
            CommException error = twoPhase.error();
            worst[0] = error == null ? 0 : (long) error.errorClass() << Integer.SIZE | group.comm().rank();
            verdict = group.startMaximum(worst, verdictTag);
        }
        if (verdict != null && verdict.isDone()) {
            check(verdict);
            group.raise(transfer.write ? "writing" : "reading", twoPhase.error(), worst[0]);
            finish(twoPhase.bytes(), null);
        }
    }

    private static void check(CollectiveRequest request) {
        if (request.errorClass != ErrorClass.SUCCESS) {
            throw new CommException(request.errorClass, request.errorMessage);
        }
    }

    private void decide() {
        CollectivePlan plan = new CollectivePlan(plans);
        if (transfer.atomic || !plan.aggregates(transfer.hints, transfer.write, group.nodes() == 1)) {
            finished = true;
            executor.execute(() -> transfer.complete(result));
            return;
        }
        int[] aggregators = group.aggregators(transfer.hints.aggregators());
        plan.setView(group.comm().rank(), transfer.view.blocks());
        plan.divide(aggregators.length, transfer.hints.collectiveBuffer(), transfer.hints.alignment());
        twoPhase = new TwoPhase(group.comm(), aggregators, plan, transfer.storage, transfer.message, transfer.position,
                transfer.write, transfer.lockWrites, executor, messageTag);
    }

    private void finish(long bytes, CommException error) {
        finished = true;
        result.complete(bytes, error);
    }
}
