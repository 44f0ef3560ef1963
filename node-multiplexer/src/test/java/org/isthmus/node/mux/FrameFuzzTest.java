package org.isthmus.node.mux;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import org.isthmus.node.shm.CorruptRecordException;

/** Records from other nodes: arbitrary bytes are whole records inside their frame, or refused. */
class FrameFuzzTest {
    @FuzzTest
    void recordsOfAFrame(byte[] data) {
        MemorySegment frame = MemorySegment.ofArray(new long[(data.length + 7) / 8]);
        MemorySegment.copy(MemorySegment.ofArray(data), 0, frame, 0, data.length);
        long at = 0;
        while (at < data.length) {
            try {
                int bytes = FrameChecks.recordBytes(frame, at, data.length - at);
                if (bytes <= 0 || bytes % 8 != 0 || at + bytes > data.length) {
                    throw new AssertionError("record of " + bytes + " bytes at " + at + " of " + data.length);
                }
                at += bytes;
            } catch (CorruptRecordException e) {
                return;
            }
        }
    }
}
