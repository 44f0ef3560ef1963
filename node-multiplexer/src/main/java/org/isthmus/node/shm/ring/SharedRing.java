package org.isthmus.node.shm.ring;

import java.lang.foreign.MemorySegment;
import org.isthmus.allocator.segment.SharedWords;
import org.isthmus.node.shm.CorruptRecordException;
import org.isthmus.node.shm.RecordDescriptor;

/**
 * One ring for several producers: a fetch-and-add on the tail gives a turn, and with it a cell. The measured rival of
 * private lanes (a ring for each producer and activity bits, as {@code RankEndpoint} has them); the engine does not use
 * it.
 *
 * <pre>
 *    0   tail u64       producers, fetch-and-add: next turn
 *   64   cell 0         64 bytes each
 *
 *  cell
 *    0   turn   u64     t: free for turn t; t + 1: holds the record of turn t, SYNC(shared.publish); t + cells: read,
 *                       SYNC(shared.free)
 *    8   record         header word and at most 48 bytes of payload
 * </pre>
 *
 * <p>One object is one end: each producer has its own, the consumer too; each of one thread. A turn once taken cannot
 * be given back, so a producer that dies with one stops the ring for all; a lane of its own would end with it alone.
 */
public final class SharedRing {
    public static final int CELL_BYTES = 64;
    public static final int MAX_PAYLOAD = 48;
    /** Answer of {@link #claim}: the cell of this producer's turn is not read yet; claim again. */
    public static final long BACK_PRESSURED = -1;

    private static final long NO_TURN = -1;

    private final SharedWords words;
    private final long base;
    private final int cells;
    private long turn = NO_TURN;
    private long head;

    /**
     * @param base offset of the ring, a multiple of 64
     * @param cells a power of two
     */
    public SharedRing(MemorySegment memory, long base, int cells) {
        if (Integer.bitCount(cells) != 1) {
            throw new IllegalArgumentException("cells is " + cells + ", must be a power of two");
        }
        this.words = new SharedWords(memory);
        this.base = base;
        this.cells = cells;
    }

    /** Bytes of a ring with that many cells. */
    public static long bytes(int cells) {
        return CELL_BYTES * (1L + cells);
    }

    /** Writes the first turns into a zeroed ring, before anybody uses it. */
    public void initialise() {
        for (long i = 0; i < cells; i++) {
            words.setRelease(cell(i), i); // SYNC(shared.free)
        }
    }

    /** Takes a turn, or goes on waiting for the one it has; where the payload goes, or {@link #BACK_PRESSURED}. */
    public long claim() {
        if (turn == NO_TURN) {
            turn = words.getAndAdd(base, 1L);
        }
        long cell = cell(turn);
        // SYNC(shared.free): the consumer's reads of the cell come before our writes
        return words.getAcquire(cell) == turn ? cell + 2 * Long.BYTES : BACK_PRESSURED;
    }

    /** Makes the claimed cell's record visible. */
    public void publish(long header) {
        long cell = cell(turn);
        words.set(cell + Long.BYTES, header);
        words.setRelease(cell, turn + 1); // SYNC(shared.publish)
        turn = NO_TURN;
    }

    /** Header word of the next record, or 0. */
    public long next() {
        long cell = cell(head);
        // SYNC(shared.publish): the record is read after
        if (words.getAcquire(cell) != head + 1) {
            return 0;
        }
        long header = words.get(cell + Long.BYTES);
        if (header == 0 || RecordDescriptor.payloadBytes(header) > MAX_PAYLOAD) {
            throw new CorruptRecordException("header " + Long.toHexString(header)
                    + " in a shared ring, whose cells hold " + MAX_PAYLOAD + " bytes");
        }
        return header;
    }

    /** Where the payload of the record of the last {@link #next} begins. */
    public long payload() {
        return cell(head) + 2 * Long.BYTES;
    }

    /** Gives the cell back. */
    public void advance() {
        words.setRelease(cell(head), head + cells); // SYNC(shared.free): our reads come before the next writes
        head++;
    }

    private long cell(long at) {
        return base + CELL_BYTES * (1 + (at & cells - 1));
    }
}
