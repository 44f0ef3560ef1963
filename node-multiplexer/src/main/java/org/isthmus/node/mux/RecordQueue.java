package org.isthmus.node.mux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Records for which there is no room at the moment, in order, in heap memory that grows and shrinks with them: none
 * while there are none, for there may be one for each of very many ranks. What bounds it are the credits of the
 * senders, not the queue.
 *
 * <p>Owned by one thread. Records never span the end of the memory: the entry's length word 0 says "go on at 0".
 */
final class RecordQueue {
    private static final int FIRST_BYTES = 512;
    private static final int SHRINKS_BELOW = 8;
    private static final MemorySegment NONE = MemorySegment.ofArray(new long[0]);
    private static final int LENGTH_BYTES = Long.BYTES;
    private static final long WRAP = 0;

    private MemorySegment memory = NONE;
    private long head;
    private long tail;
    private long used;
    private int records;

    boolean isEmpty() {
        return records == 0;
    }

    int size() {
        return records;
    }

    /** Memory of the first record; valid until the next {@link #add} or {@link #removeFirst}. */
    MemorySegment memory() {
        return memory;
    }

    /** Where in {@link #memory} the first record begins. */
    long first() {
        if (memory.get(ValueLayout.JAVA_LONG, head) == WRAP) {
            used -= memory.byteSize() - head;
            head = 0;
        }
        return head + LENGTH_BYTES;
    }

    int firstBytes() {
        return (int) memory.get(ValueLayout.JAVA_LONG, first() - LENGTH_BYTES);
    }

    void removeFirst() {
        int entry = LENGTH_BYTES + firstBytes();
        head += entry;
        used -= entry;
        records--;
        if (head == memory.byteSize()) {
            head = 0;
        }
        if (records == 0) {
            head = 0;
            tail = 0;
            used = 0;
            memory = NONE;
        } else if (memory.byteSize() > FIRST_BYTES && used <= memory.byteSize() / SHRINKS_BELOW) {
            resize(memory.byteSize() / (SHRINKS_BELOW / 2));
        }
    }

    /** Adds room for a record of {@code bytes}, a multiple of 8 above 0; returns where in {@link #memory} it goes. */
    long add(int bytes) {
        long entry = LENGTH_BYTES + bytes;
        if (!fits(entry)) {
            resize(roomFor(entry));
        }
        if (memory.byteSize() - tail < entry) {
            memory.set(ValueLayout.JAVA_LONG, tail, WRAP);
            used += memory.byteSize() - tail;
            tail = 0;
        }
        long at = tail;
        memory.set(ValueLayout.JAVA_LONG, at, bytes);
        tail = at + entry == memory.byteSize() ? 0 : at + entry;
        used += entry;
        records++;
        return at + LENGTH_BYTES;
    }

    private boolean fits(long entry) {
        long toEnd = memory.byteSize() - tail;
        long needed = toEnd < entry ? toEnd + entry : entry;
        return used + needed <= memory.byteSize();
    }

    private long roomFor(long entry) {
        long size = Math.max(FIRST_BYTES, memory.byteSize() * 2);
        while (size < 2 * (used + entry)) {
            size *= 2;
        }
        return size;
    }

    private void resize(long size) {
        RecordQueue other = new RecordQueue();
        other.memory = MemorySegment.ofArray(new long[Math.toIntExact(size / Long.BYTES)]);
        for (int left = records; left > 0; left--) {
            int bytes = firstBytes();
            long from = first();
            long to = other.add(bytes);
            MemorySegment.copy(memory, from, other.memory, to, bytes);
            head = from + bytes == memory.byteSize() ? 0 : from + bytes;
        }
        memory = other.memory;
        head = other.head;
        tail = other.tail;
        used = other.used;
    }
}
