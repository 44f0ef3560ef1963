package org.isthmus.node.endpoint;

import org.isthmus.node.shm.RecordDescriptor;

/**
 * Records of operations on memory of another node that its ranks take no part in. All have the kind {@link #KIND},
 * which credit between multiplexers has too; the header's context says which record it is. Payloads follow what
 * {@link RemoteRecordDescriptor} puts before them.
 *
 * <pre>
 *  rank -> its multiplexer                (destination: a rank on the node of the memory; tag: the rank's token)
 *   WRITE, READ, FETCH_ADD, COMPARE_SWAP  the operation
 *  multiplexer -> rank                    (source: the same rank; tag: the same token)
 *   DONE                                  (empty)  the operation is complete; in the order of the operations of a pair
 *  multiplexer -> multiplexer             (source: the rank that asked)
 *   WANT                                  something there is to be used
 *   GIVEN                                 the segment's part with it
 *
 *               0            8            16           24           32
 *              +------------+------------+------------+------------+------------+
 *   operation  | here u64   | bytes u64  | there u64  | first i64  | second i64 |
 *              +------------+------------+------------+------------+------------+
 *   WANT       | offset u64 | bytes u64  |
 *              +------------+------------+------------+------------+
 *   GIVEN      | part u64   | address u64| bytes u64  | key u64    |
 *              +------------+------------+------------+------------+
 * </pre>
 *
 * {@code here} and {@code there} are offsets in the segments of both nodes. FETCH_ADD adds {@code first}; COMPARE_SWAP
 * stores {@code second} where {@code first} is; both are on words of 8 bytes, and what there was comes to {@code here}.
 */
public final class OneSidedRecordDescriptor {
    public static final int KIND = RecordDescriptor.KIND_CREDIT;

    public static final int WRITE = 1;
    public static final int READ = 2;
    public static final int FETCH_ADD = 3;
    public static final int COMPARE_SWAP = 4;
    public static final int DONE = 5;
    public static final int WANT = 6;
    public static final int GIVEN = 7;

    public static final int HERE_OFFSET = 0;
    public static final int BYTES_OFFSET = 8;
    public static final int THERE_OFFSET = 16;
    public static final int FIRST_OFFSET = 24;
    public static final int SECOND_OFFSET = 32;
    public static final int BYTES = 40;

    public static final int WANT_OFFSET_OFFSET = 0;
    public static final int WANT_LENGTH_OFFSET = 8;
    public static final int WANT_BYTES = 16;

    public static final int GIVEN_PART_OFFSET = 0;
    public static final int GIVEN_ADDRESS_OFFSET = 8;
    public static final int GIVEN_LENGTH_OFFSET = 16;
    public static final int GIVEN_KEY_OFFSET = 24;
    public static final int GIVEN_BYTES = 32;

    private OneSidedRecordDescriptor() {}

    /** Whether a record from a rank asks its multiplexer for an operation. */
    public static boolean isOperation(long header) {
        int context = RecordDescriptor.context(header);
        return RecordDescriptor.kind(header) == KIND && context >= WRITE && context <= COMPARE_SWAP;
    }
}
