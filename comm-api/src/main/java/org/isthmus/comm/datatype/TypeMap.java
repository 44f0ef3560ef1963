package org.isthmus.comm.datatype;

/** Skeleton; see the datatype package. */
public final class TypeMap {
    private final Primitive base;

    private TypeMap(Primitive base) {
        this.base = base;
    }

    /** The type map of one predefined element. */
    public static TypeMap of(Primitive base) {
        return new TypeMap(base);
    }

    public Primitive base() {
        return base;
    }

    /** Packed size in bytes. */
    public long size() {
        return base.bytes();
    }

    /** Distance in bytes between consecutive elements of this type. */
    public long extent() {
        return base.bytes();
    }

    public long lowerBound() {
        return 0;
    }

    public long trueLowerBound() {
        return 0;
    }

    public long trueExtent() {
        return base.bytes();
    }

    /** Whether {@code count} elements are one gap-free run of {@code count * size()} bytes from offset 0. */
    public boolean isContiguous() {
        return true;
    }
}
