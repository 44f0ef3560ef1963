package org.isthmus.comm.pt2pt;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.isthmus.node.shm.CorruptRecordException;
import org.isthmus.node.shm.RecordDescriptor;

/**
 * Takes back sends that have been announced to a receiver that has not matched them (MPI 3.1, section 3.8.4). The
 * sender asks; a receiver that still has the announcement unmatched drops it and says so, which ends the send as
 * cancelled. Else it says nothing: the receive that has the message ends the send.
 *
 * <pre>
 *   {@link RecordKind#FINISHED}, header tag: the send's id
 *     context ASK         announcement u64     sender to receiver, behind the announcement
 *     context GIVEN_BACK  (empty)              receiver to sender
 * </pre>
 *
 * Ids of sends are reused, so the announcement's number says which one is meant. Owned by the engine thread.
 */
final class Withdrawals {
    private static final int ASK = 1;
    private static final int GIVEN_BACK = 2;

    private final MemorySegment memory;
    private final MatchTable matching;
    private final TransferTable sends;
    private final Sender sender;
    private final Receiver receiver;

    Withdrawals(MemorySegment memory, MatchTable matching, TransferTable sends, Sender sender, Receiver receiver) {
        this.memory = memory;
        this.matching = matching;
        this.sends = sends;
        this.sender = sender;
        this.receiver = receiver;
    }

    /** Asks for a send that has been announced; the answer, or the end of the send, comes by progress. */
    static void ask(Transfer send, Sender sender) {
        send.withdrawn = true;
        sender.sendControl(send.peer, RecordDescriptor.header(RecordKind.FINISHED, ASK, send.id,
                RecordKind.CONTROL_BYTES), send.announcement, 0, 0);
    }

    /** Takes a record of either side; {@code source} is not lost. */
    void onRecord(int source, long header, long payload) {
        int id = RecordDescriptor.tag(header);
        int context = RecordDescriptor.context(header);
        int bytes = RecordDescriptor.payloadBytes(header);
        if (context == ASK && bytes == RecordKind.CONTROL_BYTES) {
            giveBack(source, id, memory.get(ValueLayout.JAVA_LONG, payload));
        } else if (context == GIVEN_BACK) {
            end(source, sends.get(id, source));
        } else {
            throw new CorruptRecordException("withdrawal " + context + " of " + bytes + " bytes from rank " + source);
        }
    }

    private void giveBack(int source, int id, long announcement) {
        Incoming message = matching.findAnnounced(source, id, announcement);
        if (message != null) {
            matching.removeUnexpected(message);
            receiver.dropAnnounced(message);
            sender.sendControl(source, RecordDescriptor.header(RecordKind.FINISHED, GIVEN_BACK, id, 0), 0, 0, 0);
        }
    }

    private void end(int source, Transfer send) {
        if (!send.withdrawn && !send.abandoned || send.streaming) {
            throw new CorruptRecordException("rank " + source + " gives send " + send.id
                    + " back, which was not asked for");
        }
        sends.remove(send);
        send.cancelled = true;
        send.complete();
    }
}
