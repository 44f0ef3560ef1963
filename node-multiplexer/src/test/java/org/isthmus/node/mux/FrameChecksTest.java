package org.isthmus.node.mux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.isthmus.node.endpoint.RemoteRecordDescriptor;
import org.isthmus.node.shm.CorruptRecordException;
import org.isthmus.node.shm.RecordDescriptor;
import org.junit.jupiter.api.Test;

class FrameChecksTest {
    private static final int INLINE = 1;

    private final MemorySegment frame = MemorySegment.ofArray(new long[1024]);

    private void header(int kind, int payload) {
        frame.set(RelayedRecord.LONG, 0, RecordDescriptor.header(kind, 3, 4, payload));
    }

    private void assertCorrupt(long left) {
        assertThrows(CorruptRecordException.class, () -> FrameChecks.recordBytes(frame, 0, left));
    }

    @Test
    void fieldsLieWhereTheDiagramSays() {
        header(INLINE, 8 + 5);
        frame.set(RelayedRecord.INT, 8, 17);
        frame.set(RelayedRecord.INT, 12, 23);
        assertEquals(17, RelayedRecord.destination(frame, 0));
        assertEquals(23, RelayedRecord.source(frame, 0));
        assertEquals(24, FrameChecks.recordBytes(frame, 0, 24));
    }

    @Test
    void aRecordWithABlockCountsTheBlock() {
        header(RemoteRecordDescriptor.FIRST_BLOCK_KIND, 8 + 24);
        frame.set(RelayedRecord.LONG, 24, 101);
        assertEquals(8 + 32 + 104, FrameChecks.recordBytes(frame, 0, 4000));
        assertCorrupt(8 + 32 + 103);
    }

    @Test
    void whatIsNoWholeRecordIsRefused() {
        assertCorrupt(0);
        assertCorrupt(15);
        assertCorrupt(4000);
        header(INLINE, 7);
        assertCorrupt(4000);
        header(INLINE, 100);
        assertCorrupt(104);
        header(RecordDescriptor.KIND_PADDING, 16);
        assertCorrupt(4000);
        header(RecordDescriptor.KIND_RING_CREATED, 16);
        assertCorrupt(4000);
        header(RemoteRecordDescriptor.LAST_BLOCK_KIND, 16);
        assertCorrupt(4000);
        header(RemoteRecordDescriptor.LAST_BLOCK_KIND, 24);
        for (long bytes : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32, 4001}) {
            frame.set(RelayedRecord.LONG, 24, bytes);
            assertCorrupt(4000);
        }
    }

    @Test
    void randomBytesNeverReachBeyondTheFrame() {
        Random random = new Random(42);
        for (int i = 0; i < 200_000; i++) {
            for (int word = 0; word < 5; word++) {
                frame.set(RelayedRecord.LONG, word * 8L, random.nextBoolean() ? random.nextLong()
                        : random.nextInt(5000));
            }
            long left = random.nextInt(4000);
            try {
                int bytes = FrameChecks.recordBytes(frame, 0, left);
                assertEquals(true, bytes > 0 && bytes <= left, bytes + " of " + left);
            } catch (CorruptRecordException e) {
                assertEquals(true, e.getMessage().contains("frame"), e.getMessage());
            }
        }
    }
}
