package org.isthmus.benchmarks.rings;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The words of a record, all read and compared. */
final class Words {
    private Words() {}

    static long read(MemorySegment memory, long at, int bytes) {
        long number = memory.get(ValueLayout.JAVA_LONG, at);
        for (int i = 8; i < bytes; i += 8) {
            check(number, memory.get(ValueLayout.JAVA_LONG, at + i));
        }
        return number;
    }

    static long read(long[] record) {
        long number = record[0];
        for (int i = 1; i < record.length; i++) {
            check(number, record[i]);
        }
        return number;
    }

    static void check(long number, long word) {
        if (word != number) {
            throw new IllegalStateException("record " + number + " has a word " + word);
        }
    }
}
