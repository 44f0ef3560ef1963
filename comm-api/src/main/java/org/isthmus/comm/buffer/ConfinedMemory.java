package org.isthmus.comm.buffer;

import java.lang.foreign.MemorySegment;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/**
 * Message buffers that only one thread of the program may touch: those of a confined {@code Arena}. The thread that
 * makes progress, and so copies, may be another one; whoever starts such threads asks here. Any thread.
 */
public final class ConfinedMemory {
    private static final Thread ANOTHER = Thread.ofPlatform().unstarted(() -> { });

    private static volatile boolean refused;
    private static volatile boolean seen;

    private ConfinedMemory() {}

    /** Several threads of the program make progress: from now on such buffers are errors. */
    public static void refuse() {
        refused = true;
    }

    /** Whether the program has used such a buffer. */
    public static boolean isSeen() {
        return seen;
    }

    static boolean isOneThreads(MemorySegment segment) {
        return !segment.isAccessibleBy(ANOTHER);
    }

    /** A message buffer that is seen for the first time. */
    static void check(MemorySegment segment, String name) {
        if (!isOneThreads(segment)) {
            return;
        }
        if (refused) {
            throw new CommException(ErrorClass.BUFFER,
                    name + " belongs to one thread, but with THREAD_MULTIPLE any thread may copy it: allocate it from"
                    + " Arena.ofShared() or Arena.ofAuto() instead of Arena.ofConfined()");
        }
        seen = true;
    }
}
