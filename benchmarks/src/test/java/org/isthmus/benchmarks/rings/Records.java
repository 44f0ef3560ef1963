package org.isthmus.benchmarks.rings;

import java.util.Arrays;

/** Records as objects, for queues of references: taken in turn, so many that none comes again while it is under way. */
final class Records {
    private final long[][] records;
    private int next;

    /** @param count a power of two, above the depth */
    Records(int count, int bytes) {
        records = new long[count][bytes / Long.BYTES];
    }

    /** The next record, filled; {@link #taken} goes on to the one after. */
    long[] fill(long number) {
        long[] record = records[next];
        Arrays.fill(record, number);
        return record;
    }

    void taken() {
        next = next + 1 & records.length - 1;
    }
}
