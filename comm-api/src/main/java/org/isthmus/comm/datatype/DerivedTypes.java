package org.isthmus.comm.datatype;

import java.util.Arrays;

/**
 * The datatype constructors (MPI 3.1, section 4.1). Counts and block lengths are in elements of the old type and not
 * negative; the caller checked that.
 */
public final class DerivedTypes {
    private DerivedTypes() {}

    public static TypeMap contiguous(long count, TypeMap old) {
        return hvector(1, count, 0, old);
    }

    /** @param stride in extents of {@code old}. */
    public static TypeMap vector(int count, int blockLength, int stride, TypeMap old) {
        return hvector(count, blockLength, stride * old.extent(), old);
    }

    /** @param stride in bytes. */
    public static TypeMap hvector(long count, long blockLength, long stride, TypeMap old) {
        BlockLayout block = old.layout.repeat(blockLength, old.extent());
        Hull hull = new Hull(old.base());
        if (blockLength > 0 && count > 0) {
            hull.add(old, blockLength, 0);
            hull.add(old, blockLength, (count - 1) * stride);
        }
        return hull.type(block.repeat(count, stride), old.signature.times(count * blockLength));
    }

    /** @param displacements in extents of {@code old}. */
    public static TypeMap indexed(int[] blockLengths, int[] displacements, TypeMap old) {
        return gather(old.base(), blockLengths, displacements, old.extent(), fill(blockLengths.length, old));
    }

    /** @param displacements in bytes. */
    public static TypeMap hindexed(int[] blockLengths, int[] displacements, TypeMap old) {
        return gather(old.base(), blockLengths, displacements, 1, fill(blockLengths.length, old));
    }

    /** @param displacements in bytes. The base of a struct is BYTE. */
    public static TypeMap struct(int[] blockLengths, int[] displacements, TypeMap[] types) {
        return gather(Primitive.BYTE, blockLengths, displacements, 1, types);
    }

    /** @param lowerBound in bytes, as is {@code extent}. */
    public static TypeMap resized(TypeMap old, long lowerBound, long extent) {
        long trueLow = old.trueLowerBound();
        return new TypeMap(old.base(), Kind.DERIVED, old.element(), old.layout, old.signature,
                new TypeMap.Bounds(lowerBound, lowerBound + extent, trueLow, trueLow + old.trueExtent()), old.alignment,
                true);
    }

    /** One element each of {@code types}, at {@code displacements} in bytes. */
    static TypeMap sequence(Primitive base, long[] displacements, TypeMap[] types) {
        BlockLayout.Builder blocks = new BlockLayout.Builder();
        Hull hull = new Hull(base);
        long[] counts = new long[types.length];
        Signature[] signatures = new Signature[types.length];
        for (int i = 0; i < types.length; i++) {
            counts[i] = 1;
            signatures[i] = types[i].signature;
            blocks.add(types[i].layout, displacements[i]);
            hull.add(types[i], 1, displacements[i]);
        }
        return hull.type(blocks.build(), Signature.sequence(counts, signatures));
    }

    /** {@code old} with its bytes {@code displacement} later, and with bounds of its own. */
    static TypeMap placed(TypeMap old, long displacement, long lowerBound, long extent) {
        long trueLow = old.size() == 0 ? 0 : old.trueLowerBound() + displacement;
        return new TypeMap(old.base(), Kind.DERIVED, old.element(), old.layout.shift(displacement), old.signature,
                new TypeMap.Bounds(lowerBound, lowerBound + extent, trueLow, trueLow + old.trueExtent()), old.alignment,
                true);
    }

    private static TypeMap[] fill(int count, TypeMap old) {
        TypeMap[] types = new TypeMap[count];
        Arrays.fill(types, old);
        return types;
    }

    private static TypeMap gather(Primitive base, int[] blockLengths, int[] displacements, long unit, TypeMap[] types) {
        BlockLayout.Builder blocks = new BlockLayout.Builder();
        Hull hull = new Hull(base);
        long[] counts = new long[blockLengths.length];
        Signature[] signatures = new Signature[blockLengths.length];
        for (int i = 0; i < blockLengths.length; i++) {
            TypeMap type = types[i];
            long displacement = displacements[i] * unit;
            counts[i] = blockLengths[i];
            signatures[i] = type.signature;
            if (blockLengths[i] > 0) {
                blocks.add(type.layout.repeat(blockLengths[i], type.extent()), displacement);
                hull.add(type, blockLengths[i], displacement);
            }
        }
        return hull.type(blocks.build(), Signature.sequence(counts, signatures));
    }

    /**
     * Collects the bounds of the parts of a type under construction. Parts without data do not count; when some parts
     * have bounds set by hand, those alone do (MPI 3.1, section 4.1.6).
     */
    private static final class Hull {
        private final Primitive base;
        private long low = Long.MAX_VALUE;
        private long high = Long.MIN_VALUE;
        private long trueLow = Long.MAX_VALUE;
        private long trueHigh = Long.MIN_VALUE;
        private int alignment = 1;
        private boolean explicitBounds;
        private TypeMap element;
        private boolean hasParts;

        Hull(Primitive base) {
            this.base = base;
        }

        void add(TypeMap type, long count, long displacement) {
            if (type.size() == 0 && !type.explicitBounds) {
                return;
            }
            long last = displacement + (count - 1) * type.extent();
            long first = Math.min(displacement, last);
            last = Math.max(displacement, last);
            if (type.explicitBounds && !explicitBounds) {
                explicitBounds = true;
                low = Long.MAX_VALUE;
                high = Long.MIN_VALUE;
            }
            if (type.explicitBounds == explicitBounds) {
                low = Math.min(low, first + type.lowerBound());
                high = Math.max(high, last + type.lowerBound() + type.extent());
            }
            if (type.size() > 0) {
                trueLow = Math.min(trueLow, first + type.trueLowerBound());
                trueHigh = Math.max(trueHigh, last + type.trueLowerBound() + type.trueExtent());
            }
            element = !hasParts || element == type.element() ? type.element() : null;
            hasParts = true;
            alignment = Math.max(alignment, type.alignment);
        }

        /** The extent is rounded up to the alignment of the parts, unless one of them has bounds set by hand. */
        TypeMap type(BlockLayout layout, Signature signature) {
            if (low > high) {
                low = 0;
                high = 0;
            }
            if (trueLow > trueHigh) {
                trueLow = 0;
                trueHigh = 0;
            }
            if (!explicitBounds) {
                high = low + Math.ceilDiv(high - low, alignment) * alignment;
            }
            return new TypeMap(base, Kind.DERIVED, element, layout, signature,
                    new TypeMap.Bounds(low, high, trueLow, trueHigh), alignment, explicitBounds);
        }
    }
}
