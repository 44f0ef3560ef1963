package org.isthmus.launch.simulate;

import java.lang.foreign.MemorySegment;
import org.isthmus.node.spi.MemoryRegion;

/** Memory that simulated frames are sent from. */
record SimulatedRegion(MemorySegment memory) implements MemoryRegion {
    @Override
    public void close() {
        // nothing is pinned
    }
}
