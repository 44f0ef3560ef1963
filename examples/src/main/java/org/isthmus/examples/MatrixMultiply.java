package org.isthmus.examples;

import java.util.SplittableRandom;
import mpi.CartComm;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;

/**
 * C = A x B with the rows and columns dealt out to a grid of ranks:
 * {@code ./isthmus run -n 4 examples/matrix-multiply [N]}.
 *
 * <p>N x N whole numbers as double (default 360). The rank at (i, j) of a grid computes one block of C. For each panel
 * of columns of A, the rank that has it broadcasts it along its row of the grid; so do the rows of B along columns
 * (SUMMA, van de Geijn and Watts 1997). The check is Freivalds': C x r = A x (B x r) for random vectors r, exact as all
 * are whole numbers.
 */
public final class MatrixMultiply {
    private static final int PANEL = 32;
    private static final int CHECKS = 3;

    private final int n;
    private final int rows;
    private final int columns;
    private final int firstRow;
    private final int firstColumn;
    private final CartComm grid;
    private final Intracomm alongRow;
    private final Intracomm alongColumn;

    private MatrixMultiply(CartComm grid, int n) throws MPIException {
        this.grid = grid;
        this.n = n;
        int[] at = grid.getCoords(grid.getRank());
        this.firstRow = start(0, at[0]);
        this.rows = start(0, at[0] + 1) - firstRow;
        this.firstColumn = start(1, at[1]);
        this.columns = start(1, at[1] + 1) - firstColumn;
        this.alongRow = grid.sub(new boolean[] {false, true});
        this.alongColumn = grid.sub(new boolean[] {true, false});
    }

    public static void main(String[] args) throws MPIException {
        MPI.Init(args);
        boolean understood = args.length == 0 || args.length == 1 && args[0].matches("[1-9]\\d{0,3}");
        if (understood) {
            int[] dims = new int[2];
            CartComm.createDims(MPI.COMM_WORLD.getSize(), dims);
            CartComm grid = MPI.COMM_WORLD.createCart(dims, new boolean[2], false);
            new MatrixMultiply(grid, args.length == 0 ? 360 : Integer.parseInt(args[0])).run(dims);
        } else if (MPI.COMM_WORLD.getRank() == 0) {
            System.err.println("examples/matrix-multiply: \"" + String.join(" ", args)
                    + "\" is not understood; give one number from 1 to 9999, the rows of the matrices");
        }
        MPI.Finalize();
        System.exit(understood ? 0 : 2);
    }

    private void run(int[] dims) throws MPIException {
        double[] a = block('A');
        double[] b = block('B');
        grid.barrier();
        long start = System.nanoTime();
        double[] c = multiply(a, b);
        double[] seconds = {(System.nanoTime() - start) / 1e9};
        grid.allReduce(seconds, 1, MPI.DOUBLE, MPI.MAX);
        for (int seed = 0; seed < CHECKS; seed++) {
            verify(c, seed);
        }
        grid.barrier();
        if (grid.getRank() == 0) {
            System.out.println("product on a grid of " + dims[0] + " x " + dims[1] + " = " + grid.getSize() + " ranks");
            System.out.printf("%d x %d: %.3f s, %.2f GFLOP/s  verified%n", n, n, seconds[0],
                    2.0 * n * n * n / seconds[0] / 1e9);
        }
    }

    /** Where the part of {@code index} begins along a dimension of the grid. */
    private int start(int dimension, int index) throws MPIException {
        return (int) ((long) n * index / grid.getTopo().getDim(dimension));
    }

    private double[] block(char matrix) {
        double[] block = new double[rows * columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                block[i * columns + j] = element(matrix, firstRow + i, firstColumn + j);
            }
        }
        return block;
    }

    private static double element(char matrix, int row, int column) {
        return matrix == 'A' ? (row * 31 + column * 17) % 10 - 4 : (row * 13 + column * 29) % 11 - 5;
    }

    private double[] multiply(double[] a, double[] b) throws MPIException {
        double[] c = new double[rows * columns];
        double[] aPanel = new double[rows * PANEL];
        double[] bPanel = new double[PANEL * columns];
        int width;
        for (int k = 0; k < n; k += width) {
            int aOwner = owner(1, k);
            int bOwner = owner(0, k);
            width = Math.min(Math.min(PANEL, n - k), Math.min(start(1, aOwner + 1), start(0, bOwner + 1)) - k);
            if (alongRow.getRank() == aOwner) {
                for (int i = 0; i < rows; i++) {
                    System.arraycopy(a, i * columns + k - firstColumn, aPanel, i * width, width);
                }
            }
            if (alongColumn.getRank() == bOwner) {
                System.arraycopy(b, (k - firstRow) * columns, bPanel, 0, width * columns);
            }
            alongRow.bcast(aPanel, rows * width, MPI.DOUBLE, aOwner);
            alongColumn.bcast(bPanel, width * columns, MPI.DOUBLE, bOwner);
            add(c, aPanel, bPanel, width);
        }
        return c;
    }

    /** Which index along a dimension of the grid has row or column {@code k}. */
    private int owner(int dimension, int k) throws MPIException {
        int owner = 0;
        while (start(dimension, owner + 1) <= k) {
            owner++;
        }
        return owner;
    }

    private void add(double[] c, double[] aPanel, double[] bPanel, int width) {
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < width; k++) {
                double factor = aPanel[i * width + k];
                for (int j = 0; j < columns; j++) {
                    c[i * columns + j] += factor * bPanel[k * columns + j];
                }
            }
        }
    }

    /**
     * Each rank multiplies its block with its part of r; the sums along a row of the grid must be those of A x (B x r).
     */
    private void verify(double[] c, int seed) throws MPIException {
        double[] r = new SplittableRandom(seed).ints(n, -3, 4).asDoubleStream().toArray();
        double[] expected = times('A', times('B', r));
        double[] sums = new double[rows];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                sums[i] += c[i * columns + j] * r[firstColumn + j];
            }
        }
        alongRow.allReduce(sums, rows, MPI.DOUBLE, MPI.SUM);
        for (int i = 0; i < rows; i++) {
            if (sums[i] != expected[firstRow + i]) {
                throw new IllegalStateException("row " + (firstRow + i) + " of C x r is " + sums[i] + ", should be "
                        + expected[firstRow + i]);
            }
        }
    }

    private double[] times(char matrix, double[] vector) {
        double[] product = new double[n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                product[i] += element(matrix, i, j) * vector[j];
            }
        }
        return product;
    }
}
