package org.isthmus.comm.datatype;

import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/**
 * A datatype (MPI 3.1, chapter 4): which bytes of a buffer one element is, in which order they travel, and how far
 * apart elements lie. All sizes and offsets are in bytes. Immutable, usable from any thread; made by
 * {@link DerivedTypes}.
 */
public final class TypeMap {
    private static final Map<Primitive, TypeMap> PRIMITIVES = new EnumMap<>(Primitive.class);

    static {
        for (Primitive p : Primitive.values()) {
            PRIMITIVES.put(p, basic(p, Kind.PRIMITIVE, p.bytes(), p.bytes()));
        }
    }

    public static final TypeMap FLOAT_COMPLEX = basic(Primitive.FLOAT, Kind.FLOAT_COMPLEX, 8, 4);
    public static final TypeMap DOUBLE_COMPLEX = basic(Primitive.DOUBLE, Kind.DOUBLE_COMPLEX, 16, 8);
    public static final TypeMap INT2 = pair(Kind.INT2, 4);
    public static final TypeMap SHORT_INT = pair(Kind.SHORT_INT, 2);
    public static final TypeMap LONG_INT = pair(Kind.LONG_INT, 8);
    public static final TypeMap FLOAT_INT = pair(Kind.FLOAT_INT, 4);
    public static final TypeMap DOUBLE_INT = pair(Kind.DOUBLE_INT, 8);

    final BlockLayout layout;
    final Signature signature;
    final int alignment;
    final boolean explicitBounds;

    private final Primitive base;
    private final Kind kind;
    private final TypeMap element;
    private final long size;
    private final long lowerBound;
    private final long extent;
    private final long trueLowerBound;
    private final long trueExtent;
    private final boolean contiguous;
    private final boolean elementAligned;

    /** @param element what a derived type consists of, null when it is not made of one predefined type alone */
    TypeMap(Primitive base, Kind kind, TypeMap element, BlockLayout layout, Signature signature, Bounds bounds,
            int alignment, boolean explicitBounds) {
        this.base = base;
        this.kind = kind;
        this.element = kind == Kind.DERIVED ? element : this;
        this.layout = layout;
        this.signature = signature;
        this.alignment = alignment;
        this.explicitBounds = explicitBounds;
        this.size = layout.size();
        this.lowerBound = bounds.low();
        this.extent = bounds.high() - bounds.low();
        this.trueLowerBound = bounds.trueLow();
        this.trueExtent = bounds.trueHigh() - bounds.trueLow();
        this.contiguous = size == 0 || layout.isSingleBlock() && layout.offsets[0] == 0 && extent == size;
        this.elementAligned = extent % base.bytes() == 0 && layout.isMultipleOf(base.bytes());
    }

    /**
     * Where an element begins and ends: {@code low} and {@code high} as its neighbours see it, {@code trueLow} and
     * {@code trueHigh} as its bytes lie.
     */
    record Bounds(long low, long high, long trueLow, long trueHigh) {}

    private static TypeMap basic(Primitive base, Kind kind, int bytes, int alignment) {
        return new TypeMap(base, kind, null, BlockLayout.of(0, bytes), Signature.basic(bytes, base.bytes()),
                new Bounds(0, bytes, 0, bytes), alignment, false);
    }

    private static TypeMap pair(Kind kind, int valueBytes) {
        int indexOffset = Math.max(valueBytes, Integer.BYTES);
        BlockLayout.Builder blocks = new BlockLayout.Builder();
        blocks.add(BlockLayout.of(0, valueBytes), 0);
        blocks.add(BlockLayout.of(0, Integer.BYTES), indexOffset);
        Signature signature = Signature.sequence(new long[] {1, 1},
                new Signature[] {Signature.basic(valueBytes), Signature.basic(Integer.BYTES)});
        return new TypeMap(Primitive.BYTE, kind, null, blocks.build(), signature,
                new Bounds(0, 2L * indexOffset, 0, indexOffset + Integer.BYTES), indexOffset, false);
    }

    /** The type map of one predefined element. */
    public static TypeMap of(Primitive base) {
        return PRIMITIVES.get(base);
    }

    /** Decides which arrays hold such elements. */
    public Primitive base() {
        return base;
    }

    public Kind kind() {
        return kind;
    }

    /** The predefined type that all elements of this type have, itself for a predefined one; null when they differ. */
    public TypeMap element() {
        return element;
    }

    /** Packed size in bytes. */
    public long size() {
        return size;
    }

    /** Distance in bytes between consecutive elements of this type. */
    public long extent() {
        return extent;
    }

    public long lowerBound() {
        return lowerBound;
    }

    /** Offset of the first byte that an element occupies. */
    public long trueLowerBound() {
        return trueLowerBound;
    }

    /** Bytes from the first to the last that an element occupies. */
    public long trueExtent() {
        return trueExtent;
    }

    /** Whether {@code count} elements are one gap-free run of {@code count * size()} bytes from offset 0. */
    public boolean isContiguous() {
        return contiguous;
    }

    /** Whether every block begins and ends at an element of {@link #base()}, as copies of arrays need. */
    public boolean isElementAligned() {
        return elementAligned;
    }

    /** Basic elements in {@code bytes} received bytes, -1 when that is not a whole number of them. */
    public long elementCount(long bytes) {
        return signature.elementsIn(bytes);
    }

    /** Turns around the bytes of every number in {@code count} elements that lie packed from {@code offset} on. */
    public void reverseBytes(MemorySegment packed, long offset, long count) {
        signature.reverse(packed, offset, count);
    }

    /** Bytes of {@code elements} basic elements: the reverse of {@link #elementCount}. */
    public long elementBytes(long elements) {
        return signature.bytesOf(elements);
    }
}
