package mpi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.isthmus.comm.buffer.BufferCopy;
import org.isthmus.comm.buffer.UserBuffer;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.op.ReduceOp;

/**
 * A {@link UserFunction} as the engine's operation on one datatype.
 *
 * <p>Operands in memory segments are shown to the function where they lie; those in arrays are copied to temporary
 * memory, since a byte buffer cannot be laid over an array of another type.
 */
record UserReduction(UserFunction function, boolean isCommutative, Datatype datatype) implements ReduceOp {
    @Override
    public boolean supports(TypeMap type) {
        return true;
    }

    /** Not over bytes: there programs keep records of several bytes, which parts would cut. */
    @Override
    public boolean isDivisible(TypeMap type) {
        return type.size() > 1 || type.base() != Primitive.BYTE;
    }

    @Override
    public void reduce(Object in, long inOffset, Object inout, long inoutOffset, int count, TypeMap type) {
        long bytes = span(count, type);
        try (Arena arena = Arena.ofConfined()) {
            if (type.base() == Primitive.BOOLEAN) {
                reduceBooleans(in, inOffset, inout, inoutOffset, count, (int) bytes);
                return;
            }
            MemorySegment a = window(in, inOffset, bytes, arena);
            MemorySegment b = window(inout, inoutOffset, bytes, arena);
            function.call(buffer(a), buffer(b), count, datatype);
            if (!(inout instanceof MemorySegment) || b.address() != ((MemorySegment) inout).address() + inoutOffset) {
                store(b, inout, inoutOffset);
            }
        } catch (MPIException e) {
            throw new CommException(e.getErrorClass() == 0 ? ErrorClass.OTHER : e.getErrorClass(),
                    "the user's reduction " + function.getClass().getName() + " failed: " + e.getMessage(), e);
        }
    }

    /** Bytes that the function is shown: whole extents, and more where the last element reaches beyond its own. */
    static long span(int count, TypeMap type) {
        return Math.max(Math.multiplyExact(type.extent(), (long) count), UserBuffer.end(count, type));
    }

    private void reduceBooleans(Object in, long inOffset, Object inout, long inoutOffset, int count, int length)
            throws MPIException {
        boolean[] a = new boolean[length];
        boolean[] b = new boolean[length];
        MemorySegment temporary = MemorySegment.ofArray(new byte[length]);
        load(in, inOffset, temporary);
        BufferCopy.fromSegment(temporary, 0, a, 0, length);
        load(inout, inoutOffset, temporary);
        BufferCopy.fromSegment(temporary, 0, b, 0, length);
        function.call(a, b, count, datatype);
        BufferCopy.toSegment(b, 0, temporary, 0, length);
        store(temporary, inout, inoutOffset);
    }

    /** {@code bytes} bytes of the operand as one native segment: itself, or a copy. */
    private static MemorySegment window(Object base, long offset, long bytes, Arena arena) {
        if (base instanceof MemorySegment segment && segment.isNative() && offset + bytes <= segment.byteSize()) {
            return segment.asSlice(offset, bytes);
        }
        MemorySegment copy = arena.allocate(Math.max(bytes, 1), Long.BYTES).asSlice(0, bytes);
        load(base, offset, copy);
        return copy;
    }

    private static ByteBuffer buffer(MemorySegment segment) {
        return segment.asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /** Copies what there is: the gap after the last element may lie outside the user's buffer. */
    private static void load(Object base, long offset, MemorySegment to) {
        BufferCopy.toSegment(base, offset, to, 0, Math.min(to.byteSize(), Primitive.byteSize(base) - offset));
    }

    private static void store(MemorySegment from, Object base, long offset) {
        BufferCopy.fromSegment(from, 0, base, offset, Math.min(from.byteSize(), Primitive.byteSize(base) - offset));
    }
}
