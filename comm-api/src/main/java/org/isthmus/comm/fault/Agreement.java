package org.isthmus.comm.fault;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntSupplier;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.progress.Completion;
import org.isthmus.node.shm.FailureBoard;

/**
 * One agreement among the members of a communicator that are left, revoked or not: all get the same value, whoever is
 * lost meanwhile.
 *
 * <p>Each member contributes; whoever finds that every member has contributed or is lost proposes a value by
 * compare-and-set, and the first proposal is everybody's. A member can find the next number by itself, for no
 * decision is made without it: the number after that of the communicator's last decision.
 *
 * <pre>
 *   decision: number 63..33 | some member had not acknowledged a loss 32 | value 31..0
 *   key of a contribution: communicator + 1, 63..32 | number 31..0
 * </pre>
 */
public final class Agreement implements Completion {
    private static final long UNACKNOWLEDGED = 1L << 32;

    private final Failures failures;
    private final FailureBoard board;
    private final int[] members;
    private final int index;
    private final int me;
    private final long before;
    private final long number;
    private final long key;
    private final int slot;
    private final IntSupplier proposal;
    private final Communicator comm;

    private Agreement(Failures failures, Communicator comm, int me, int value, IntSupplier proposal) {
        this.failures = failures;
        this.board = failures.board();
        this.members = comm.worldRanks();
        this.index = Failures.number(comm);
        this.me = me;
        this.proposal = proposal;
        this.comm = comm;
        this.before = board.decision(index);
        this.number = (before >>> 33) + 1;
        this.key = (long) (index + 1) << 32 | number & 0xffff_ffffL;
        this.slot = board.slotOf(me, 0);
        if (slot < 0) {
            throw new IllegalStateException("more than " + FailureBoard.SLOTS + " agreements at a time in one process");
        }
        board.contribute(me, slot, key, unacknowledged() | value & 0xffff_ffffL);
        failures.wakeAll();
    }

    /** Begins an agreement on the bitwise AND of all values. {@code comm} is no intercommunicator. */
    public static Agreement onFlags(Failures failures, Communicator comm, int value) {
        return new Agreement(failures, comm, comm.worldRank(comm.rank()), value, null);
    }

    /** Begins an agreement on what one of the members proposes. */
    static Agreement onProposal(Failures failures, Communicator comm, IntSupplier proposal) {
        return new Agreement(failures, comm, comm.worldRank(comm.rank()), 0, proposal);
    }

    @Override
    public boolean isDone() {
        if (isDecided()) {
            return true;
        }
        long and = 0xffff_ffffL;
        long or = unacknowledged();
        for (int member : members) {
            int contributed = board.slotOf(member, key);
            if (contributed >= 0) {
                long value = board.contribution(member, contributed);
                and &= value;
                or |= value;
            } else if (!failures.isLost(member)) {
                return isDecided();
            }
        }
        if (!isDecided()) {
            long value = proposal == null ? and : proposal.getAsInt() & 0xffff_ffffL;
            board.decide(index, before, number << 33 | or & UNACKNOWLEDGED | value);
            failures.wakeAll();
        }
        return true;
    }

    private long unacknowledged() {
        return failures.unacknowledged(comm) >= 0 ? UNACKNOWLEDGED : 0;
    }

    private boolean isDecided() {
        return board.decision(index) != before;
    }

    /** The value agreed on, once done. */
    public int value() {
        return (int) board.decision(index);
    }

    /** Whether some member had not acknowledged a loss when it contributed; equal on all. */
    public boolean hasUnacknowledged() {
        return (board.decision(index) & UNACKNOWLEDGED) != 0;
    }

    /** Gives the slot back; after that nothing may be asked. */
    public void end() {
        board.contribute(me, slot, 0, 0);
    }

    /** The members not among the first {@code events} events' losses. */
    static int[] survivors(Failures failures, Communicator comm, int events) {
        BitSet lost = failures.lostWithin(events);
        return Arrays.stream(comm.worldRanks()).filter(rank -> !lost.get(rank)).toArray();
    }
}
