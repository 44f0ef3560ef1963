package org.isthmus.examples;

import java.lang.reflect.Array;
import java.util.Arrays;
import mpi.Datatype;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Op;
import org.isthmus.examples.options.AllreduceOptions;

/**
 * Reduces an array over all ranks: {@code ./isthmus run -n 4 examples/allreduce}.
 *
 * <p>Rank r contributes the elements {@code 1 + (r + i) % 3}, small enough for the product of many ranks, and every
 * rank checks every element of its result against a calculation of its own.
 */
public final class Allreduce {
    private Allreduce() {}

    public static void main(String[] args) throws MPIException {
        MPI.Init(args);
        boolean first = MPI.COMM_WORLD.getRank() == 0;
        int exitCode = 0;
        try {
            if (!Arrays.asList(args).contains("--help")) {
                run(AllreduceOptions.parse(args));
            } else if (first) {
                System.out.print(AllreduceOptions.HELP);
            }
        } catch (IllegalArgumentException e) {
            exitCode = 2;
            if (first) {
                System.err.println("examples/allreduce: " + e.getMessage());
            }
        }
        MPI.Finalize();
        System.exit(exitCode);
    }

    private static void run(AllreduceOptions options) throws MPIException {
        Intracomm world = MPI.COMM_WORLD;
        int rank = world.getRank();
        int size = world.getSize();
        Datatype type = datatype(options.type());
        Op op = operation(options.op());
        if (rank == 0) {
            System.out.printf("allReduce of %s, %s, %d ranks%n", options.type(), options.op(), size);
            System.out.printf("%12s %12s %14s%n", "elements", "bytes", "us/operation");
        }
        for (int count : options.counts()) {
            Object mine = contribution(options.type(), count, rank);
            Object result = Array.newInstance(mine.getClass().getComponentType(), count);
            int iterations = options.iterationsFor(count, size);
            world.allReduce(mine, result, count, type, op);
            world.barrier();
            long start = System.nanoTime();
            for (int i = 0; i < iterations; i++) {
                world.allReduce(mine, result, count, type, op);
            }
            double micros = (System.nanoTime() - start) / 1e3 / iterations;
            verify(result, options, size);
            world.barrier();
            if (rank == 0) {
                System.out.printf("%12d %12d %14.2f  verified%n", count,
                        (long) count * type.getSize() * elementBytes(mine), micros);
            }
        }
    }

    private static Object contribution(String type, int count, int rank) {
        Object array = switch (type) {
            case "double" -> new double[count];
            case "float" -> new float[count];
            case "int" -> new int[count];
            default -> new long[count];
        };
        for (int i = 0; i < count; i++) {
            set(array, i, value(rank, i));
        }
        return array;
    }

    private static int value(int rank, int element) {
        return 1 + (rank + element) % 3;
    }

    private static void verify(Object result, AllreduceOptions options, int size) {
        for (int i = 0; i < Array.getLength(result); i++) {
            double expected = value(0, i);
            for (int rank = 1; rank < size; rank++) {
                expected = combine(options.op(), expected, value(rank, i));
            }
            double actual = Array.getDouble(result, i);
            if (!closeEnough(options.type(), actual, expected)) {
                throw new IllegalStateException("element " + i + " is " + actual + ", should be " + expected);
            }
        }
    }

    /** Floating-point products round; integers of more than 53 bits cannot be compared as double, and wrap. */
    private static boolean closeEnough(String type, double actual, double expected) {
        double tolerance = type.equals("float") ? 1e-5 : 1e-12;
        boolean wraps = type.equals("int") && expected > Integer.MAX_VALUE || type.equals("long") && expected > 0x1p53;
        return wraps || Math.abs(actual - expected) <= tolerance * expected;
    }

    private static double combine(String op, double left, double right) {
        return switch (op) {
            case "sum" -> left + right;
            case "prod" -> left * right;
            case "max" -> Math.max(left, right);
            default -> Math.min(left, right);
        };
    }

    private static void set(Object array, int index, int value) {
        switch (array) {
            case double[] a -> a[index] = value;
            case float[] a -> a[index] = value;
            case int[] a -> a[index] = value;
            default -> ((long[]) array)[index] = value;
        }
    }

    private static int elementBytes(Object array) {
        return array instanceof int[] || array instanceof float[] ? 4 : 8;
    }

    private static Datatype datatype(String name) {
        return switch (name) {
            case "double" -> MPI.DOUBLE;
            case "float" -> MPI.FLOAT;
            case "int" -> MPI.INT;
            default -> MPI.LONG;
        };
    }

    private static Op operation(String name) {
        return switch (name) {
            case "sum" -> MPI.SUM;
            case "prod" -> MPI.PROD;
            case "max" -> MPI.MAX;
            default -> MPI.MIN;
        };
    }
}
