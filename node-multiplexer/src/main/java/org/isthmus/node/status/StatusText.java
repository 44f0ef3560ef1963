package org.isthmus.node.status;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Texts in fields of fixed length: UTF-8, cut between characters, padded with zeros. */
final class StatusText {
    private StatusText() {}

    static void write(MemorySegment memory, long at, int bytes, String text) {
        ByteBuffer field = ByteBuffer.allocate(bytes);
        StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text), field, true);
        MemorySegment.copy(MemorySegment.ofArray(field.array()), 0, memory, at, bytes);
    }

    /** Control characters, which no writer of ours puts there, become blanks: the text goes to a terminal. */
    static String read(MemorySegment memory, long at, int bytes) {
        byte[] field = memory.asSlice(at, bytes).toArray(ValueLayout.JAVA_BYTE);
        int length = 0;
        while (length < bytes && field[length] != 0) {
            length++;
        }
        return new String(Arrays.copyOf(field, length), StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", " ");
    }
}
