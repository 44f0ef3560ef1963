package org.isthmus.comm.pt2pt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IncomingPoolTest {
    private static final int MANY = 200;

    private final IncomingPool pool = new IncomingPool();

    @Test
    void everyEntryHasRoomOfItsOwn() {
        List<Incoming> entries = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            Incoming entry = take(i);
            entry.store(filled(Incoming.ROOM, (byte) i), 0, Incoming.ROOM);
            entries.add(entry);
        }
        for (int i = 0; i < MANY; i++) {
            assertEquals(-1, filled(Incoming.ROOM, (byte) i).mismatch(entries.get(i).data), "entry " + i);
        }
    }

    @Test
    void aLongMessageGetsALargerRoomWhichStays() {
        Incoming entry = take(0);
        entry.store(filled(1000, (byte) 7), 0, 1000);
        assertEquals(-1, filled(1000, (byte) 7).mismatch(entry.data.asSlice(0, 1000)));
        MemorySegment room = entry.data;
        pool.giveBack(entry);
        assertSame(room, take(1).data);
    }

    @Test
    void anEntryIsUsedAgainWithoutItsBlocks() {
        Incoming entry = take(3);
        entry.addBlock(5, 100);
        entry.localSend = new Transfer();
        pool.giveBack(entry);
        Incoming again = take(4);
        assertSame(entry, again);
        assertEquals(0, again.blockCount);
        assertEquals(0, again.arrived);
        assertEquals(4, again.matchTag);
        assertNull(again.localSend);
        assertTrue(again.data.isNative());
    }

    private Incoming take(int tag) {
        return pool.take(RecordKind.EAGER_INLINE, 0, 1, tag, Incoming.ROOM);
    }

    private static MemorySegment filled(int bytes, byte value) {
        MemorySegment segment = MemorySegment.ofArray(new byte[bytes]);
        for (int i = 0; i < bytes; i++) {
            segment.set(ValueLayout.JAVA_BYTE, i, value);
        }
        return segment;
    }
}
