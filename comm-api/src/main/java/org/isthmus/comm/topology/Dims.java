package org.isthmus.comm.topology;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/** Chooses the dimensions of a grid (MPI 3.1, section 7.5.2). */
public final class Dims {
    private Dims() {}

    /**
     * Sets the entries of {@code dims} that are 0, in order that does not rise, so that the product of all is
     * {@code nodes} and the largest of them is as small as it can be, then the next, and so on.
     *
     * @throws CommException {@code DIMS} when {@code nodes} is no multiple of the entries given, {@code ARG} for null
     */
    public static void balance(int nodes, int[] dims) {
        if (dims == null) {
            throw new CommException(ErrorClass.ARG, "dims is null; an array is needed");
        }
        if (nodes < 1) {
            throw new CommException(ErrorClass.DIMS, "nnodes is " + nodes + "; it must be 1 or more");
        }
        long given = 1;
        int open = 0;
        for (int i = 0; i < dims.length; i++) {
            if (dims[i] < 0) {
                throw new CommException(ErrorClass.DIMS, "dims[" + i + "] is " + dims[i]
                        + "; it must be 0 (to be chosen) or the number of processes in that dimension");
            }
            open += dims[i] == 0 ? 1 : 0;
            given = Math.min(Integer.MAX_VALUE + 1L, given * Math.max(1, dims[i]));
        }
        if (nodes % given != 0 || open == 0 && nodes != given) {
            throw new CommException(ErrorClass.DIMS, "nnodes is " + nodes + "; it must be "
                    + (open == 0 ? "the product" : "a multiple of the product") + " of the entries of dims "
                    + Arrays.toString(dims) + " that are not 0, " + given);
        }
        int product = (int) (nodes / given);
        int[] chosen = new int[open];
        fill(product, chosen, 0, product, divisors(product));
        int next = 0;
        for (int i = 0; i < dims.length; i++) {
            if (dims[i] == 0) {
                dims[i] = chosen[next++];
            }
        }
    }

    /** Whether {@code rest} is a product of factors up to {@code limit}; sets them from {@code from} on. */
    private static boolean fill(int rest, int[] factors, int from, int limit, int[] divisors) {
        if (from == factors.length) {
            return rest == 1;
        }
        for (int factor : divisors) {
            if (factor > limit) {
                return false;
            }
            if (rest % factor == 0 && Math.pow(factor, factors.length - from) >= rest) {
                factors[from] = factor;
                if (fill(rest / factor, factors, from + 1, factor, divisors)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** In rising order. */
    private static int[] divisors(int number) {
        return IntStream.rangeClosed(1, (int) Math.sqrt(number)).filter(low -> number % low == 0)
                .flatMap(low -> IntStream.of(low, number / low)).sorted().distinct().toArray();
    }
}
