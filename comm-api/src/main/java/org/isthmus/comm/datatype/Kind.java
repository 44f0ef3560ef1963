package org.isthmus.comm.datatype;

/** What one element of a datatype is to a reduction (MPI 3.1, sections 5.9.2 and 5.9.4). */
public enum Kind {
    /** One number or truth value of type {@link TypeMap#base()}. */
    PRIMITIVE,
    /** Real and imaginary float. */
    FLOAT_COMPLEX,
    /** Real and imaginary double. */
    DOUBLE_COMPLEX,
    /** Int value at 0, int index at 4. */
    INT2,
    /** Short value at 0, int index at 4. */
    SHORT_INT,
    /** Long value at 0, int index at 8. */
    LONG_INT,
    /** Float value at 0, int index at 4. */
    FLOAT_INT,
    /** Double value at 0, int index at 8. */
    DOUBLE_INT,
    /** Made by a constructor: predefined operations are not defined for it. */
    DERIVED
}
