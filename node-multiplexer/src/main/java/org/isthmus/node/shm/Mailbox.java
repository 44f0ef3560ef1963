package org.isthmus.node.shm;

import java.lang.foreign.MemorySegment;
import org.isthmus.allocator.segment.SharedWords;

/**
 * A rank's mailbox ({@link MailboxDescriptor}): bounded multi-producer single-consumer queue by turns, after D. Vyukov.
 *
 * <p>Assumptions: only the owning rank calls {@link #next} and {@link #advance}; each {@link #claim} is followed by its
 * {@link #publish}. Guarantees: records of one producer are consumed in its order. Progress: lock-free for producers; a
 * producer killed between claim and publish stops the mailbox, which the end of its job resolves.
 */
public final class Mailbox {
    /** Answer of {@link #claim}: all cells are taken. */
    public static final long FULL = -1;

    private final SharedWords words;
    private final long base;
    private long head;
    private long claimed;

    public Mailbox(MemorySegment memory, long base) {
        this.words = new SharedWords(memory);
        this.base = base;
    }

    /** Writes the first turns into a zeroed mailbox. Called by the segment's creator before it is published. */
    static void initialise(MemorySegment memory, long base) {
        SharedWords words = new SharedWords(memory);
        for (long turn = 0; turn < MailboxDescriptor.CELLS; turn++) {
            words.set(base + MailboxDescriptor.cell(turn) + MailboxDescriptor.TURN_OFFSET, turn);
        }
    }

    /** Takes a cell; returns where in the segment the payload goes, or {@link #FULL}. */
    public long claim() {
        while (true) {
            long turn = words.getVolatile(base + MailboxDescriptor.TAIL_OFFSET);
            long cell = base + MailboxDescriptor.cell(turn);
            // SYNC(mailbox.free): the consumer's reads of the cell come before our writes
            long state = words.getAcquire(cell + MailboxDescriptor.TURN_OFFSET);
            if (state < turn) {
                return FULL;
            }
            if (state == turn && words.compareAndSet(base + MailboxDescriptor.TAIL_OFFSET, turn, turn + 1)) {
                claimed = turn;
                return cell + MailboxDescriptor.PAYLOAD_OFFSET;
            }
        }
    }

    /** Makes the claimed cell's record visible. */
    public void publish(int source, long header) {
        long cell = base + MailboxDescriptor.cell(claimed);
        words.setInt(cell + MailboxDescriptor.SOURCE_OFFSET, source);
        words.set(cell + MailboxDescriptor.HEADER_OFFSET, header);
        words.setRelease(cell + MailboxDescriptor.TURN_OFFSET, claimed + 1); // SYNC(mailbox.publish)
    }

    /** Header word of the next record, or 0. */
    public long next() {
        long cell = base + MailboxDescriptor.cell(head);
        // SYNC(mailbox.publish): source, header and payload are read after
        if (words.getAcquire(cell + MailboxDescriptor.TURN_OFFSET) != head + 1) {
            return 0;
        }
        long header = words.get(cell + MailboxDescriptor.HEADER_OFFSET);
        if (header == 0 || RecordDescriptor.payloadBytes(header) > MailboxDescriptor.MAX_PAYLOAD) {
            throw new CorruptRecordException("header " + Long.toHexString(header) + " in a mailbox, whose cells hold "
                    + MailboxDescriptor.MAX_PAYLOAD + " bytes");
        }
        return header;
    }

    /** Who wrote the record of the last {@link #next}; unchecked. */
    public int source() {
        return words.getInt(base + MailboxDescriptor.cell(head) + MailboxDescriptor.SOURCE_OFFSET);
    }

    /** Where its payload begins. */
    public long payload() {
        return base + MailboxDescriptor.cell(head) + MailboxDescriptor.PAYLOAD_OFFSET;
    }

    /** Gives the cell back. */
    public void advance() {
        long cell = base + MailboxDescriptor.cell(head);
        // SYNC(mailbox.free): our reads come before the next producer's writes
        words.setRelease(cell + MailboxDescriptor.TURN_OFFSET, head + MailboxDescriptor.CELLS);
        head++;
    }
}
