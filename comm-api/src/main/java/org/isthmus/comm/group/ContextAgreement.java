package org.isthmus.comm.group;

import java.util.Arrays;
import org.isthmus.comm.coll.AlgorithmTable;
import org.isthmus.comm.coll.CollectiveCall;
import org.isthmus.comm.coll.CollectiveKind;
import org.isthmus.comm.coll.CollectiveRequest;
import org.isthmus.comm.coll.Schedule;
import org.isthmus.comm.coll.ScheduleRun;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.op.PredefinedOp;

/**
 * Members agree on a context that is free at all of them: an allreduce with AND over their sets of free contexts; the
 * lowest one left is taken. Members that may not offer their contexts just then (see {@link ContextIds}) offer none,
 * and all try again.
 *
 * <p>In the first round nobody offers anything: no process's contexts are tied up before all members have come, else
 * two agreements that processes enter in different order would wait for each other.
 */
final class ContextAgreement extends CollectiveRequest {
    private final ContextIds ids;
    private final Communicator parent;
    private final int tag;
    private final int[] members;
    private final int rank;
    private final boolean takes;
    /** The free contexts, then a word that stays all ones while everybody offers. */
    private final long[] words = new long[ContextIds.WORDS + 1];
    private ScheduleRun round;
    private boolean everyoneCame;
    private int context = -1;

    /**
     * @param tag of its messages on {@code parent}'s context of collectives
     * @param members ranks in {@code parent} that agree, null for all
     * @param rank this process's index in {@code members}
     * @param takes whether this process will use the context
     */
    ContextAgreement(ContextIds ids, Communicator parent, int tag, int[] members, int rank, boolean takes) {
        this.ids = ids;
        this.parent = parent;
        this.tag = tag;
        this.members = members;
        this.rank = rank;
        this.takes = takes;
        ids.enter(this);
    }

    /** Starts it and waits for its end. */
    void await() {
        if (progress() >= 0) {
            parent.progress().register(this);
            parent.progress().await(this);
        }
    }

    /** Which of several agreements goes first: equal on all members, different for any two in one process. */
    long key() {
        return (long) parent.contextId() << 32 | tag;
    }

    /** Whether all members are known to have entered it, so that it ends without anybody entering anything else. */
    boolean hasEveryone() {
        return everyoneCame;
    }

    /** The context agreed on, once done without an error. */
    int context() {
        return context;
    }

    @Override
    public int progress() {
        while (!done) {
            if (round == null) {
                startRound();
            }
            int events = round.progress();
            if (!round.isDone()) {
                return events;
            }
            endRound();
        }
        return -1;
    }

    private void startRound() {
        boolean offers = everyoneCame && (!takes || ids.startOffering(this));
        Arrays.fill(words, offers ? -1L : 0L);
        if (offers && takes) {
            offerFree();
        }
        Schedule schedule = members == null ? new Schedule(parent, tag) : new Schedule(parent, tag, members, rank);
        TypeMap type = TypeMap.of(Primitive.LONG);
        CollectiveCall call = new CollectiveCall(CollectiveKind.ALLREDUCE, schedule.size()).op(PredefinedOp.BAND)
                .receive(words, 0, words.length, type).operand(null, 0).bytes(words.length * type.size());
        AlgorithmTable.ofPointToPoint().select(call).build(call, schedule);
        round = new ScheduleRun(schedule);
    }

    /**
     * Freed communicators may have left messages that nobody received, and receives that nobody has cancelled yet: the
     * communicator that gets their context must not see either. All members have come by now, so what they sent on
     * communicators that they have freed is here or on its way in; nothing of the new one is before its agreement ends.
     */
    private void offerFree() {
        parent.pointToPoint().discard(parent, ids::isFree);
        ids.copyFree(words);
        parent.pointToPoint().postedContexts().forEach(posted -> ContextIds.exclude(words, posted));
    }

    private void endRound() {
        int lowest = ContextIds.lowest(words);
        if (round.errorClass != ErrorClass.SUCCESS) {
            fail(round.errorClass, round.errorMessage);
            end();
        } else if (lowest >= 0) {
            context = lowest;
            if (takes) {
                ids.take(lowest);
            }
            end();
        } else if (words[ContextIds.WORDS] != 0) {
            fail(ErrorClass.OTHER, "no more communicators: the members have no free context in common, of "
                    + ContextIds.LIMIT + " each; free communicators that are no longer needed");
            end();
        } else {
            everyoneCame = true;
            ids.stopOffering(this);
        }
        round = null;
    }

    private void end() {
        ids.leave(this);
        done = true;
    }
}
