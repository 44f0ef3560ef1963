package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;
import static org.isthmus.comm.program.Verify.raises;
import static org.isthmus.comm.program.Verify.that;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import mpi.Comm;
import mpi.Count;
import mpi.Datatype;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;
import mpi.Status;

/** Derived datatypes in messages and collectives, counts of elements, packing. */
final class DatatypePrograms {
    private DatatypePrograms() {}

    private static int next() throws MPIException {
        return (MPI.COMM_WORLD.getRank() + 1) % MPI.COMM_WORLD.getSize();
    }

    private static int previous() throws MPIException {
        return (MPI.COMM_WORLD.getRank() + MPI.COMM_WORLD.getSize() - 1) % MPI.COMM_WORLD.getSize();
    }

    /**
     * A type of ints and the indices, in order, of the ints of one element; the element is {@code extent} ints long.
     */
    private record Shape(Datatype type, int[] indices, int extent) {}

    private static Shape shape(Datatype type, int extent, int... indices) throws MPIException {
        type.commit();
        equal(extent, type.getExtent(), "extent");
        equal(indices.length, type.getSize(), "size");
        return new Shape(type, indices, extent);
    }

    private static Shape[] shapes() throws MPIException {
        Datatype vector = Datatype.createVector(3, 2, 4, MPI.INT);
        return new Shape[] {
            shape(Datatype.createContiguous(5, MPI.INT), 5, 0, 1, 2, 3, 4),
            shape(vector, 10, 0, 1, 4, 5, 8, 9),
            shape(Datatype.createHVector(2, 1, 12, MPI.INT), 4, 0, 3),
            shape(Datatype.createIndexed(new int[] {2, 0, 1}, new int[] {3, 9, 1}, MPI.INT), 4, 3, 4, 1),
            shape(Datatype.createHIndexed(new int[] {1, 2}, new int[] {16, 4}, MPI.INT), 4, 4, 1, 2),
            shape(Datatype.createResized(MPI.INT, 0, 12), 3, 0),
            shape(Datatype.createResized(Datatype.createVector(2, 1, 2, MPI.INT), 0, 16), 4, 0, 2),
            shape(Datatype.createVector(2, 1, 2, Datatype.createIndexed(new int[] {1, 1}, new int[] {0, 2}, MPI.INT)),
                    9, 0, 2, 6, 8),
            shape(Datatype.createContiguous(2, vector), 20, 0, 1, 4, 5, 8, 9, 10, 11, 14, 15, 18, 19),
            shape(vector.dup(), 10, 0, 1, 4, 5, 8, 9)};
    }

    private static int length(Shape shape, int count) {
        return count * shape.extent + 32;
    }

    private static int[] filled(Shape shape, int count, int first) {
        int[] array = new int[length(shape, count)];
        Arrays.fill(array, -1);
        for (int e = 0, value = first; e < count; e++) {
            for (int index : shape.indices) {
                array[e * shape.extent + index] = value++;
            }
        }
        return array;
    }

    @Program
    static void messagesWithDerivedTypes() throws MPIException {
        Comm w = MPI.COMM_WORLD;
        for (Shape shape : shapes()) {
            for (int count : new int[] {0, 1, 3, 500, 15_000}) {
                int packed = count * shape.indices.length;
                int[] out = filled(shape, count, 1000 * w.getRank());
                int[] in = new int[out.length];
                Arrays.fill(in, -1);
                Status status = w.sendRecv(out, count, shape.type, next(), 0, in, count, shape.type, previous(), 0);
                equal(filled(shape, count, 1000 * previous()), in, "both sides");
                equal(count, status.getCount(shape.type), "count");
                equal(packed, status.getElements(shape.type), "elements");
                int[] plain = new int[packed];
                w.sendRecv(out, count, shape.type, next(), 0, plain, packed, MPI.INT, previous(), 0);
                for (int i = 0; i < packed; i++) {
                    equal(1000 * previous() + i, plain[i], "derived to plain");
                }
                IntBuffer direct = MPI.newIntBuffer(in.length);
                direct.put(0, filledWith(in.length));
                for (int i = 0; i < packed; i++) {
                    plain[i] = 1000 * w.getRank() + i;
                }
                w.sendRecv(plain, packed, MPI.INT, next(), 0, direct, count, shape.type, previous(), 0);
                direct.get(0, in);
                equal(filled(shape, count, 1000 * previous()), in, "plain to derived");
            }
            shape.type.free();
            that(shape.type.isNull(), "freed");
        }
    }

    private static int[] filledWith(int length) {
        int[] array = new int[length];
        Arrays.fill(array, -1);
        return array;
    }

    @Program
    static void collectivesWithDerivedTypes() throws MPIException {
        Comm w = MPI.COMM_WORLD;
        int size = w.getSize();
        int rank = w.getRank();
        for (Shape shape : shapes()) {
            for (int count : new int[] {0, 1, 7, 800}) {
                int packed = count * shape.indices.length;
                for (int root = 0; root < size; root += 2) {
                    int[] data = rank == root ? filled(shape, count, 5) : filledWith(length(shape, count));
                    w.bcast(data, count, shape.type, root);
                    equal(filled(shape, count, 5), data, "bcast");
                }
                int[] out = filled(shape, count, rank * packed);
                int[] all = filledWith(length(shape, count * size));
                w.allGather(out, count, shape.type, all, count, shape.type);
                equal(filled(shape, count * size, 0), all, "allGather");
                int[] plain = new int[packed * size];
                w.gather(out, count, shape.type, plain, packed, MPI.INT, size - 1);
                for (int i = 0; rank == size - 1 && i < plain.length; i++) {
                    equal(i, plain[i], "gather");
                }
                int[] back = filledWith(length(shape, count));
                w.scatter(plain, packed, MPI.INT, back, count, shape.type, size - 1);
                equal(filled(shape, count, rank * packed), back, "scatter");
                w.allToAll(all, count, shape.type, plain, packed, MPI.INT);
                for (int peer = 0; peer < size; peer++) {
                    for (int i = 0; i < packed; i++) {
                        equal(rank * packed + i, plain[peer * packed + i], "allToAll");
                    }
                }
            }
        }
    }

    @Program
    static void columnsOfAMatrix() throws MPIException {
        Comm w = MPI.COMM_WORLD;
        int size = w.getSize();
        int rows = 50;
        Datatype column = Datatype.createVector(rows, 1, size, MPI.DOUBLE);
        Datatype one = Datatype.createResized(column, 0, 8);
        one.commit();
        double[] matrix = new double[rows * size];
        if (w.getRank() == 0) {
            Arrays.setAll(matrix, i -> i);
        }
        double[] mine = new double[rows];
        w.scatter(matrix, 1, one, mine, rows, MPI.DOUBLE, 0);
        for (int i = 0; i < rows; i++) {
            equal((double) i * size + w.getRank(), mine[i], "column");
        }
        double[] whole = new double[rows * size];
        w.allGather(mine, rows, MPI.DOUBLE, whole, 1, one);
        for (int i = 0; i < whole.length; i++) {
            equal((double) i, whole[i], "matrix");
        }
        double[] root = new double[rows * size];
        int[] counts = new int[size];
        int[] displs = new int[size];
        Arrays.fill(counts, 1);
        Arrays.setAll(displs, i -> size - 1 - i);
        w.gatherv(mine, rows, MPI.DOUBLE, root, counts, displs, one, 0);
        for (int i = 0; w.getRank() == 0 && i < root.length; i++) {
            equal((double) (i / size * size + size - 1 - i % size), root[i], "reversed columns");
        }
    }

    @Program
    static void structs() throws MPIException {
        Comm w = MPI.COMM_WORLD;
        Datatype struct = Datatype.createStruct(new int[] {1, 3, 1}, new int[] {0, 8, 4},
                new Datatype[] {MPI.BYTE, MPI.DOUBLE, MPI.INT});
        struct.commit();
        equal(32, struct.getExtent(), "extent in bytes");
        equal(29, struct.getSize(), "size in bytes");
        int count = 300;
        ByteBuffer out = MPI.newByteBuffer(32 * count);
        for (int e = 0; e < count; e++) {
            out.put(32 * e, (byte) e).putInt(32 * e + 4, e * 7 + w.getRank());
            for (int k = 0; k < 3; k++) {
                out.putDouble(32 * e + 8 + 8 * k, e + k * 0.5 + w.getRank());
            }
            out.put(32 * e + 1, (byte) 99);
        }
        ByteBuffer in = MPI.newByteBuffer(32 * count);
        Status status = w.sendRecv(out, count, struct, next(), 0, in, count, struct, previous(), 0);
        equal(count, status.getCount(struct), "count");
        equal(count * 5, status.getElements(struct), "elements");
        for (int e = 0; e < count; e++) {
            equal((byte) e, in.get(32 * e), "byte");
            equal(e * 7 + previous(), in.getInt(32 * e + 4), "int");
            equal(e + 1.0 + previous(), in.getDouble(32 * e + 24), "double");
            equal((byte) 0, in.get(32 * e + 1), "gap");
        }
        byte[] array = new byte[32 * count];
        w.sendRecv(out, count, struct, next(), 0, array, count, struct, previous(), 0);
        byte[] same = new byte[32 * count];
        in.get(0, same);
        equal(same, array, "byte array");
    }

    @Program
    static void predefinedTypes() throws MPIException {
        Datatype[] types = {MPI.BYTE, MPI.CHAR, MPI.SHORT, MPI.BOOLEAN, MPI.INT, MPI.LONG, MPI.FLOAT, MPI.DOUBLE,
            MPI.FLOAT_COMPLEX, MPI.DOUBLE_COMPLEX, MPI.INT2, MPI.SHORT_INT, MPI.LONG_INT, MPI.FLOAT_INT,
            MPI.DOUBLE_INT};
        int[] extents = {1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 8, 8, 16, 8, 16};
        int[] sizes = {1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 8, 6, 12, 8, 12};
        for (int i = 0; i < types.length; i++) {
            equal(extents[i], types[i].getExtent(), types[i].getName() + " extent");
            equal(sizes[i], types[i].getSize(), types[i].getName() + " size");
            equal(0, types[i].getLb(), types[i].getName() + " lb");
        }
        Datatype shifted = Datatype.createResized(MPI.INT, -4, 12);
        equal(-1, shifted.getLb(), "lb");
        equal(3, shifted.getExtent(), "extent");
        equal(0, shifted.getTrueLb(), "true lb");
        equal(1, shifted.getTrueExtent(), "true extent");
        Datatype copy = Datatype.createContiguous(2, MPI.INT);
        MPI.COMM_WORLD.setErrhandler(MPI.ERRORS_RETURN);
        raises(MPI.ERR_TYPE, () -> MPI.COMM_WORLD.iSend(MPI.newIntBuffer(2), 1, copy, 0, 0), "not committed", "commit");
        raises(MPI.ERR_TYPE, MPI.INT::free, "predefined", "predefined");
        MPI.COMM_WORLD.setErrhandler(MPI.ERRORS_ARE_FATAL);
    }

    @Program
    static void countsOfPartialElements() throws MPIException {
        Comm w = MPI.COMM_WORLD;
        Datatype pair = Datatype.createContiguous(2, MPI.INT);
        pair.commit();
        Request send = w.iSend(IntBuffer.wrap(new int[] {1, 2, 3}), 3, MPI.INT, next(), 0);
        Status status = w.recv(new int[4], 2, pair, previous(), 0);
        send.waitFor();
        equal(MPI.UNDEFINED, status.getCount(pair), "one and a half");
        equal(3, status.getElements(pair), "elements");
        equal(3L, status.getElementsX(pair).getCount(), "elements");
        status.setElements(pair, 4);
        equal(2, status.getCount(pair), "set");
        status.setElementsX(pair, new Count(6));
        equal(3, status.getCount(pair), "set");
        status.setCancelled(true);
        that(status.isCancelled(), "set");
    }

    @Program
    static void typeFreedWhileInUse() throws MPIException {
        Comm w = MPI.COMM_WORLD;
        Datatype every = Datatype.createVector(20_000, 1, 2, MPI.INT);
        every.commit();
        IntBuffer in = MPI.newIntBuffer(40_000);
        IntBuffer out = MPI.newIntBuffer(40_000);
        out.put(39_998, 7).put(39_999, 8);
        Request receive = w.iRecv(in, 1, every, previous(), 0);
        Request send = w.iSend(out, 1, every, next(), 0);
        every.free();
        receive.waitFor();
        send.waitFor();
        equal(7, in.get(39_998), "last");
        equal(0, in.get(39_999), "gap");
    }

    @Program
    static void packing() throws MPIException {
        Comm w = MPI.COMM_WORLD;
        Datatype vector = Datatype.createVector(2, 1, 2, MPI.INT);
        vector.commit();
        int bytes = w.packSize(1, vector) + w.packSize(3, MPI.DOUBLE) + w.packSize(2, MPI.BOOLEAN);
        byte[] packed = new byte[bytes];
        int position = w.pack(new int[] {1, 2, 3}, 1, vector, packed, 0);
        equal(8, position, "position");
        position = w.pack(new double[] {0.5, 1.5, w.getRank()}, 3, MPI.DOUBLE, packed, position);
        position = w.pack(new boolean[] {true, false}, 2, MPI.BOOLEAN, packed, position);
        byte[] in = new byte[bytes];
        Status status = w.sendRecv(packed, position, MPI.PACKED, next(), 0, in, bytes, MPI.PACKED, previous(), 0);
        equal(position, status.getCount(MPI.PACKED), "count");
        int[] ints = {-1, -1, -1};
        int at = w.unpack(in, 0, ints, 1, vector);
        equal(new int[] {1, -1, 3}, ints, "ints");
        double[] doubles = new double[3];
        at = w.unpack(in, at, doubles, 3, MPI.DOUBLE);
        equal(new double[] {0.5, 1.5, previous()}, doubles, "doubles");
        boolean[] flags = new boolean[2];
        at = w.unpack(in, at, flags, 2, MPI.BOOLEAN);
        equal(new boolean[] {true, false}, flags, "flags");
        equal(position, at, "position");
        int[] received = {-1, -1, -1};
        w.sendRecv(packed, 8, MPI.PACKED, next(), 0, received, 1, vector, previous(), 0);
        equal(new int[] {1, -1, 3}, received, "packed data received as ints");
        w.setErrhandler(MPI.ERRORS_RETURN);
        raises(MPI.ERR_TRUNCATE, () -> w.pack(new int[3], 3, MPI.INT, packed, bytes - 4), "no room", "outbuf");
        raises(MPI.ERR_ARG, () -> w.unpack(packed, -1, new int[1], 1, MPI.INT), "position", "position is -1");
        w.setErrhandler(MPI.ERRORS_ARE_FATAL);
    }
}
