package org.isthmus.allocator;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The word in front of every message block.
 *
 * <pre>
 *   block - 64                      block                      block + size
 *  +---------------+---------------+--------------------------+
 *  | state : int32 | unused        | message bytes            |
 *  +---------------+---------------+--------------------------+
 *    0 FREE, 1 LIVE
 * </pre>
 *
 * The owner writes LIVE (plain: the block reaches others only through a ring's release store); the consumer writes FREE
 * with release, SYNC(block.free); the owner reads with acquire before it hands the block out again.
 */
public final class BlockDescriptor {
    /** Bytes in front of a block, one cache line, so that freeing never touches a line of message bytes. */
    public static final int PREFIX = 64;

    public static final int FREE = 0;
    public static final int LIVE = 1;

    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle().withInvokeExactBehavior();

    private BlockDescriptor() {}

    static void markLivePlain(MemorySegment memory, long block) {
        INT.set(memory, block - PREFIX, LIVE);
    }

    /** SYNC(block.free): the consumer's reads of the block come before. */
    static void markFreeRelease(MemorySegment memory, long block) {
        INT.setRelease(memory, block - PREFIX, FREE);
    }

    /** SYNC(block.free): the owner may overwrite after. */
    static boolean isFreeAcquire(MemorySegment memory, long block) {
        return (int) INT.getAcquire(memory, block - PREFIX) == FREE;
    }
}
