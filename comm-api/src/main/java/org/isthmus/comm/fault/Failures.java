package org.isthmus.comm.fault;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.pt2pt.PointToPoint;
import org.isthmus.node.endpoint.Waiter;
import org.isthmus.node.shm.FailureBoard;

/**
 * What a rank knows of lost processes and revoked communicators, and what can go on in spite of them (the rules of
 * ULFM: Bland et al., "Post-failure recovery of MPI communication capability", 2013).
 *
 * <p>Events come from the node's {@link FailureBoard}, in an order that is equal on all ranks: {@link #add} and
 * {@link #reportLost}, from any thread, put them there; {@link #next} takes them over, on the engine's thread, to which
 * everything else belongs.
 *
 * <p>Broken are: messages with a lost process, receives from any process of a communicator with a loss that was not
 * acknowledged, collectives of a communicator with a lost member, everything on a revoked communicator.
 */
public final class Failures {
    private static final int REVOKED = 0x4000_0000;
    private static final int ABORTED = 0x2000_0000;

    private final FailureBoard board;
    private final Waiter waiter;
    private final int size;
    private final List<Integer> lost = new ArrayList<>();
    /** How many events there were with that of each loss. */
    private final List<Integer> lostAt = new ArrayList<>();
    private final BitSet isLost = new BitSet();
    private final BitSet revoked = new BitSet();
    /** By communicator: how many losses of the list were acknowledged. */
    private final Map<Integer, Integer> acknowledged = new HashMap<>();
    private int position;
    private int aborted = -1;
    /** Of the list of losses, those whose message blocks, and whose program's buffers, nobody needs any more. */
    private int messagesGivenUp;
    private int buffersGivenUp;

    /** @param size ranks of the job, all of which are on this node */
    public Failures(FailureBoard board, Waiter waiter, int size) {
        this.board = board;
        this.waiter = waiter;
        this.size = size;
    }

    FailureBoard board() {
        return board;
    }

    /** Number of a communicator: one for all its contexts. */
    static int number(Communicator comm) {
        return (comm.contextId() & 0x7fff) >> 1;
    }

    private static boolean isCollective(Communicator comm) {
        return (comm.contextId() & 0x8001) == 1;
    }

    /** A process was lost; any thread. */
    public void reportLost(int worldRank) {
        add(worldRank + 1);
    }

    /** The communicator is of no more use to anybody. */
    public void revoke(Communicator comm) {
        add(REVOKED | number(comm));
    }

    /** The job ends with that code; any thread. */
    public void reportAbort(int exitCode) {
        add(ABORTED | exitCode & 0xffff);
    }

    private void add(int event) {
        if (!board.add(event)) {
            throw new CommException(ErrorClass.NO_MEM, "no room for another failure or revocation: there were 32768");
        }
        wakeAll();
    }

    /** Lets every rank look at the board. */
    void wakeAll() {
        waiter.fenceBeforeLookingForSleepers();
        for (int rank = 0; rank < board.ranks(); rank++) {
            waiter.alert(rank);
        }
    }

    /** Whether there are events that were not taken over. */
    public boolean hasNews() {
        return board.event(position) != 0;
    }

    /** Names the processes, by rank in the job, whose losses were not taken over yet. */
    public void forEachNewLoss(IntConsumer action) {
        int event;
        for (int i = position; (event = board.event(i)) != 0; i++) {
            if (isLoss(event)) {
                action.accept(event - 1);
            }
        }
    }

    private static boolean isLoss(int event) {
        return (event & (REVOKED | ABORTED)) == 0;
    }

    /** Takes all events over. */
    public void takeNews() {
        for (int event = board.event(position); event != 0; event = board.event(++position)) {
            if ((event & REVOKED) != 0) {
                revoked.set(event & ~REVOKED);
            } else if ((event & ABORTED) != 0) {
                aborted = event & 0xffff;
            } else {
                lost.add(event - 1);
                lostAt.add(position + 1);
                isLost.set(event - 1);
            }
        }
    }

    /**
     * Tells the others that what was taken over is done here: nothing of this rank waits for the dead, sends to them or
     * reads what they had sent.
     *
     * @param rank this one
     * @param needs whether this rank may still touch the program's buffers of a dead rank, given by rank in the job
     */
    public void note(int rank, IntPredicate needs) {
        int released = position;
        for (int i = lost.size() - 1; i >= 0; i--) {
            if (needs.test(lost.get(i))) {
                released = lostAt.get(i) - 1;
            }
        }
        board.note(rank, position, released);
    }

    /** Whether the memory of some dead rank has not been given up by all who live. */
    public boolean isMemoryHeld() {
        return messagesGivenUp < lost.size() || buffersGivenUp < lost.size();
    }

    /** Names the dead, each once, of whom no living rank needs the messages any more; and the program's buffers. */
    public void forEachGivenUp(IntConsumer messages, IntConsumer buffers) {
        while (messagesGivenUp < lost.size() && areAll(board::seen, lostAt.get(messagesGivenUp))) {
            messages.accept(lost.get(messagesGivenUp++));
        }
        while (buffersGivenUp < lost.size() && areAll(board::released, lostAt.get(buffersGivenUp))) {
            buffers.accept(lost.get(buffersGivenUp++));
        }
    }

    private boolean areAll(IntUnaryOperator note, int events) {
        for (int rank = 0; rank < size; rank++) {
            if (!isLost(rank) && note.applyAsInt(rank) < events) {
                return false;
            }
        }
        return true;
    }

    /** Whether anything has happened at all. */
    public boolean isAny() {
        return position != 0;
    }

    /** Code with which the job is to end, -1 while it goes on. */
    public int aborted() {
        return aborted;
    }

    public boolean isLost(int worldRank) {
        return isLost.get(worldRank);
    }

    public boolean isRevoked(Communicator comm) {
        return revoked.get(number(comm));
    }

    /** The members known to be lost, by rank in the job, in an order that is equal on all ranks. */
    public int[] lostOf(Communicator comm) {
        return lost.stream().filter(rank -> isMember(comm, rank)).mapToInt(i -> i).toArray();
    }

    /** Those of the first {@code events} events that say so. */
    BitSet lostWithin(int events) {
        BitSet ranks = new BitSet();
        for (int i = 0; i < events; i++) {
            int event = board.event(i);
            if (isLoss(event)) {
                ranks.set(event - 1);
            }
        }
        return ranks;
    }

    /** How many events were taken over. */
    int position() {
        return position;
    }

    private static boolean isMember(Communicator comm, int worldRank) {
        return (comm.isInter() ? comm.union() : comm).rankOfWorld(worldRank) >= 0;
    }

    /**
     * From now on the losses known so far no longer break receives from any process; how many of its members these are.
     */
    public int acknowledge(Communicator comm) {
        acknowledged.put(number(comm), lost.size());
        return lostOf(comm).length;
    }

    /** The first member whose loss was not acknowledged, -1 if there is none. */
    int unacknowledged(Communicator comm) {
        for (int i = acknowledged.getOrDefault(number(comm), 0); i < lost.size(); i++) {
            if (isMember(comm, lost.get(i))) {
                return lost.get(i);
            }
        }
        return -1;
    }

    /**
     * Why a message on {@code comm} with {@code peer} cannot be; null when it can.
     *
     * @param peer rank in the job, or {@code ANY_SOURCE}
     */
    public CommException problem(Communicator comm, int peer) {
        CommException broken = problem(comm);
        if (broken != null || !isAny()) {
            return broken;
        }
        if (peer != PointToPoint.ANY_SOURCE) {
            return isLost(peer) ? lost(ErrorClass.PROC_FAILED, comm, peer, "") : null;
        }
        int missing = unacknowledged(comm);
        return missing < 0 ? null : lost(ErrorClass.PROC_FAILED_PENDING, comm, missing,
                "; it may have been the sender: Resilience.ackFailed lets receives from any rank go on without it");
    }

    /** Why nothing of this kind works on {@code comm}: it is revoked, or is for collectives and has lost a member. */
    public CommException problem(Communicator comm) {
        if (isRevoked(comm)) {
            return new CommException(ErrorClass.REVOKED,
                    "the communicator was revoked; Resilience.shrink makes one of the ranks that are left");
        }
        if (isCollective(comm)) {
            for (int rank : lost) {
                if (isMember(comm, rank)) {
                    return lost(ErrorClass.PROC_FAILED, comm, rank,
                            "; Resilience.shrink makes a communicator without it");
                }
            }
        }
        return null;
    }

    private static CommException lost(int errorClass, Communicator comm, int worldRank, String advice) {
        int rank = comm.rankOfWorld(worldRank);
        return new CommException(errorClass, "rank " + worldRank + " of the job"
                + (rank < 0 || rank == worldRank ? "" : ", rank " + rank + " of the communicator,")
                + " has failed" + advice);
    }

    /** As {@link #problem(Communicator)}, with a look at what was not taken over: whether a result can be trusted. */
    public CommException verdict(Communicator comm) {
        CommException known = problem(comm);
        if (known != null || !isCollective(comm)) {
            return known;
        }
        int event;
        for (int i = position; (event = board.event(i)) != 0; i++) {
            if (isLoss(event) && isMember(comm, event - 1)) {
                return lost(ErrorClass.PROC_FAILED, comm, event - 1,
                        "; Resilience.shrink makes a communicator without it");
            }
        }
        return null;
    }
}
