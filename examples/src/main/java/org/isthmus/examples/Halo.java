package org.isthmus.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.DoubleBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import mpi.CartComm;
import mpi.Datatype;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;
import mpi.ShiftParms;
import org.isthmus.examples.image.GrayPng;

/**
 * Heat spreading over a plate, each rank computing a block of it:
 * {@code ./isthmus run -n 4 examples/halo [N] [STEPS] [FILE]}.
 *
 * <p>The plate has N x N points (default 240) and goes through STEPS time steps (default 200); its rim stays as it is,
 * warm at the top. The ranks form a grid; before each step they exchange the outermost rows and columns of their blocks
 * with their neighbours. Every rank then computes the whole plate alone and compares its block, bit for bit. With FILE,
 * which must end in .png, rank 0 gathers the blocks and draws the plate, white where it is hottest.
 */
public final class Halo {
    private static final double RATE = 0.2;

    private final CartComm grid;
    private final int rows;
    private final int columns;
    private final int firstRow;
    private final int firstColumn;
    /** One row or column of the neighbours on each side; row-major. */
    private double[] heat;
    private double[] next;

    private Halo(CartComm grid, int plate) throws MPIException {
        this.grid = grid;
        int[] coords = grid.getCoords(grid.getRank());
        this.firstRow = start(plate, grid.getTopo().getDim(0), coords[0]);
        this.firstColumn = start(plate, grid.getTopo().getDim(1), coords[1]);
        this.rows = start(plate, grid.getTopo().getDim(0), coords[0] + 1) - firstRow;
        this.columns = start(plate, grid.getTopo().getDim(1), coords[1] + 1) - firstColumn;
        this.heat = plate(rows, columns, firstRow == 0);
        this.next = heat.clone();
    }

    public static void main(String[] args) throws MPIException {
        MPI.Init(args);
        int[] numbers = {240, 200};
        int exitCode = 0;
        try {
            boolean draws = args.length > 0 && args[args.length - 1].endsWith(".png");
            for (int i = 0; i < args.length - (draws ? 1 : 0); i++) {
                numbers[i] = positive(args[i], i, numbers.length);
            }
            run(numbers[0], numbers[1], draws ? Path.of(args[args.length - 1]) : null);
        } catch (IllegalArgumentException e) {
            exitCode = 2;
            if (MPI.COMM_WORLD.getRank() == 0) {
                System.err.println("examples/halo: " + e.getMessage());
            }
        }
        MPI.Finalize();
        System.exit(exitCode);
    }

    private static int positive(String text, int index, int most) {
        if (index >= most || !text.matches("[1-9]\\d{0,5}")) {
            throw new IllegalArgumentException("argument \"" + text + "\" is not understood; give at most two numbers "
                    + "from 1 to 999999, points along each side of the plate and steps, and a file that ends in .png");
        }
        return Integer.parseInt(text);
    }

    /** @param picture where to draw the plate; null: nowhere */
    private static void run(int plate, int steps, Path picture) throws MPIException {
        int[] dims = new int[2];
        CartComm.createDims(MPI.COMM_WORLD.getSize(), dims);
        if (plate < dims[0]) {
            throw new IllegalArgumentException("a plate of " + plate + " points along each side is too small for "
                    + dims[0] + " x " + dims[1] + " ranks; give " + dims[0] + " or more");
        }
        CartComm grid = MPI.COMM_WORLD.createCart(dims, new boolean[2], true);
        Halo halo = new Halo(grid, plate);
        long start = System.nanoTime();
        for (int step = 0; step < steps; step++) {
            halo.exchange();
            halo.step();
        }
        double[] slowest = {(System.nanoTime() - start) / 1e3 / steps};
        grid.allReduce(slowest, 1, MPI.DOUBLE, MPI.MAX);
        halo.verify(plate, steps);
        if (picture != null) {
            halo.draw(plate, picture);
        }
        grid.barrier();
        if (grid.getRank() == 0) {
            System.out.printf("plate of %d x %d points on %d x %d = %d ranks: %.1f us/step  verified%n", plate, plate,
                    dims[0], dims[1], grid.getSize(), slowest[0]);
        }
        grid.free();
    }

    /** Where the part of {@code index} of {@code parts} begins. */
    private static int start(int points, int parts, int index) {
        return (int) ((long) points * index / parts);
    }

    /** Cold, but for the row ahead of the first when that is the rim. */
    private static double[] plate(int rows, int columns, boolean topIsRim) {
        double[] plate = new double[(rows + 2) * (columns + 2)];
        if (topIsRim) {
            Arrays.fill(plate, 0, columns + 2, 100);
        }
        return plate;
    }

    /** The plate on rank 0, from the blocks of all, each where it belongs by a datatype of its own. */
    private void draw(int plate, Path picture) throws MPIException {
        Datatype inner = Datatype.createVector(rows, columns, columns + 2, MPI.DOUBLE);
        inner.commit();
        Request mine =
                grid.iSend(DoubleBuffer.wrap(heat, columns + 3, heat.length - columns - 3).slice(), 1, inner, 0, 1);
        if (grid.getRank() == 0) {
            double[] whole = new double[plate * plate];
            for (int from = 0; from < grid.getSize(); from++) {
                int[] coords = grid.getCoords(from);
                int top = start(plate, grid.getTopo().getDim(0), coords[0]);
                int left = start(plate, grid.getTopo().getDim(1), coords[1]);
                Datatype block = Datatype.createVector(start(plate, grid.getTopo().getDim(0), coords[0] + 1) - top,
                        start(plate, grid.getTopo().getDim(1), coords[1] + 1) - left, plate, MPI.DOUBLE);
                block.commit();
                grid.recv(MPI.slice(whole, top * plate + left), 1, block, from, 1);
                block.free();
            }
            byte[] shades = new byte[whole.length];
            for (int i = 0; i < whole.length; i++) {
                shades[i] = (byte) Math.round(whole[i] * 2.55);
            }
            try {
                GrayPng.write(picture, shades, plate, plate);
            } catch (IOException e) {
                throw new UncheckedIOException("the plate cannot be drawn: " + e, e);
            }
        }
        mine.waitFor();
        inner.free();
    }

    private void exchange() throws MPIException {
        int width = columns + 2;
        Datatype column = Datatype.createVector(rows, 1, width, MPI.DOUBLE);
        column.commit();
        ShiftParms down = grid.shift(0, 1);
        exchange(columns, MPI.DOUBLE, rows * width + 1, down.getRankDest(), 1, down.getRankSource());
        exchange(columns, MPI.DOUBLE, width + 1, down.getRankSource(), (rows + 1) * width + 1, down.getRankDest());
        ShiftParms right = grid.shift(1, 1);
        exchange(1, column, width + columns, right.getRankDest(), width, right.getRankSource());
        exchange(1, column, width + 1, right.getRankSource(), width + columns + 1, right.getRankDest());
        column.free();
    }

    private void exchange(int count, Datatype type, int from, int dest, int to, int source) throws MPIException {
        grid.sendRecv(MPI.slice(heat, from), count, type, dest, 0, MPI.slice(heat, to), count, type, source, 0);
    }

    private void step() {
        step(heat, next, rows, columns);
        double[] old = heat;
        heat = next;
        next = old;
    }

    private static void step(double[] from, double[] to, int rows, int columns) {
        int width = columns + 2;
        for (int row = 1; row <= rows; row++) {
            for (int i = row * width + 1; i <= row * width + columns; i++) {
                to[i] = from[i] + RATE * (from[i - width] + from[i + width] + from[i - 1] + from[i + 1] - 4 * from[i]);
            }
        }
    }

    private void verify(int plate, int steps) {
        double[] whole = plate(plate, plate, true);
        double[] other = whole.clone();
        for (int step = 0; step < steps; step++) {
            step(whole, other, plate, plate);
            double[] old = whole;
            whole = other;
            other = old;
        }
        for (int row = 1; row <= rows; row++) {
            for (int column = 1; column <= columns; column++) {
                double expected = whole[(firstRow + row) * (plate + 2) + firstColumn + column];
                double actual = heat[row * (columns + 2) + column];
                if (actual != expected) {
                    throw new IllegalStateException("point (" + (firstRow + row) + ", " + (firstColumn + column)
                            + ") is " + actual + ", should be " + expected);
                }
            }
        }
    }
}
