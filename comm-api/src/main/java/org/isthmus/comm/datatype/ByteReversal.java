package org.isthmus.comm.datatype;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Turns numbers in memory from one byte order to the other. Any thread. */
final class ByteReversal {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private ByteReversal() {}

    /** @param unit bytes of a number: 1, 2, 4 or 8 */
    static void reverse(MemorySegment memory, long offset, long length, int unit) {
        switch (unit) {
            case 1 -> { }
            case 2 -> {
                for (long at = offset; at < offset + length; at += 2) {
                    memory.set(SHORT, at, Short.reverseBytes(memory.get(SHORT, at)));
                }
            }
            case 4 -> {
                for (long at = offset; at < offset + length; at += 4) {
                    memory.set(INT, at, Integer.reverseBytes(memory.get(INT, at)));
                }
            }
            case 8 -> {
                for (long at = offset; at < offset + length; at += 8) {
                    memory.set(LONG, at, Long.reverseBytes(memory.get(LONG, at)));
                }
            }
            default -> throw new IllegalArgumentException("no number has " + unit + " bytes");
        }
    }
}
