package org.isthmus.comm.coll.node;

import java.lang.foreign.MemorySegment;
import org.isthmus.allocator.segment.SharedWords;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.progress.Completion;
import org.isthmus.comm.progress.Progress;
import org.isthmus.node.endpoint.Waiter;

/**
 * One member's view of a {@link CollectiveAreaDescriptor collective area}: numbers the operations, raises this member's
 * flags and waits for the others', making progress meanwhile.
 *
 * <p>Invariants: (1) a word of a control block has one writer, its member, and only grows; (2) what operation n puts
 * into an even or odd place is overwritten only after every member is done with n: {@link #begin} waits for that; (3)
 * cells and result are used only by operations with two phases, in which nobody passes the second before all have left
 * the first, so that one copy of them is enough. Owned by the engine thread; all members call in the same order.
 */
final class CollectiveArea implements Completion {
    private final Communicator comm;
    private final MemorySegment memory;
    private final SharedWords words;
    private final long base;
    private final int members;
    private final int me;
    private final int[] nodeRanks;
    private final Progress progress;
    private final Waiter waiter;
    private final int looks;
    /** For short results on their way to an array. */
    private final MemorySegment scratch;
    private long operation;
    /** Every member is known to be done with operations up to here. */
    private long allDone;

    private long awaitedWord;
    private long awaitedValue;

    /**
     * @param base offset of the area in the segment
     * @param operation number of the last operation done in it
     * @param nodeRanks rank on the node of each member
     * @param looks how often to look at a flag before making general progress
     * @param scratch a line of memory of this rank's own
     */
    CollectiveArea(Communicator comm, MemorySegment memory, long base, long operation, int[] nodeRanks, Waiter waiter,
            int looks, MemorySegment scratch) {
        this.comm = comm;
        this.memory = memory;
        this.words = new SharedWords(memory);
        this.base = base;
        this.operation = operation;
        this.allDone = operation;
        this.members = nodeRanks.length;
        this.me = comm.rank();
        this.nodeRanks = nodeRanks;
        this.progress = comm.progress();
        this.waiter = waiter;
        this.looks = looks;
        this.scratch = scratch;
    }

    MemorySegment scratch() {
        return scratch;
    }

    MemorySegment memory() {
        return memory;
    }

    long base() {
        return base;
    }

    int members() {
        return members;
    }

    int me() {
        return me;
    }

    /** Number of the operation that {@link #begin} began last. */
    long operation() {
        return operation;
    }

    /** Begins the next operation: when it returns, this member may write into its even or odd places (inv. 2). */
    void begin() {
        operation++;
        if (allDone < operation - 2) {
            awaitAllDone(operation - 2);
        }
    }

    /** Offset in the segment of {@code member}'s 56 bytes of inline payload. */
    long inline(int member) {
        return base + CollectiveAreaDescriptor.arrivedLine(member, operation) + CollectiveAreaDescriptor.INLINE_OFFSET;
    }

    long exchangeSlot(int member) {
        return base + CollectiveAreaDescriptor.exchangeSlot(members, member, operation);
    }

    long cell(int member) {
        return base + CollectiveAreaDescriptor.cell(members, member);
    }

    long result() {
        return base + CollectiveAreaDescriptor.result(members);
    }

    long broadcastSlot() {
        return base + CollectiveAreaDescriptor.broadcastSlot(members, operation);
    }

    /** Makes this member's contribution visible. */
    void arrive() {
        raise(base + CollectiveAreaDescriptor.arrivedLine(me, operation)); // SYNC(coll.arrived)
    }

    void awaitArrived(int member) {
        await(base + CollectiveAreaDescriptor.arrivedLine(member, operation), operation); // SYNC(coll.arrived)
    }

    /** Waits for all contributions; then all are done with the operations before this one. */
    void awaitAllArrived() {
        for (int i = 1; i < members; i++) {
            awaitArrived((me + i) % members);
        }
        allDone = operation - 1;
    }

    /** This member has reached the second phase. */
    void reachSecond() {
        // SYNC(coll.second)
        raise(base + CollectiveAreaDescriptor.control(me) + CollectiveAreaDescriptor.SECOND_OFFSET);
    }

    void awaitAllSecond() {
        for (int i = 1; i < members; i++) {
            int member = (me + i) % members;
            long word = base + CollectiveAreaDescriptor.control(member) + CollectiveAreaDescriptor.SECOND_OFFSET;
            await(word, operation); // SYNC(coll.second)
        }
    }

    /** This member reads nothing more of the operation. */
    void done() {
        raise(base + CollectiveAreaDescriptor.control(me) + CollectiveAreaDescriptor.DONE_OFFSET); // SYNC(coll.done)
    }

    /** Waits until every member is done with operation {@code number}. */
    void awaitAllDone(long number) {
        for (int i = 1; i < members; i++) {
            int member = (me + i) % members;
            long word = base + CollectiveAreaDescriptor.control(member) + CollectiveAreaDescriptor.DONE_OFFSET;
            await(word, number); // SYNC(coll.done)
        }
        allDone = number;
    }

    /** Whether every member is done with all operations; then the area may serve another communicator. */
    boolean isAtRest() {
        for (int member = 0; member < members; member++) {
            long done = base + CollectiveAreaDescriptor.control(member) + CollectiveAreaDescriptor.DONE_OFFSET;
            if (words.getAcquire(done) < operation) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean isDone() {
        return words.getAcquire(awaitedWord) >= awaitedValue;
    }

    @Override
    public CommException problem() {
        return comm.pointToPoint().verdict(comm.collective());
    }

    @Override
    public void beforeSleep() {
        words.getAndAddInt(base + CollectiveAreaDescriptor.SLEEPERS_OFFSET, 1);
    }

    @Override
    public void afterSleep() {
        words.getAndAddInt(base + CollectiveAreaDescriptor.SLEEPERS_OFFSET, -1);
    }

    private void await(long word, long value) {
        for (int look = 0; look < looks; look++) {
            if (words.getAcquire(word) >= value) {
                return;
            }
            Thread.onSpinWait();
        }
        awaitedWord = word;
        awaitedValue = value;
        progress.await(this);
    }

    private void raise(long word) {
        words.setRelease(word, operation);
        waiter.fenceBeforeLookingForSleepers();
        if (words.getIntOpaque(base + CollectiveAreaDescriptor.SLEEPERS_OFFSET) != 0) {
            for (int rank : nodeRanks) {
                waiter.wakeIfSleeping(rank);
            }
        }
    }
}
