package org.isthmus.tcpx;

import java.lang.foreign.MemorySegment;

/** Copies at once. */
final class HostUnpacker implements Unpacker {
    @Override
    public long begin(MemorySegment bounce, MemorySegment place, long offset, int length) {
        MemorySegment.copy(bounce, 0, place, offset, length);
        return 0;
    }

    @Override
    public boolean isDone(long ticket) {
        return true;
    }
}
