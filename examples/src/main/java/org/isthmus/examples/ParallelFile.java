package org.isthmus.examples;

import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import mpi.Datatype;
import mpi.File;
import mpi.Info;
import mpi.MPI;
import mpi.MPIException;

/**
 * One file written and read by all ranks: {@code ./isthmus run -n 4 examples/parallel-file [MIB] [DIRECTORY]}.
 *
 * <p>The file holds a matrix of ints, MIB mebibytes for each rank (default 4), in DIRECTORY (default: the one for
 * temporary files). Each rank writes its columns, which lie all over the file, through a view, first together with the
 * others (collective), then alone; a third time each writes a run of rows. After each the ranks read what another one
 * has written and check every number.
 */
public final class ParallelFile {
    private static final int COLUMNS_EACH = 16;

    private final File file;
    private final int rank;
    private final int size;
    private final int rows;
    private final IntBuffer numbers;

    private ParallelFile(File file, int mebibytes) throws MPIException {
        this.file = file;
        this.rank = MPI.COMM_WORLD.getRank();
        this.size = MPI.COMM_WORLD.getSize();
        this.rows = mebibytes * (1 << 20) / (Integer.BYTES * COLUMNS_EACH);
        this.numbers = MPI.newIntBuffer(rows * COLUMNS_EACH);
    }

    public static void main(String[] args) throws MPIException {
        MPI.Init(args);
        int exitCode = 0;
        try {
            if (args.length > 2) {
                throw new IllegalArgumentException("give at most two arguments: mebibytes for each rank, directory");
            }
            run(mebibytes(args.length > 0 ? args[0] : "4"),
                    args.length > 1 ? args[1] : System.getProperty("java.io.tmpdir"));
        } catch (IllegalArgumentException e) {
            exitCode = 2;
            if (MPI.COMM_WORLD.getRank() == 0) {
                System.err.println("examples/parallel-file: " + e.getMessage());
            }
        }
        MPI.Finalize();
        System.exit(exitCode);
    }

    private static int mebibytes(String text) {
        if (!text.matches("[1-9]\\d{0,2}|1[0-9]{3}")) {
            throw new IllegalArgumentException("argument \"" + text + "\" is not understood; give a number of "
                    + "mebibytes for each rank from 1 to 1999");
        }
        return Integer.parseInt(text);
    }

    private static void run(int mebibytes, String directory) throws MPIException {
        byte[] name = ("isthmus-example-" + UUID.randomUUID()).getBytes(StandardCharsets.US_ASCII);
        MPI.COMM_WORLD.bcast(name, name.length, MPI.BYTE, 0);
        String path = Path.of(directory, new String(name, StandardCharsets.US_ASCII)).toString();
        Info hints = new Info();
        hints.set("access_style", "write_once,read_once");
        File file = new File(MPI.COMM_WORLD, path, MPI.MODE_CREATE | MPI.MODE_RDWR | MPI.MODE_DELETE_ON_CLOSE, hints);
        ParallelFile example = new ParallelFile(file, mebibytes);
        if (example.rank == 0) {
            System.out.printf("matrix of %d x %d ints in one file, written and read by %d ranks%n", example.rows,
                    example.size * COLUMNS_EACH, example.size);
        }
        example.columnsTogether();
        example.columnsAlone();
        example.rowsTogether();
        file.close();
    }

    private int value(int row, int column, int turn) {
        return (row * 31 + column) * 17 + turn;
    }

    /** Sees the columns of one rank, one after the other in each row. */
    private void showColumns(int owner) throws MPIException {
        Datatype part = Datatype.createContiguous(COLUMNS_EACH, MPI.INT);
        Datatype row = Datatype.createResized(part, 0, Integer.BYTES * COLUMNS_EACH * size);
        row.commit();
        file.setView((long) Integer.BYTES * COLUMNS_EACH * owner, MPI.INT, row, "native");
        part.free();
        row.free();
    }

    private void columnsTogether() throws MPIException {
        showColumns(rank);
        fillColumns(0);
        long start = begin();
        file.writeAll(numbers, numbers.capacity(), MPI.INT);
        long written = begin();
        showColumns((rank + 1) % size);
        clear();
        file.readAll(numbers, numbers.capacity(), MPI.INT);
        long read = begin();
        checkColumns((rank + 1) % size, 0);
        report("columns, collective", start, written, read);
    }

    private void columnsAlone() throws MPIException {
        showColumns(rank);
        fillColumns(1);
        long start = begin();
        file.write(numbers, numbers.capacity(), MPI.INT);
        long written = begin();
        showColumns((rank + 1) % size);
        clear();
        file.read(numbers, numbers.capacity(), MPI.INT);
        long read = begin();
        checkColumns((rank + 1) % size, 1);
        report("columns, independent", start, written, read);
    }

    private void rowsTogether() throws MPIException {
        file.setView(0, MPI.INT, MPI.INT, "native");
        fillRows(2);
        long start = begin();
        file.writeAtAll((long) numbers.capacity() * rank, numbers, numbers.capacity(), MPI.INT);
        long written = begin();
        int other = (rank + 1) % size;
        clear();
        file.readAtAll((long) numbers.capacity() * other, numbers, numbers.capacity(), MPI.INT);
        long read = begin();
        checkRows(other, 2);
        report("rows, collective", start, written, read);
    }

    private void fillColumns(int turn) {
        for (int i = 0; i < numbers.capacity(); i++) {
            numbers.put(i, value(i / COLUMNS_EACH, rank * COLUMNS_EACH + i % COLUMNS_EACH, turn));
        }
    }

    private void checkColumns(int owner, int turn) {
        for (int i = 0; i < numbers.capacity(); i++) {
            check(i, value(i / COLUMNS_EACH, owner * COLUMNS_EACH + i % COLUMNS_EACH, turn));
        }
    }

    private void fillRows(int turn) {
        int width = COLUMNS_EACH * size;
        for (int i = 0; i < numbers.capacity(); i++) {
            long at = (long) numbers.capacity() * rank + i;
            numbers.put(i, value((int) (at / width), (int) (at % width), turn));
        }
    }

    private void checkRows(int owner, int turn) {
        int width = COLUMNS_EACH * size;
        for (int i = 0; i < numbers.capacity(); i++) {
            long at = (long) numbers.capacity() * owner + i;
            check(i, value((int) (at / width), (int) (at % width), turn));
        }
    }

    private void check(int index, int expected) {
        if (numbers.get(index) != expected) {
            throw new IllegalStateException("rank " + rank + " read " + numbers.get(index) + " as number " + index
                    + ", should be " + expected);
        }
    }

    private void clear() {
        for (int i = 0; i < numbers.capacity(); i++) {
            numbers.put(i, -1);
        }
    }

    /** The time at which all ranks have come here. */
    private static long begin() throws MPIException {
        MPI.COMM_WORLD.barrier();
        return System.nanoTime();
    }

    private void report(String what, long start, long written, long read) throws MPIException {
        MPI.COMM_WORLD.barrier();
        if (rank == 0) {
            double megabytes = (double) Integer.BYTES * numbers.capacity() * size / 1e6;
            System.out.printf("%-22s write %8.0f MB/s  read %8.0f MB/s  verified%n", what,
                    megabytes * 1e9 / (written - start), megabytes * 1e9 / (read - written));
        }
    }
}
