package org.isthmus.comm.op;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import org.isthmus.comm.buffer.BufferCopy;
import org.isthmus.comm.datatype.Primitive;

/**
 * Runs a {@link Kernel}, which knows arrays only, on operands that lie anywhere.
 *
 * <p>Operands are copied through two small arrays of the calling thread, a block at a time, so that they stay in the
 * first-level cache. One loop per operation and type then serves arrays and segments alike, and always in the form that
 * the compiler turns into vector instructions: two arrays, one index. (A loop over two segments stays scalar in JDK 25,
 * since they might overlap.)
 */
final class StagedReduction {
    private static final int BLOCK_BYTES = 4096;
    private static final ThreadLocal<Object[]> SCRATCH =
            ThreadLocal.withInitial(() -> new Object[2 * Primitive.values().length]);

    private StagedReduction() {}

    /** @param elements of {@code primitive}; offsets are in bytes. */
    static <A> void run(Kernel<A> kernel, Primitive primitive, Class<A> arrayClass, Object in, long inOffset,
            Object inout, long inoutOffset, int elements) {
        int bytes = primitive.bytes();
        if (inOffset == inoutOffset && in.getClass() == arrayClass && inout.getClass() == arrayClass) {
            int from = (int) (inOffset / bytes);
            apply(kernel, arrayClass.cast(in), arrayClass.cast(inout), from, from + elements);
            return;
        }
        A a = scratch(arrayClass, 2 * primitive.ordinal(), bytes);
        A b = scratch(arrayClass, 2 * primitive.ordinal() + 1, bytes);
        int block = BLOCK_BYTES / bytes;
        for (int done = 0; done < elements; done += block) {
            int n = Math.min(block, elements - done);
            long at = (long) done * bytes;
            load(in, inOffset + at, a, n, bytes);
            load(inout, inoutOffset + at, b, n, bytes);
            apply(kernel, a, b, 0, n);
            if (inout instanceof MemorySegment segment) {
                BufferCopy.arrayToSegment(b, 0, segment, inoutOffset + at, (long) n * bytes);
            } else {
                System.arraycopy(b, 0, inout, (int) ((inoutOffset + at) / bytes), n);
            }
        }
    }

    private static <A> void apply(Kernel<A> kernel, A in, A inout, int from, int to) {
        kernel.apply(in, inout, from, to);
    }

    private static void load(Object from, long offset, Object array, int elements, int bytes) {
        if (from instanceof MemorySegment segment) {
            BufferCopy.segmentToArray(segment, offset, array, 0, (long) elements * bytes);
        } else {
            System.arraycopy(from, (int) (offset / bytes), array, 0, elements);
        }
    }

    private static <A> A scratch(Class<A> arrayClass, int slot, int bytes) {
        Object[] arrays = SCRATCH.get();
        if (arrays[slot] == null) {
            arrays[slot] = Array.newInstance(arrayClass.getComponentType(), BLOCK_BYTES / bytes);
        }
        return arrayClass.cast(arrays[slot]);
    }
}
