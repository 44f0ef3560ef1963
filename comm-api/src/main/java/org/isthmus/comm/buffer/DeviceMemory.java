package org.isthmus.comm.buffer;

import java.lang.foreign.MemorySegment;

/** The memory of this process's devices; there is one only where devices are in use. Any thread. */
public interface DeviceMemory {
    /** The buffer that {@code segment}, which is native, stands for; null if its memory is the host's. */
    DeviceBuffer find(MemorySegment segment);

    /** Gives back what it took from the devices; nothing is under way any more. */
    void close();
}
