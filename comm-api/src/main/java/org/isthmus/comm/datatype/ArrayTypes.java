package org.isthmus.comm.datatype;

import java.util.Arrays;

/**
 * Datatypes of a part of an array in several dimensions (MPI 3.1, sections 4.1.3 and 4.1.4), for row-major order: the
 * last dimension is the one whose elements lie side by side. Arguments were checked. The types have the extent of the
 * whole array.
 */
public final class ArrayTypes {
    /** How the elements along a dimension are dealt out to its processes. */
    public enum Distribution { BLOCK, CYCLIC, NONE }

    private ArrayTypes() {}

    /** {@code subsizes} elements along each dimension, from {@code starts} on, of an array of {@code sizes}. */
    public static TypeMap subarray(int[] sizes, int[] subsizes, int[] starts, TypeMap element) {
        TypeMap type = element;
        for (int d = sizes.length - 1; d >= 0; d--) {
            long extent = type.extent();
            TypeMap part = DerivedTypes.contiguous(subsizes[d], type);
            type = DerivedTypes.placed(part, starts[d] * extent, 0, sizes[d] * extent);
        }
        return type;
    }

    /**
     * What the process at {@code coords} of a grid of {@code grid} processes has of an array of {@code sizes}.
     *
     * @param blocks elements of a block along each dimension; of {@code NONE} not used
     */
    public static TypeMap distributed(int[] sizes, Distribution[] distributions, int[] blocks, int[] grid, int[] coords,
            TypeMap element) {
        TypeMap type = element;
        for (int d = sizes.length - 1; d >= 0; d--) {
            type = distributions[d] == Distribution.NONE
                    ? DerivedTypes.placed(DerivedTypes.contiguous(sizes[d], type), 0, 0, sizes[d] * type.extent())
                    : dealt(sizes[d], blocks[d], grid[d], coords[d], type);
        }
        return type;
    }

    /** Every {@code processes}-th block of {@code block} elements, from block {@code coord} on. A BLOCK has but one. */
    private static TypeMap dealt(int size, int block, int processes, int coord, TypeMap element) {
        long extent = element.extent();
        long first = (long) block * coord;
        long cycle = (long) block * processes;
        long left = Math.max(0, size - first);
        long whole = left / cycle + (left % cycle >= block ? 1 : 0);
        long rest = left % cycle >= block ? 0 : left % cycle;
        TypeMap blocks = DerivedTypes.hvector(whole, block, cycle * extent, element);
        TypeMap mine = blocks;
        if (rest > 0) {
            TypeMap[] parts = {blocks, DerivedTypes.contiguous(rest, element)};
            long[] at = {0, whole * cycle * extent};
            mine = whole == 0 ? parts[1] : DerivedTypes.sequence(element.base(), at, parts);
        }
        return DerivedTypes.placed(mine, first * extent, 0, size * extent);
    }

    /** The arguments of a column-major array in the order of a row-major one. */
    public static int[] reversed(int[] values) {
        int[] reversed = new int[values.length];
        Arrays.setAll(reversed, i -> values[values.length - 1 - i]);
        return reversed;
    }
}
