package org.isthmus.comm.pt2pt;

import java.util.ArrayDeque;
import org.isthmus.node.endpoint.LargeRecordDescriptor;
import org.isthmus.node.shm.CorruptRecordException;

/**
 * Clears large messages from other nodes to be sent, so that what comes in blocks never takes more of the node's memory
 * than this rank's budget: a message gets a window of bytes, moved on as the rank unpacks them; messages for which
 * there is no window left wait for their turn, in the order in which they were matched. A message that goes straight
 * into the receiver's buffer needs no blocks and is cleared whole.
 *
 * <p>Invariant: {@code used} is the sum over all receives of {@code limit - position}, at most the budget, or one
 * window. No message waits for ever: a window that is open moves on by what its own receiver unpacks.
 *
 * <p>Owned by the engine thread.
 */
final class LandingBudget {
    /** Pieces of a message that may be on their way at once. */
    private static final int WINDOW_PIECES = 8;
    /** Windows that a rank may have open at once. */
    private static final int WINDOWS = 4;

    private final TransferTable receives;
    private final Sender sender;
    private final long window;
    private final long budget;
    private final ArrayDeque<Transfer> waiting = new ArrayDeque<>();
    private long used;

    LandingBudget(PointToPointOptions options, TransferTable receives, Sender sender) {
        this.receives = receives;
        this.sender = sender;
        this.window = (long) WINDOW_PIECES * options.pieceBytes();
        this.budget = WINDOWS * window;
    }

    /** Asks for the bytes of a matched message now, or when there is room. */
    void ask(Transfer receive, int sendId, boolean straight) {
        receive.remoteId = sendId;
        receive.position = 0;
        receive.straight = straight;
        receives.add(receive);
        if (straight) {
            receive.limit = receive.total;
            clear(receive, receive.offset);
        } else {
            receive.limit = 0;
            waiting.add(receive);
            serve();
        }
    }

    /** The rank has taken {@code bytes} of a message out of their block; its position counts them already. */
    void taken(Transfer receive, long bytes) {
        used -= bytes;
        if (receive.position > receive.limit) {
            throw new CorruptRecordException(receive.position + " bytes have come from rank " + receive.peer + " of "
                    + receive.limit + " that it was cleared to send");
        }
        if (receive.limit < receive.total && receive.limit - receive.position <= window / 2) {
            long limit = Math.min(receive.total, receive.position + window);
            used += limit - receive.limit;
            receive.limit = limit;
            clear(receive, LargeRecordDescriptor.NO_LANDING);
        }
        serve();
    }

    private void serve() {
        while (!waiting.isEmpty()) {
            long first = Math.min(waiting.peekFirst().total, window);
            if (used != 0 && used + first > budget) {
                return;
            }
            Transfer receive = waiting.removeFirst();
            used += first;
            receive.limit = first;
            clear(receive, LargeRecordDescriptor.NO_LANDING);
        }
    }

    private void clear(Transfer receive, long landing) {
        sender.sendLargeClear(receive.peer, (int) receive.remoteId, receive.id, receive.limit, landing);
    }
}
