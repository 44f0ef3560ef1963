package org.isthmus.comm.rma;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/**
 * The memory that a process has attached to a dynamic window (MPI 3.1, section 11.2.4). Displacements are in bytes: the
 * first region begins at 0, each further one at the next multiple of 64 behind all that are attached; when none is,
 * they begin at 0 again. Under the engine lock.
 */
final class AttachedMemory {
    private static final long ALIGNMENT = 64;

    private final List<WindowMemory> regions = new ArrayList<>();
    /** What keeps each region's memory, in the same order. */
    private final List<Object> owners = new ArrayList<>();

    /** Adds a region; returns its displacement. */
    long attach(MemorySegment memory, long offset, long bytes, Object owner) {
        long first = 0;
        for (WindowMemory region : regions) {
            long distance = memory.address() + offset - region.address();
            if (distance < region.bytes() && -distance < bytes) {
                throw new CommException(ErrorClass.RMA_ATTACH, "base overlaps memory that is attached at displacement "
                        + region.first() + ": detach that first");
            }
            long end = region.first() + Math.max(region.bytes(), 1);
            first = Math.max(first, (end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
        }
        regions.add(new WindowMemory(memory, offset, bytes, 1, first, null));
        owners.add(owner);
        return first;
    }

    void detach(MemorySegment memory, long offset) {
        for (int i = 0; i < regions.size(); i++) {
            if (regions.get(i).isAt(memory, offset)) {
                regions.remove(i);
                owners.remove(i);
                return;
            }
        }
        throw new CommException(ErrorClass.RMA_ATTACH,
                "base is not attached to this window: pass the buffer that was attached");
    }

    WindowMemory at(long displacement) {
        for (WindowMemory region : regions) {
            if (region.holds(displacement)) {
                return region;
            }
        }
        throw new CommException(ErrorClass.RMA_RANGE, "targetDisp is " + displacement
                + ", where the target has attached no memory; displacements are in bytes, its first attached buffer "
                + "begins at 0, each further one at the next multiple of " + ALIGNMENT);
    }
}
