package org.isthmus.comm.fault;

import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.group.Communicator;
import org.isthmus.node.shm.FailureBoard;

/** Makes a communicator of the members that are left, revoked or not. */
public final class Shrinking {
    /** Communicators from this number on are made by shrinking, the others by agreement of messages. */
    public static final int FIRST_NUMBER = FailureBoard.DECISIONS * 3 / 4;

    private static final int NUMBER_BITS = 14;

    private Shrinking() {}

    /** Collective over the members that are left; {@code comm} is no intercommunicator. */
    public static Communicator shrink(Failures failures, Communicator comm) {
        Agreement agreement = Agreement.onProposal(failures, comm, () -> {
            long number = FIRST_NUMBER + failures.board().nextNumber();
            return number >= FailureBoard.DECISIONS ? 0 : failures.position() << NUMBER_BITS | (int) number;
        });
        try {
            comm.progress().await(agreement);
            int value = agreement.value();
            if (value == 0) {
                throw new CommException(ErrorClass.OTHER, "no more communicators can be made by shrinking: there were "
                        + (FailureBoard.DECISIONS - FIRST_NUMBER));
            }
            int number = value & (1 << NUMBER_BITS) - 1;
            return comm.without(2 * number, Agreement.survivors(failures, comm, value >>> NUMBER_BITS));
        } finally {
            agreement.end();
        }
    }
}
