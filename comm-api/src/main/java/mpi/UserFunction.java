package mpi;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.isthmus.comm.buffer.BufferCopy;
import org.isthmus.comm.datatype.Primitive;

/**
 * A reduction written by the user: for each element {@code inOut = in op inOut}. Override one of the two methods; the
 * one with byte buffers is faster. Both are called on the thread that waits for the reduction, with all elements or
 * with a part of them at a time; for {@code MPI.BYTE} with all.
 */
public abstract class UserFunction {
    /**
     * Combines arrays of the datatype's base type.
     *
     * @param inVec for structs and pairs a {@code byte[]}, for which {@link Struct#getData(byte[], int)} makes views
     * @param count elements of {@code datatype}, each {@code datatype.getExtent()} array elements long
     */
    public void call(Object inVec, Object inOutVec, int count, Datatype datatype) throws MPIException {
        throw new UnsupportedOperationException(
                getClass().getName() + " overrides neither call(Object, ...) nor call(ByteBuffer, ...)");
    }

    /**
     * Combines memory in native byte order. Unless overridden, copies it to arrays, calls {@link #call(Object, Object,
     * int, Datatype)} and copies the result back. For {@code MPI.BOOLEAN} the form with arrays is called directly.
     */
    public void call(ByteBuffer in, ByteBuffer inOut, int count, Datatype datatype) throws MPIException {
        long bytes = UserReduction.span(count, datatype.map);
        Primitive base = datatype.map.base();
        int length = (int) (bytes / base.bytes());
        Object inVec = base.newArray(length);
        Object inOutVec = base.newArray(length);
        MemorySegment from = MemorySegment.ofBuffer(in);
        MemorySegment to = MemorySegment.ofBuffer(inOut);
        BufferCopy.fromSegment(from, 0, inVec, 0, bytes);
        BufferCopy.fromSegment(to, 0, inOutVec, 0, bytes);
        call(inVec, inOutVec, count, datatype);
        BufferCopy.toSegment(inOutVec, 0, to, 0, bytes);
    }
}
