package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;
import static org.isthmus.comm.program.Verify.raises;
import static org.isthmus.comm.program.Verify.that;

import java.nio.ByteBuffer;
import java.util.Arrays;
import mpi.Datatype;
import mpi.DoubleInt;
import mpi.Errhandler;
import mpi.FloatInt;
import mpi.Int2;
import mpi.Intracomm;
import mpi.LongInt;
import mpi.MPI;
import mpi.MPIException;
import mpi.Op;
import mpi.Request;
import mpi.ShortInt;
import mpi.Status;
import mpi.Struct;
import mpi.UserFunction;

/** Structs in messages; user functions and pair operations on them. */
final class StructPrograms {
    private static final int[] COUNTS = {1, 7, 600, 5000};
    private static final long PRIME = 10_007;

    private StructPrograms() {}

    /** The map x to factor * x + shift modulo a prime, with gaps as in C and {@code lead} bytes before it. */
    private static final class Affine extends Struct {
        private final int mark;
        private final int factor;
        private final int shift;

        Affine(int lead) {
            mark = setOffset(lead).addByte();
            factor = setOffset(lead + 4).addInt();
            shift = addLong();
        }

        @Override
        protected Data newData() {
            return new Data();
        }

        final class Data extends Struct.Data {
            void set(long[] map) {
                putByte(mark, (byte) 7);
                putInt(factor, (int) map[0]);
                putLong(shift, map[1]);
            }

            long[] get() {
                that(getByte(mark) == 7, "mark is " + getByte(mark));
                return new long[] {getInt(factor), getLong(shift)};
            }
        }
    }

    private static final Affine AFFINE = new Affine(0);
    private static final Affine WITH_LEAD = new Affine(8);

    private static long[] map(int i, int rank) {
        return new long[] {2 + (i + 3 * rank) % 5, i % 13 + rank};
    }

    /** First {@code a}, then {@code b}. */
    private static long[] then(long[] a, long[] b) {
        return new long[] {a[0] * b[0] % PRIME, (b[0] * a[1] + b[1]) % PRIME};
    }

    /** The maps of ranks {@code [0, n)} one after another. */
    private static long[] chain(int i, int n) {
        long[] chain = map(i, 0);
        for (int rank = 1; rank < n; rank++) {
            chain = then(chain, map(i, rank));
        }
        return chain;
    }

    /** Room for {@code count} structs, the lead of the last one included. */
    private static int room(Affine type, int count) throws MPIException {
        return count * type.getExtent() + type.mark;
    }

    private static byte[] array(Affine type, int count, int rank) throws MPIException {
        byte[] array = new byte[room(type, count)];
        for (int i = 0; i < count; i++) {
            Affine.Data view = type.getData(array, i);
            view.set(map(i, rank));
        }
        return array;
    }

    private static ByteBuffer direct(byte[] content) {
        return MPI.newByteBuffer(content.length).put(0, content);
    }

    private static void check(Affine type, byte[] result, int count, int from, int n, String what) throws MPIException {
        for (int i = 0; i < count; i++) {
            Affine.Data view = type.getData(result, i);
            equal(chain(from + i, n), view.get(), what + ", element " + i);
        }
    }

    private static byte[] content(ByteBuffer buffer) {
        byte[] content = new byte[buffer.capacity()];
        buffer.get(0, content);
        return content;
    }

    /** Knows which struct it is called for. */
    private record Function(Affine type, boolean buffers) {
        UserFunction make() {
            return buffers ? new UserFunction() {
                @Override
                public void call(ByteBuffer in, ByteBuffer inOut, int count, Datatype datatype) throws MPIException {
                    that(datatype == type.getType(), "datatype");
                    for (int i = 0; i < count; i++) {
                        combine(type.getData(in, i), type.getData(inOut, i));
                    }
                }
            } : new UserFunction() {
                @Override
                public void call(Object in, Object inOut, int count, Datatype datatype) throws MPIException {
                    that(datatype == type.getType(), "datatype");
                    for (int i = 0; i < count; i++) {
                        combine(type.getData((byte[]) in, i), type.getData((byte[]) inOut, i));
                    }
                }
            };
        }

        private static void combine(Affine.Data in, Affine.Data inOut) {
            inOut.set(then(in.get(), inOut.get()));
        }
    }

    @Program
    static void userFunctionsInBothForms() throws MPIException {
        for (Affine type : new Affine[] {AFFINE, WITH_LEAD}) {
            for (boolean buffers : new boolean[] {true, false}) {
                Op op = new Op(new Function(type, buffers).make(), false);
                boolean every = type == AFFINE && buffers;
                for (int count : every ? COUNTS : new int[] {1, 600}) {
                    reductions(type, op, count, (buffers ? "buffers, " : "arrays, ") + count);
                }
                op.free();
            }
        }
    }

    private static void reductions(Affine type, Op op, int count, String what) throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int size = w.getSize();
        int rank = w.getRank();
        Datatype t = type.getType();
        byte[] mine = array(type, count, rank);
        byte[] out = new byte[mine.length];
        w.allReduce(mine, out, count, t, op);
        check(type, out, count, 0, size, "allReduce, " + what);
        ByteBuffer buffer = direct(mine);
        w.allReduce(buffer, count, t, op);
        check(type, content(buffer), count, 0, size, "allReduce in place, " + what);
        out = new byte[mine.length];
        w.reduce(mine, out, count, t, op, size - 1);
        if (rank == size - 1) {
            check(type, out, count, 0, size, "reduce, " + what);
        }
        w.scan(mine, out, count, t, op);
        check(type, out, count, 0, rank + 1, "scan, " + what);
        w.exScan(mine, out, count, t, op);
        if (rank > 0) {
            check(type, out, count, 0, rank, "exScan, " + what);
        }
        ByteBuffer[] results = {direct(mine), MPI.newByteBuffer(mine.length), direct(mine), direct(mine)};
        Request.waitAll(new Request[] {w.iAllReduce(results[0], count, t, op),
            w.iReduce(direct(mine), results[1], count, t, op, 0), w.iScan(results[2], count, t, op),
            w.iExScan(results[3], count, t, op)});
        int[] ranks = {size, rank == 0 ? size : 0, rank + 1, rank};
        for (int i = 0; i < 4; i++) {
            if (ranks[i] > 0) {
                check(type, content(results[i]), count, 0, ranks[i], "non-blocking " + i + ", " + what);
            }
        }
        scatters(type, op, count, what);
    }

    private static void scatters(Affine type, Op op, int count, String what) throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int size = w.getSize();
        int rank = w.getRank();
        int part = Math.max(1, count / size);
        byte[] mine = array(type, part * size, rank);
        byte[] out = new byte[room(type, part)];
        w.reduceScatterBlock(mine, out, part, type.getType(), op);
        check(type, out, part, rank * part, size, "reduceScatterBlock, " + what);
        int[] counts = new int[size];
        Arrays.fill(counts, part);
        ByteBuffer result = MPI.newByteBuffer(out.length);
        w.iReduceScatter(direct(mine), result, counts, type.getType(), op).waitFor();
        check(type, content(result), part, rank * part, size, "iReduceScatter, " + what);
        byte[] local = array(type, part, 1);
        mpi.Comm.reduceLocal(array(type, part, 0), local, part, type.getType(), op);
        check(type, local, part, 0, 2, "reduceLocal, " + what);
    }

    @Program
    static void structsTravel() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int size = w.getSize();
        int rank = w.getRank();
        for (Affine type : new Affine[] {AFFINE, WITH_LEAD}) {
            Datatype t = type.getType();
            equal(16, type.getExtent(), "extent");
            equal(13, t.getSize(), "size");
            for (int count : COUNTS) {
                byte[] all = new byte[room(type, count * size)];
                w.allGather(array(type, count, rank), count, t, all, count, t);
                for (int r = 0; r < size; r++) {
                    for (int i = 0; i < count; i += 11) {
                        Affine.Data view = type.getData(all, r * count + i);
                        equal(map(i, r), view.get(), "allGather");
                    }
                }
                ByteBuffer in = MPI.newByteBuffer(room(type, count));
                Request receive = w.iRecv(in, count, t, (rank + size - 1) % size, 3);
                w.send(array(type, count, rank), count, t, (rank + 1) % size, 3);
                Status status = receive.waitStatus();
                equal(count, status.getCount(t), "count");
                equal(3 * count, status.getElements(t), "elements");
                equal(array(type, count, (rank + size - 1) % size), content(in), "ring");
                byte[] root = rank == 0 ? array(type, count, 0) : new byte[room(type, count)];
                w.bcast(root, count, t, 0);
                equal(array(type, count, 0), root, "bcast");
            }
        }
    }

    /** Of equal values the lower index, in arrays and buffers, by the predefined type and by that of the struct. */
    @Program
    static void pairs() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int rank = w.getRank();
        int count = 300;
        Struct[] pairs = {MPI.int2, MPI.shortInt, MPI.longInt, MPI.floatInt, MPI.doubleInt};
        Datatype[] types = {MPI.INT2, MPI.SHORT_INT, MPI.LONG_INT, MPI.FLOAT_INT, MPI.DOUBLE_INT};
        for (int t = 0; t < pairs.length; t++) {
            byte[] mine = new byte[count * pairs[t].getExtent()];
            for (int i = 0; i < count; i++) {
                put(pairs[t].getData(mine, i), value(i, rank), rank);
            }
            for (boolean max : new boolean[] {true, false}) {
                byte[] array = new byte[mine.length];
                w.allReduce(mine, array, count, types[t], max ? MPI.MAXLOC : MPI.MINLOC);
                ByteBuffer buffer = direct(mine);
                w.iAllReduce(buffer, count, pairs[t].getType(), max ? MPI.MAXLOC : MPI.MINLOC).waitFor();
                for (int i = 0; i < count; i++) {
                    int best = best(i, w.getSize(), max);
                    int[] expected = {value(i, best), best};
                    equal(expected, get(pairs[t].getData(array, i)), types[t].getName() + " in an array");
                    equal(expected, get(pairs[t].getData(buffer, i)), types[t].getName() + " in a buffer");
                }
            }
        }
    }

    private static int value(int i, int rank) {
        return (i + rank) * (rank + 3) % 5 - 2;
    }

    private static int best(int i, int size, boolean max) {
        int best = 0;
        for (int rank = 1; rank < size; rank++) {
            if (max ? value(i, rank) > value(i, best) : value(i, rank) < value(i, best)) {
                best = rank;
            }
        }
        return best;
    }

    private static void put(Struct.Data pair, int value, int index) {
        switch (pair) {
            case Int2.Data p -> {
                p.putValue(value);
                p.putIndex(index);
            }
            case ShortInt.Data p -> {
                p.putValue((short) value);
                p.putIndex(index);
            }
            case LongInt.Data p -> {
                p.putValue(value);
                p.putIndex(index);
            }
            case FloatInt.Data p -> {
                p.putValue(value);
                p.putIndex(index);
            }
            case DoubleInt.Data p -> {
                p.putValue(value);
                p.putIndex(index);
            }
            default -> throw new AssertionError(pair);
        }
    }

    private static int[] get(Struct.Data pair) {
        return switch (pair) {
            case Int2.Data p -> new int[] {p.getValue(), p.getIndex()};
            case ShortInt.Data p -> new int[] {p.getValue(), p.getIndex()};
            case LongInt.Data p -> new int[] {(int) p.getValue(), p.getIndex()};
            case FloatInt.Data p -> new int[] {(int) p.getValue(), p.getIndex()};
            case DoubleInt.Data p -> new int[] {(int) p.getValue(), p.getIndex()};
            default -> throw new AssertionError(pair);
        };
    }

    /** A user function on pairs, which predefined operations other than MINLOC and MAXLOC do not take. */
    @Program
    static void sumsOfPairs() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int size = w.getSize();
        Op sum = new Op(new UserFunction() {
            @Override
            public void call(ByteBuffer in, ByteBuffer inOut, int count, Datatype datatype) throws MPIException {
                for (int i = 0; i < count; i++) {
                    LongInt.Data a = MPI.longInt.getData(in, i);
                    LongInt.Data b = MPI.longInt.getData(inOut, i);
                    b.putValue(a.getValue() + b.getValue());
                    b.putIndex(a.getIndex() + b.getIndex());
                }
            }
        }, true);
        byte[] array = new byte[2 * MPI.longInt.getExtent()];
        LongInt.Data second = MPI.longInt.getData(array, 1);
        second.putValue(1L << 40);
        second.putIndex(w.getRank());
        w.allReduce(array, 2, MPI.LONG_INT, sum);
        equal((long) size << 40, second.getValue(), "values");
        equal(size * (size - 1) / 2, second.getIndex(), "indices");
        sum.free();
    }

    @Program
    static void operationsThatAreNotDefined() throws MPIException {
        Errhandler handler = MPI.COMM_WORLD.getErrhandler();
        MPI.COMM_WORLD.setErrhandler(MPI.ERRORS_RETURN);
        Intracomm w = MPI.COMM_WORLD;
        byte[] buf = new byte[64];
        raises(MPI.ERR_OP, () -> w.allReduce(buf, 1, AFFINE.getType(), MPI.SUM), "SUM of structs", "not defined");
        raises(MPI.ERR_OP, () -> w.allReduce(buf, 1, AFFINE.getType(), MPI.MINLOC), "MINLOC of structs", "MINLOC");
        raises(MPI.ERR_OP, () -> w.allReduce(buf, 1, MPI.int2.getType(), MPI.SUM), "SUM of pairs", "MPI_INT2");
        raises(MPI.ERR_OP, () -> w.allReduce(new int[2], 1, MPI.INT, MPI.MAXLOC), "MAXLOC of ints", "MPI_INT");
        raises(MPI.ERR_TYPE, () -> w.allReduce(new int[4], 1, MPI.INT2, MPI.MAXLOC), "pairs in ints", "int[]");
        raises(MPI.ERR_BUFFER, () -> w.allReduce(buf, 5, AFFINE.getType(), new Op(new UserFunction() {}, true)),
                "structs in a short array", "buf", "64 bytes");
        Op failing = new Op(new UserFunction() {
            @Override
            public void call(Object in, Object inOut, int count, Datatype datatype) throws MPIException {
                AFFINE.getData((byte[]) in, count + 1);
            }
        }, true);
        raises(MPI.ERR_BUFFER, () -> mpi.Comm.reduceLocal(buf, buf.clone(), 1, AFFINE.getType(), failing),
                "a function that fails", "the user's reduction", "array has 16 bytes");
        MPI.COMM_WORLD.setErrhandler(handler);
    }
}
