package org.isthmus.comm.pt2pt;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.isthmus.allocator.heap.RankHeap;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.allocator.slab.SizeClasses;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.fault.Failures;
import org.isthmus.node.endpoint.BlockRecordDescriptor;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.shm.CorruptRecordException;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.status.Protocol;
import org.isthmus.node.status.RankCounters;

/**
 * The receiving side of EAGER: messages that come in blocks without having been asked for. Those of one sender do not
 * interleave, so for each sender there is at most one that is under way.
 *
 * <p>Invariant: of a sender, a receive or an unexpected message is under way, or none. Owned by the engine thread.
 */
final class EagerReceiver {
    private final Receiver receiver;
    private final MemorySegment memory;
    private final RankHeap heap;
    private final RankCounters counters;
    private final MatchTable matching;
    private final long window;
    /** Per sender: the receive whose fragments are arriving. */
    private Transfer[] current;
    /** Per sender: the unexpected message whose fragments are arriving. */
    private Incoming[] currentUnexpected;

    EagerReceiver(Receiver receiver, RankEndpoint endpoint, MatchTable matching, long window, int senders) {
        this.receiver = receiver;
        this.memory = endpoint.memory();
        this.heap = endpoint.heap();
        this.counters = endpoint.counters();
        this.matching = matching;
        this.window = window;
        this.current = new Transfer[senders];
        this.currentUnexpected = new Incoming[senders];
    }

    /** From now on there are so many senders. */
    void grow(int senders) {
        current = Arrays.copyOf(current, senders);
        currentUnexpected = Arrays.copyOf(currentUnexpected, senders);
    }

    /** The first fragment, with the envelope, of a message. */
    void onFirst(int source, long header, long payload) {
        int context = RecordDescriptor.context(header);
        int tag = RecordDescriptor.tag(header);
        long block = word(payload + BlockRecordDescriptor.BLOCK_OFFSET);
        int bytes = checkedBytes(source, block, word(payload + BlockRecordDescriptor.BYTES_OFFSET));
        long total = word(payload + RecordKind.EAGER_TOTAL_OFFSET);
        if (total < bytes || total > window) {
            throw new CorruptRecordException("eager message of " + total + " bytes from rank " + source);
        }
        if (total > bytes && receiver.isLost(source)) {
            heap.consume(block);
            return;
        }
        Transfer receive = matching.takePosted(context, source, tag);
        if (receive == null) {
            Incoming message = receiver.newIncoming(RecordKind.EAGER_FIRST, context, source, tag, total);
            accept(source, block, bytes);
            message.addBlock(block, bytes);
            receiver.keep(message);
            currentUnexpected[source] = message.arrived < total ? message : null;
            return;
        }
        Receiver.match(receive, source, tag, total);
        receiver.grant(source, PointToPointOptions.RECORD_COST + total);
        counters.received(receiver.by(Protocol.EAGER, source), total);
        current[source] = receive;
        arrived(source, receive, block, bytes);
    }

    /** A further fragment of the last message of {@code source}. */
    void onNext(int source, long payload) {
        long block = word(payload + BlockRecordDescriptor.BLOCK_OFFSET);
        int bytes = checkedBytes(source, block, word(payload + BlockRecordDescriptor.BYTES_OFFSET));
        Incoming unexpected = currentUnexpected[source];
        if (unexpected != null) {
            accept(source, block, bytes);
            unexpected.addBlock(block, bytes);
            if (unexpected.arrived >= unexpected.total) {
                currentUnexpected[source] = null;
            }
            return;
        }
        if (current[source] == null && receiver.isLost(source)) {
            heap.consume(block);
            return;
        }
        if (current[source] == null) {
            throw new CorruptRecordException("fragment from rank " + source + " without its first");
        }
        arrived(source, current[source], block, bytes);
    }

    /**
     * Moves what has come of an unexpected message into the buffer of {@code receive}, which gets the rest as it comes.
     */
    void deliver(Incoming message, Transfer receive) {
        int source = message.peer;
        if (currentUnexpected[source] == message) {
            currentUnexpected[source] = null;
            current[source] = receive;
        }
        for (int i = 0; i < message.blockCount; i++) {
            long block = message.blocks[i];
            Receiver.unpack(receive, memory, heap.offset(block), receive.position, message.blockBytes[i]);
            heap.free(block);
            stored(source, receive, message.blockBytes[i]);
        }
    }

    /** A fragment of a receive that is matched already. */
    private void arrived(int source, Transfer receive, long block, int bytes) {
        Receiver.unpack(receive, memory, heap.peek(block, bytes), receive.position, bytes);
        heap.consume(block);
        stored(source, receive, bytes);
    }

    private void stored(int source, Transfer receive, int bytes) {
        receive.position += bytes;
        if (receive.position >= receive.total) {
            if (current[source] == receive) {
                current[source] = null;
            }
            receive.complete();
        }
    }

    /** Ends receives that cannot go on; of those whose sender is there the rest of the message is thrown away. */
    void endBroken(Failures failures) {
        for (int source = 0; source < current.length; source++) {
            Transfer receive = current[source];
            CommException problem = receive == null ? null : failures.problem(receive.comm, source);
            if (problem != null) {
                current[source] = receiver.isLost(source) ? null : receive.remainder();
                receive.end(problem);
            }
        }
    }

    /** Forgets an unexpected message the rest of which will never come. */
    void drop(Incoming message) {
        currentUnexpected[message.peer] = null;
        for (int i = 0; i < message.blockCount; i++) {
            heap.free(message.blocks[i]);
        }
    }

    /** Whether no more of a message is to come. */
    static boolean isWhole(Incoming message) {
        return message.kind == RecordKind.EAGER_INLINE
                || message.kind == RecordKind.EAGER_FIRST && message.arrived >= message.total;
    }

    /** A length that a record claims for its block. */
    static int checkedBytes(int source, long block, long bytes) {
        if (bytes < 0 || bytes > SizeClasses.MAX_BYTES) {
            throw new CorruptRecordException(bytes + " bytes in " + Handle.describe(block) + " from rank " + source);
        }
        return (int) bytes;
    }

    /** Keeps a block until its message is matched. */
    void accept(int source, long block, int bytes) {
        if (!heap.hasRoom(block, bytes)) {
            throw new CorruptRecordException(bytes + " bytes in " + Handle.describe(block) + " from rank " + source);
        }
        heap.accept(block);
    }

    private long word(long offset) {
        return memory.get(ValueLayout.JAVA_LONG, offset);
    }
}
