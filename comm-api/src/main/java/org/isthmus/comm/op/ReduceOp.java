package org.isthmus.comm.op;

import org.isthmus.comm.datatype.TypeMap;

/** A reduction operation (MPI 3.1, section 5.9), predefined or the user's. Stateless, callable from any thread. */
public interface ReduceOp {
    /** Whether operands may be reordered; associativity is always assumed. */
    boolean isCommutative();

    /** Whether it is defined for {@code type}. */
    boolean supports(TypeMap type);

    /**
     * Whether a vector of elements of {@code type} may be reduced in parts, one call for each; false: every call gets
     * all elements that the user passed.
     */
    default boolean isDivisible(TypeMap type) {
        return true;
    }

    /**
     * Element by element {@code inout = in op inout}: {@code in} is the operand of the lower ranks.
     * Buffers as in {@code PointToPoint}: primitive array or MemorySegment, with an offset in bytes.
     *
     * @param count elements of {@code type}
     */
    void reduce(Object in, long inOffset, Object inout, long inoutOffset, int count, TypeMap type);
}
