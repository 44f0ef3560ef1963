package org.isthmus.node.shm;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import org.isthmus.allocator.segment.KillPoints;
import org.isthmus.allocator.segment.SharedWords;

/**
 * A rank's mailbox ({@link MailboxDescriptor}): bounded multi-producer single-consumer queue by turns, after D. Vyukov,
 * except that the claim is made in the cell, with the claimant's name, and not by moving the tail.
 *
 * <p>Assumptions: only the owning rank calls {@link #next}, {@link #advance} and {@link #skip}; each {@link #claim} is
 * followed by its {@link #publish}. Guarantees: records of one producer are consumed in its order. Progress: lock-free
 * for producers, who move the tail on for those who claimed before them. A producer killed between claim and publish
 * stops the consumer, until that one is told so ({@link #skip}).
 *
 * <p>Invariants: (1) a cell's state only grows; free to claimed by compare-and-set, every other step by the one whose
 * turn it is: the claimant, then the consumer; (2) all turns below the tail have been claimed, and none above it. The
 * one at the tail may have been, by a producer that has not moved the tail on yet or died before; the next one does.
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
            words.set(base + MailboxDescriptor.cell(turn) + MailboxDescriptor.STATE_OFFSET,
                    MailboxDescriptor.free(turn));
        }
    }

    /**
     * Takes a cell; returns where in the segment the payload goes, or {@link #FULL}.
     *
     * @param source place of the caller on this node, at most 2^18 - 3
     */
    public long claim(int source) {
        while (true) {
            long turn = words.getVolatile(base + MailboxDescriptor.TAIL_OFFSET);
            long cell = base + MailboxDescriptor.cell(turn);
            long free = MailboxDescriptor.free(turn);
            long state = words.getAcquire(cell + MailboxDescriptor.STATE_OFFSET);
            if (state - free < 0) {
                // full fence, SYNC(mailbox.wanted): whoever frees a cell after this look sees it
                words.setIntVolatile(base + MailboxDescriptor.WANTED_OFFSET, 1);
                if (words.getVolatile(cell + MailboxDescriptor.STATE_OFFSET) == state) {
                    return FULL;
                }
                continue;
            }
            // SYNC(mailbox.free): the consumer's reads of the cell come before our writes
            boolean ours = state == free && words.compareAndSet(cell + MailboxDescriptor.STATE_OFFSET, free,
                    MailboxDescriptor.claimed(turn, source));
            if (ours && KillPoints.ENABLED) {
                MailboxKillPoint.CLAIM_AFTER_CELL.reach();
            }
            // ours, or that of one who has not got so far, or never will
            boolean ignored = words.compareAndSet(base + MailboxDescriptor.TAIL_OFFSET, turn, turn + 1);
            if (ours) {
                if (KillPoints.ENABLED) {
                    MailboxKillPoint.CLAIM_AFTER_TAIL.reach();
                }
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
        if (KillPoints.ENABLED) {
            MailboxKillPoint.PUBLISH_AFTER_HEADER.reach();
        }
        // SYNC(mailbox.publish)
        words.setRelease(cell + MailboxDescriptor.STATE_OFFSET, MailboxDescriptor.published(claimed));
        if (KillPoints.ENABLED) {
            MailboxKillPoint.PUBLISH_AFTER_STATE.reach();
        }
    }

    /** Header word of the next record, or 0. */
    public long next() {
        long cell = base + MailboxDescriptor.cell(head);
        // SYNC(mailbox.publish): source, header and payload are read after
        if (words.getAcquire(cell + MailboxDescriptor.STATE_OFFSET) != MailboxDescriptor.published(head)) {
            return 0;
        }
        long header = words.get(cell + MailboxDescriptor.HEADER_OFFSET);
        if (header == 0 || RecordDescriptor.payloadBytes(header) > MailboxDescriptor.MAX_PAYLOAD) {
            throw new CorruptRecordException("header " + Long.toHexString(header) + " in a mailbox, whose cells hold "
                    + MailboxDescriptor.MAX_PAYLOAD + " bytes");
        }
        return header;
    }

    /**
     * Gives the next cell back without a record, if its claimant will never publish one. One that has published before
     * its death has claimed nothing any more: its record stays.
     *
     * @param dead by place, whose processes are proven dead, so that they store nothing from now on
     * @return whether the cell was given back, so that {@link #next} may find a record behind it
     */
    public boolean skip(boolean[] dead) {
        long cell = base + MailboxDescriptor.cell(head);
        int claimant = MailboxDescriptor.claimant(words.getAcquire(cell + MailboxDescriptor.STATE_OFFSET), head);
        if (claimant < 0 || claimant >= dead.length || !dead[claimant]) {
            return false;
        }
        advance();
        return true;
    }

    /** After cells were given back: whether some producer has found all taken since the last call. */
    public boolean takeWanted() {
        VarHandle.fullFence(); // SYNC(mailbox.wanted): the cells are free
        if (words.getInt(base + MailboxDescriptor.WANTED_OFFSET) == 0) {
            return false;
        }
        words.setIntVolatile(base + MailboxDescriptor.WANTED_OFFSET, 0);
        return true;
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
        words.setRelease(cell + MailboxDescriptor.STATE_OFFSET,
                MailboxDescriptor.free(head + MailboxDescriptor.CELLS));
        head++;
    }
}
