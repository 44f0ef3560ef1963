package org.isthmus;

import java.util.Arrays;
import java.util.Collections;
import mpi.Datatype;
import mpi.MPIException;
import org.isthmus.access.MpiAccess;
import org.isthmus.comm.datatype.ArrayTypes;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/**
 * Datatypes for parts of arrays in several dimensions: subarray and darray (MPI 3.1, sections 4.1.3 and 4.1.4).
 *
 * <p>All arrays of arguments have one entry for each dimension. The new types have the extent of the whole array, must
 * be committed before use, and have the base of the element type. Local; any thread.
 */
public final class ArrayDatatypes {
    /** Which dimension's elements lie side by side. */
    public enum Order {
        /** The last, as in C and Java ({@code MPI_ORDER_C}). */
        ROW_MAJOR,
        /** The first ({@code MPI_ORDER_FORTRAN}). */
        COLUMN_MAJOR
    }

    /** How a dimension is dealt out to its processes. */
    public enum Distribution {
        /** One block for each process. */
        BLOCK,
        /** Blocks in turn. */
        CYCLIC,
        /** Not at all: the dimension has one process. */
        NONE
    }

    /** In place of a block length: as even as it can be for {@code BLOCK}, 1 for {@code CYCLIC}. */
    public static final int DEFAULT_BLOCK = -49767;

    private ArrayDatatypes() {}

    /** {@code subsizes[d]} elements from {@code starts[d]} on along each dimension d of an array of {@code sizes}. */
    public static Datatype subarray(int[] sizes, int[] subsizes, int[] starts, Order order, Datatype element)
            throws MPIException {
        MpiAccess access = access();
        try {
            TypeMap map = access.definedType(element);
            int n = dimensions(sizes, order);
            length("subsizes", subsizes, n);
            length("starts", starts, n);
            for (int d = 0; d < n; d++) {
                inRange("subsizes[" + d + "]", subsizes[d], 1, sizes[d]);
                inRange("starts[" + d + "]", starts[d], 0, sizes[d] - subsizes[d]);
            }
            return access.datatype(order == Order.ROW_MAJOR ? ArrayTypes.subarray(sizes, subsizes, starts, map)
                    : ArrayTypes.subarray(ArrayTypes.reversed(sizes), ArrayTypes.reversed(subsizes),
                            ArrayTypes.reversed(starts), map));
        } catch (CommException e) {
            throw access.raise(e);
        }
    }

    /**
     * What one of several processes has of an array that is dealt out to all of them.
     *
     * @param size processes: the product of {@code grid}
     * @param rank of the process; ranks run along the last dimension of the grid first, whatever the order
     * @param sizes of the whole array
     * @param blocks elements of a block, or {@link #DEFAULT_BLOCK}
     * @param grid processes along each dimension
     */
    public static Datatype distributed(int size, int rank, int[] sizes, Distribution[] distributions, int[] blocks,
            int[] grid, Order order, Datatype element) throws MPIException {
        MpiAccess access = access();
        try {
            TypeMap map = access.definedType(element);
            int n = dimensions(sizes, order);
            length("blocks", blocks, n);
            length("grid", grid, n);
            if (distributions == null || distributions.length != n || Arrays.asList(distributions).contains(null)) {
                throw arg("distributions is " + Arrays.toString(distributions) + "; it must have one for each of the "
                        + n + " dimensions");
            }
            long processes = 1;
            for (int d = 0; d < n; d++) {
                inRange("grid[" + d + "]", grid[d], 1, distributions[d] == Distribution.NONE ? 1 : size);
                processes *= grid[d];
            }
            if (processes != size) {
                throw arg("size is " + size + "; it must be the product of grid, " + processes);
            }
            inRange("rank", rank, 0, size - 1);
            ArrayTypes.Distribution[] kinds = new ArrayTypes.Distribution[n];
            int[] lengths = new int[n];
            int[] coords = new int[n];
            int left = rank;
            for (int d = n - 1; d >= 0; d--) {
                coords[d] = left % grid[d];
                left /= grid[d];
                kinds[d] = ArrayTypes.Distribution.valueOf(distributions[d].name());
                lengths[d] = block("blocks[" + d + "]", blocks[d], distributions[d], sizes[d], grid[d]);
            }
            if (order == Order.COLUMN_MAJOR) {
                Collections.reverse(Arrays.asList(kinds));
                return access.datatype(ArrayTypes.distributed(ArrayTypes.reversed(sizes), kinds,
                        ArrayTypes.reversed(lengths), ArrayTypes.reversed(grid), ArrayTypes.reversed(coords), map));
            }
            return access.datatype(ArrayTypes.distributed(sizes, kinds, lengths, grid, coords, map));
        } catch (CommException e) {
            throw access.raise(e);
        }
    }

    private static int block(String name, int block, Distribution distribution, int size, int processes) {
        if (distribution == Distribution.NONE) {
            return size;
        }
        int even = Math.ceilDiv(size, processes);
        if (block == DEFAULT_BLOCK) {
            return distribution == Distribution.BLOCK ? even : 1;
        }
        inRange(name, block, distribution == Distribution.BLOCK ? even : 1, Integer.MAX_VALUE);
        return block;
    }

    /** The extensions' access, inside a session only. */
    private static MpiAccess access() throws MPIException {
        MpiAccess access = MpiAccess.get();
        access.engine();
        return access;
    }

    private static int dimensions(int[] sizes, Order order) {
        if (sizes == null || sizes.length == 0) {
            throw arg("sizes is " + Arrays.toString(sizes)
                    + "; it must have one entry for each dimension, at least one");
        }
        if (order == null) {
            throw arg("order is null; use ROW_MAJOR or COLUMN_MAJOR");
        }
        for (int d = 0; d < sizes.length; d++) {
            inRange("sizes[" + d + "]", sizes[d], 1, Integer.MAX_VALUE);
        }
        return sizes.length;
    }

    private static void length(String name, int[] values, int dimensions) {
        if (values == null || values.length != dimensions) {
            throw arg(name + " is " + Arrays.toString(values) + "; it must have one entry for each of the " + dimensions
                    + " dimensions of sizes");
        }
    }

    private static void inRange(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw arg(name + " is " + value + "; it must be from " + least + " to " + most);
        }
    }

    private static CommException arg(String message) {
        return new CommException(ErrorClass.ARG, message);
    }
}
