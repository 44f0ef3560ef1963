package org.isthmus.node.endpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.isthmus.node.shm.CorruptRecordException;
import org.isthmus.node.shm.RecordDescriptor;

/**
 * A rank's operations on memory in segments of other nodes, which its multiplexer does without the other rank's help
 * ({@link OneSidedRecordDescriptor}). Only where {@code NodeStatus.oneSided} of both nodes allows them.
 *
 * <p>Used by the engine thread (or under the engine lock). Operations on one rank's memory complete in the order in
 * which they were started.
 */
public final class OneSidedRequests {
    private static final int FIRST_CAPACITY = 64;

    private final RankEndpoint endpoint;
    private final MemorySegment memory;
    private final NodeRanks ranks;
    private final int rank;
    private RemoteLink[] links = new RemoteLink[0];
    private Runnable[] running = new Runnable[FIRST_CAPACITY];
    private int[] targets = new int[FIRST_CAPACITY];
    private int[] free = new int[FIRST_CAPACITY];
    private int freeCount;

    public OneSidedRequests(RankEndpoint endpoint, NodeRanks ranks) {
        this.endpoint = endpoint;
        this.memory = endpoint.memory();
        this.ranks = ranks;
        this.rank = ranks.rank(endpoint.rank());
        for (int token = FIRST_CAPACITY - 1; token >= 0; token--) {
            free[freeCount++] = token;
        }
    }

    /**
     * Starts an operation.
     *
     * @param target rank of the job, on another node
     * @param operation such as {@link OneSidedRecordDescriptor#WRITE}
     * @param here offset in this node's segment; those bytes are the operation's until it is complete
     * @param there offset in the other node's
     * @param onDone called inside {@link RankEndpoint#poll} when it is complete
     * @return false if there is no room now, and nothing was started
     */
    public boolean tryStart(int target, int operation, long here, long bytes, long there, long first, long second,
            Runnable onDone) {
        RemoteLink link = link(target);
        long payload = link.claim(OneSidedRecordDescriptor.BYTES);
        if (payload == RecordLink.BACK_PRESSURED) {
            return false;
        }
        if (freeCount == 0) {
            grow();
        }
        int token = free[--freeCount];
        running[token] = onDone;
        targets[token] = target;
        put(payload + OneSidedRecordDescriptor.HERE_OFFSET, here);
        put(payload + OneSidedRecordDescriptor.BYTES_OFFSET, bytes);
        put(payload + OneSidedRecordDescriptor.THERE_OFFSET, there);
        put(payload + OneSidedRecordDescriptor.FIRST_OFFSET, first);
        put(payload + OneSidedRecordDescriptor.SECOND_OFFSET, second);
        link.publish(RecordDescriptor.header(OneSidedRecordDescriptor.KIND, operation, token,
                OneSidedRecordDescriptor.BYTES));
        return true;
    }

    /** Takes a record of that kind, from the multiplexer for {@code source}. */
    public void onRecord(int source, long header) {
        int token = RecordDescriptor.tag(header);
        if (RecordDescriptor.context(header) != OneSidedRecordDescriptor.DONE || token >= running.length
                || running[token] == null || targets[token] != source) {
            throw new CorruptRecordException("one-sided record " + RecordDescriptor.context(header) + " with token "
                    + token + " for rank " + source);
        }
        Runnable onDone = running[token];
        running[token] = null;
        free[freeCount++] = token;
        onDone.run();
    }

    private RemoteLink link(int target) {
        if (links.length == 0) {
            links = new RemoteLink[ranks.jobSize()];
        }
        if (links[target] == null) {
            links[target] = new RemoteLink(endpoint, endpoint.link(ranks.multiplexer(ranks.shardOf(rank, target))),
                    rank, target);
        }
        return links[target];
    }

    private void grow() {
        int old = running.length;
        running = Arrays.copyOf(running, 2 * old);
        targets = Arrays.copyOf(targets, 2 * old);
        free = Arrays.copyOf(free, 2 * old);
        for (int token = 2 * old - 1; token >= old; token--) {
            free[freeCount++] = token;
        }
    }

    private void put(long at, long word) {
        memory.set(ValueLayout.JAVA_LONG, at, word);
    }
}
