package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;
import static org.isthmus.comm.program.Verify.that;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.function.LongBinaryOperator;
import mpi.Datatype;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Op;
import mpi.Request;
import mpi.UserFunction;

/** Reductions: forms, operations, types, user functions. */
final class ReductionPrograms {
    private static final int[] COUNTS = {0, 1, 3, 100, 5000, 60_000};

    private ReductionPrograms() {}

    private static int[] input(int count, int rank) {
        int[] in = new int[count];
        Arrays.setAll(in, i -> i + rank * 17);
        return in;
    }

    /** The sum of ranks {@code [0, n)}. */
    private static int[] sum(int count, int n) {
        int[] sum = new int[count];
        for (int rank = 0; rank < n; rank++) {
            int[] in = input(count, rank);
            Arrays.setAll(sum, i -> sum[i] + in[i]);
        }
        return sum;
    }

    private static IntBuffer direct(int[] content) {
        return MPI.newIntBuffer(content.length).put(0, content);
    }

    @Program
    static void reduceAndAllReduce() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int size = w.getSize();
        int rank = w.getRank();
        for (int count : COUNTS) {
            int[] mine = input(count, rank);
            int[] expected = sum(count, size);
            for (CollectivePrograms.Kind kind : CollectivePrograms.Kind.values()) {
                Object in = kind.make(count);
                CollectivePrograms.ints(in).put(0, mine);
                Object out = kind.make(count);
                w.allReduce(in, out, count, MPI.INT, MPI.SUM);
                equal(expected, CollectivePrograms.content(out), "allReduce " + kind + " " + count);
                equal(mine, CollectivePrograms.content(in), "input");
                w.allReduce(in, count, MPI.INT, MPI.SUM);
                equal(expected, CollectivePrograms.content(in), "allReduce in place " + kind + " " + count);
            }
            for (int root = 0; root < size; root++) {
                int[] out = new int[count];
                w.reduce(mine, rank == root ? out : null, count, MPI.INT, MPI.SUM, root);
                equal(rank == root ? expected : new int[count], out, "reduce");
                int[] inPlace = mine.clone();
                w.reduce(inPlace, count, MPI.INT, MPI.SUM, root);
                equal(rank == root ? expected : mine, inPlace, "reduce in place");
            }
            IntBuffer[] out = {MPI.newIntBuffer(count), direct(mine), MPI.newIntBuffer(count), direct(mine)};
            Request.waitAll(new Request[] {w.iAllReduce(direct(mine), out[0], count, MPI.INT, MPI.SUM),
                w.iAllReduce(out[1], count, MPI.INT, MPI.SUM),
                w.iReduce(direct(mine), out[2], count, MPI.INT, MPI.SUM, size - 1),
                w.iReduce(out[3], count, MPI.INT, MPI.SUM, size - 1)});
            for (int i = 0; i < 4; i++) {
                that(i > 1 && rank != size - 1 || Arrays.equals(expected, CollectivePrograms.content(out[i])),
                        "form " + i);
            }
        }
    }

    @Program
    static void scans() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int rank = w.getRank();
        for (int count : COUNTS) {
            int[] mine = input(count, rank);
            int[] out = new int[count];
            w.scan(mine, out, count, MPI.INT, MPI.SUM);
            equal(sum(count, rank + 1), out, "scan");
            int[] inPlace = mine.clone();
            w.scan(inPlace, count, MPI.INT, MPI.SUM);
            equal(sum(count, rank + 1), inPlace, "scan in place");
            Arrays.fill(out, -1);
            int[] untouched = out.clone();
            w.exScan(mine, out, count, MPI.INT, MPI.SUM);
            equal(rank == 0 ? untouched : sum(count, rank), out, "exScan");
            inPlace = mine.clone();
            w.exScan(inPlace, count, MPI.INT, MPI.SUM);
            equal(rank == 0 ? mine : sum(count, rank), inPlace, "exScan in place");
            IntBuffer[] outs = {MPI.newIntBuffer(count), direct(mine), MPI.newIntBuffer(count), direct(mine)};
            Request.waitAll(new Request[] {w.iScan(direct(mine), outs[0], count, MPI.INT, MPI.SUM),
                w.iScan(outs[1], count, MPI.INT, MPI.SUM), w.iExScan(direct(mine), outs[2], count, MPI.INT, MPI.SUM),
                w.iExScan(outs[3], count, MPI.INT, MPI.SUM)});
            for (int i = 0; i < 4; i++) {
                that(i > 1 && rank == 0 || Arrays.equals(sum(count, i > 1 ? rank : rank + 1),
                        CollectivePrograms.content(outs[i])), "form " + i);
            }
        }
    }

    @Program
    static void reduceScatter() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int size = w.getSize();
        int rank = w.getRank();
        for (int unit : new int[] {0, 1, 50, 7000}) {
            int[] counts = new int[size];
            Arrays.setAll(counts, i -> i * unit % (2 * unit + 1));
            int total = Arrays.stream(counts).sum();
            int from = Arrays.stream(counts, 0, rank).sum();
            int[] mine = input(total, rank);
            int[] expected = Arrays.copyOfRange(sum(total, size), from, from + counts[rank]);
            int[] out = new int[counts[rank]];
            w.reduceScatter(mine, out, counts, MPI.INT, MPI.SUM);
            equal(expected, out, "reduceScatter");
            int[] inPlace = mine.clone();
            w.reduceScatter(inPlace, counts, MPI.INT, MPI.SUM);
            equal(expected, Arrays.copyOf(inPlace, counts[rank]), "reduceScatter in place");
            IntBuffer[] outs = {MPI.newIntBuffer(counts[rank]), direct(mine)};
            Request.waitAll(new Request[] {w.iReduceScatter(direct(mine), outs[0], counts, MPI.INT, MPI.SUM),
                w.iReduceScatter(outs[1], counts, MPI.INT, MPI.SUM)});
            for (IntBuffer buffer : outs) {
                equal(expected, Arrays.copyOf(CollectivePrograms.content(buffer), counts[rank]), "iReduceScatter");
            }
            reduceScatterBlock(unit);
        }
    }

    private static void reduceScatterBlock(int unit) throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int size = w.getSize();
        int[] mine = input(unit * size, w.getRank());
        int from = unit * w.getRank();
        int[] expected = Arrays.copyOfRange(sum(unit * size, size), from, from + unit);
        int[] out = new int[unit];
        w.reduceScatterBlock(mine, out, unit, MPI.INT, MPI.SUM);
        equal(expected, out, "reduceScatterBlock");
        int[] inPlace = mine.clone();
        w.reduceScatterBlock(inPlace, unit, MPI.INT, MPI.SUM);
        equal(expected, Arrays.copyOf(inPlace, unit), "reduceScatterBlock in place");
        IntBuffer[] outs = {MPI.newIntBuffer(unit), direct(mine)};
        Request.waitAll(new Request[] {w.iReduceScatterBlock(direct(mine), outs[0], unit, MPI.INT, MPI.SUM),
            w.iReduceScatterBlock(outs[1], unit, MPI.INT, MPI.SUM)});
        for (IntBuffer buffer : outs) {
            equal(expected, Arrays.copyOf(CollectivePrograms.content(buffer), unit), "iReduceScatterBlock");
        }
    }

    private static final Op[] OPS = {MPI.MAX, MPI.MIN, MPI.SUM, MPI.PROD, MPI.LAND, MPI.LOR, MPI.LXOR, MPI.BAND,
        MPI.BOR, MPI.BXOR};
    private static final LongBinaryOperator[] FUNCTIONS = {Math::max, Math::min, (a, b) -> a + b, (a, b) -> a * b,
        (a, b) -> a != 0 && b != 0 ? 1 : 0, (a, b) -> a != 0 || b != 0 ? 1 : 0,
        (a, b) -> (a != 0) != (b != 0) ? 1 : 0, (a, b) -> a & b, (a, b) -> a | b, (a, b) -> a ^ b};

    /** Small numbers, with zeros among them. */
    private static long value(int i, int rank) {
        return (i * 5L + rank * 3L) % 4;
    }

    private static long expected(int op, int i, int size) {
        long result = value(i, 0);
        for (int rank = 1; rank < size; rank++) {
            result = FUNCTIONS[op].applyAsLong(result, value(i, rank));
        }
        return result;
    }

    @Program
    static void operationsOnTypes() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int size = w.getSize();
        for (int count : new int[] {7, 3000}) {
            for (int op = 0; op < OPS.length; op++) {
                boolean bitwise = op >= 7;
                boolean logical = op >= 4 && op < 7;
                byte[] b = new byte[count];
                char[] c = new char[count];
                short[] s = new short[count];
                int[] n = new int[count];
                long[] l = new long[count];
                float[] f = new float[count];
                double[] d = new double[count];
                boolean[] z = new boolean[count];
                for (int i = 0; i < count; i++) {
                    long v = value(i, w.getRank());
                    b[i] = (byte) v;
                    c[i] = (char) v;
                    s[i] = (short) v;
                    n[i] = (int) v;
                    l[i] = v;
                    f[i] = v;
                    d[i] = v;
                    z[i] = v > 1;
                }
                w.allReduce(b, count, MPI.BYTE, OPS[op]);
                w.allReduce(c, count, MPI.CHAR, OPS[op]);
                w.allReduce(s, count, MPI.SHORT, OPS[op]);
                w.allReduce(n, count, MPI.INT, OPS[op]);
                w.allReduce(l, count, MPI.LONG, OPS[op]);
                for (int i = 0; i < count; i++) {
                    long e = expected(op, i, size);
                    equal((byte) e, b[i], "byte, operation " + op);
                    equal((char) e, c[i], "char, operation " + op);
                    equal((short) e, s[i], "short, operation " + op);
                    equal((int) e, n[i], "int, operation " + op);
                    equal(e, l[i], "long, operation " + op);
                }
                if (!bitwise && !logical) {
                    w.allReduce(f, count, MPI.FLOAT, OPS[op]);
                    w.allReduce(d, count, MPI.DOUBLE, OPS[op]);
                    for (int i = 0; i < count; i++) {
                        equal((float) expected(op, i, size), f[i], "float, operation " + op);
                        equal((double) expected(op, i, size), d[i], "double, operation " + op);
                    }
                }
                if (logical || bitwise) {
                    w.allReduce(z, count, MPI.BOOLEAN, OPS[op]);
                    for (int i = 0; i < count; i++) {
                        long e = value(i, 0) > 1 ? 1 : 0;
                        for (int rank = 1; rank < size; rank++) {
                            e = FUNCTIONS[op].applyAsLong(e, value(i, rank) > 1 ? 1 : 0);
                        }
                        equal(e == 1, z[i], "boolean, operation " + op);
                    }
                }
            }
        }
    }

    @Program
    static void unsignedBytesAndSignedOthers() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        boolean first = w.getRank() == 0;
        byte[] b = {(byte) (first ? 200 : 3)};
        w.allReduce(b, 1, MPI.BYTE, MPI.MAX);
        equal((byte) 200, b[0], "bytes are unsigned");
        int[] n = {first ? -5 : 3};
        w.allReduce(n, 1, MPI.INT, MPI.MIN);
        equal(-5, n[0], "ints are signed");
        double[] d = {first ? -0.5 : 0.25};
        w.allReduce(d, 1, MPI.DOUBLE, MPI.MIN);
        equal(-0.5, d[0], "double");
    }

    @Program
    static void complexNumbers() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int size = w.getSize();
        double[] d = {w.getRank(), 1, 0, 1};
        w.allReduce(d, 2, MPI.DOUBLE_COMPLEX, MPI.SUM);
        equal(new double[] {size * (size - 1) / 2.0, size, 0, size}, d, "sum");
        float[] f = {0, 1};
        w.allReduce(f, 1, MPI.FLOAT_COMPLEX, MPI.PROD);
        float[][] powers = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
        equal(powers[size % 4][0], f[0] + 0f, "i to the power of the size, real");
        equal(powers[size % 4][1], f[1] + 0f, "i to the power of the size, imaginary");
    }

    @Program
    static void locations() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int size = w.getSize();
        int rank = w.getRank();
        int count = 300;
        Datatype[] types = {MPI.INT2, MPI.SHORT_INT, MPI.LONG_INT, MPI.FLOAT_INT, MPI.DOUBLE_INT};
        int[] extents = {8, 8, 16, 8, 16};
        int[] indexAt = {4, 4, 8, 4, 8};
        for (int t = 0; t < types.length; t++) {
            for (boolean max : new boolean[] {true, false}) {
                ByteBuffer in = MPI.newByteBuffer(count * extents[t]);
                for (int i = 0; i < count; i++) {
                    put(in, i * extents[t], t, locValue(i, rank));
                    in.putInt(i * extents[t] + indexAt[t], rank);
                }
                byte[] inArray = new byte[in.capacity()];
                in.get(0, inArray);
                ByteBuffer out = MPI.newByteBuffer(count * extents[t]);
                w.allReduce(in, out, count, types[t], max ? MPI.MAXLOC : MPI.MINLOC);
                byte[] outArray = new byte[in.capacity()];
                w.reduce(inArray, outArray, count, types[t], max ? MPI.MAXLOC : MPI.MINLOC, 0);
                for (int i = 0; i < count; i++) {
                    int best = 0;
                    for (int r = 1; r < size; r++) {
                        int v = locValue(i, r);
                        int b = locValue(i, best);
                        best = max ? v > b ? r : best : v < b ? r : best;
                    }
                    equal(best, out.getInt(i * extents[t] + indexAt[t]), "index of " + types[t].getName());
                    equal(locValue(i, best), get(out, i * extents[t], t), "value of " + types[t].getName());
                    ByteBuffer view = ByteBuffer.wrap(outArray).order(java.nio.ByteOrder.nativeOrder());
                    that(rank != 0 || view.getInt(i * extents[t] + indexAt[t]) == best, "index in an array");
                }
            }
        }
    }

    /** Equal values on some ranks: the lowest index wins. */
    private static int locValue(int i, int rank) {
        return (i + rank) * (rank + 3) % 5 - 2;
    }

    private static void put(ByteBuffer buffer, int at, int type, int value) {
        switch (type) {
            case 0 -> buffer.putInt(at, value);
            case 1 -> buffer.putShort(at, (short) value);
            case 2 -> buffer.putLong(at, value);
            case 3 -> buffer.putFloat(at, value);
            default -> buffer.putDouble(at, value);
        }
    }

    private static int get(ByteBuffer buffer, int at, int type) {
        return switch (type) {
            case 0 -> buffer.getInt(at);
            case 1 -> buffer.getShort(at);
            case 2 -> (int) buffer.getLong(at);
            case 3 -> (int) buffer.getFloat(at);
            default -> (int) buffer.getDouble(at);
        };
    }

    /** 2 x 2 matrices modulo a prime: associative, not commutative. */
    private static long[] product(long[] a, long[] b) {
        long p = 10_007;
        return new long[] {(a[0] * b[0] + a[1] * b[2]) % p, (a[0] * b[1] + a[1] * b[3]) % p,
            (a[2] * b[0] + a[3] * b[2]) % p, (a[2] * b[1] + a[3] * b[3]) % p};
    }

    private static long[] matrix(int i, int rank) {
        return new long[] {1 + i % 7 + rank, 2, 3 + rank, 5 + i % 11};
    }

    private static long[] product(int i, int n) {
        long[] product = matrix(i, 0);
        for (int rank = 1; rank < n; rank++) {
            product = product(product, matrix(i, rank));
        }
        return product;
    }

    private static final UserFunction ARRAYS = new UserFunction() {
        @Override
        public void call(Object in, Object inOut, int count, Datatype type) {
            long[] a = (long[]) in;
            long[] b = (long[]) inOut;
            for (int i = 0; i < count; i++) {
                long[] p = product(Arrays.copyOfRange(a, 4 * i, 4 * i + 4), Arrays.copyOfRange(b, 4 * i, 4 * i + 4));
                System.arraycopy(p, 0, b, 4 * i, 4);
            }
        }
    };

    private static final UserFunction BUFFERS = new UserFunction() {
        @Override
        public void call(ByteBuffer in, ByteBuffer inOut, int count, Datatype type) {
            for (int i = 0; i < count; i++) {
                long[] a = new long[4];
                long[] b = new long[4];
                in.asLongBuffer().get(4 * i, a);
                inOut.asLongBuffer().get(4 * i, b);
                inOut.asLongBuffer().put(4 * i, product(a, b));
            }
        }
    };

    @Program
    static void userFunctions() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int size = w.getSize();
        int rank = w.getRank();
        Datatype matrix = Datatype.createContiguous(4, MPI.LONG);
        matrix.commit();
        for (UserFunction function : new UserFunction[] {ARRAYS, BUFFERS}) {
            Op op = new Op(function, false);
            that(!op.isCommutative() && !op.isNull(), "not commutative");
            for (int count : new int[] {1, 10, 700, 4000}) {
                long[] mine = new long[4 * count];
                for (int i = 0; i < count; i++) {
                    System.arraycopy(matrix(i, rank), 0, mine, 4 * i, 4);
                }
                long[] all = new long[4 * count];
                w.allReduce(mine, all, count, matrix, op);
                check(all, count, size, "allReduce " + count);
                for (int root = 0; root < size; root += 3) {
                    long[] out = new long[4 * count];
                    w.reduce(mine, out, count, matrix, op, root);
                    if (rank == root) {
                        check(out, count, size, "reduce " + count);
                    }
                }
                long[] scan = new long[4 * count];
                w.scan(mine, scan, count, matrix, op);
                check(scan, count, rank + 1, "scan " + count);
                w.exScan(mine, scan, count, matrix, op);
                if (rank > 0) {
                    check(scan, count, rank, "exScan " + count);
                }
                java.nio.LongBuffer buffer = MPI.newLongBuffer(4 * count).put(0, mine);
                w.iAllReduce(buffer, count, matrix, op).waitFor();
                buffer.get(0, all);
                check(all, count, size, "iAllReduce " + count);
                if (count % size == 0) {
                    long[] part = new long[4 * count / size];
                    w.reduceScatterBlock(mine, part, count / size, matrix, op);
                    long[] p = product(rank * (count / size), size);
                    equal(p, Arrays.copyOf(part, 4), "reduceScatterBlock");
                }
            }
            op.free();
            that(op.isNull(), "freed");
        }
    }

    private static void check(long[] result, int count, int n, String what) {
        for (int i = 0; i < count; i++) {
            equal(product(i, n), Arrays.copyOfRange(result, 4 * i, 4 * i + 4), what + " element " + i);
        }
    }

    @Program
    static void userFunctionsOnEveryType() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int size = w.getSize();
        Op booleans = new Op(new UserFunction() {
            @Override
            public void call(Object in, Object inOut, int count, Datatype type) {
                for (int i = 0; i < count; i++) {
                    ((boolean[]) inOut)[i] ^= ((boolean[]) in)[i];
                }
            }
        }, true);
        boolean[] flags = {true, false, w.getRank() == 0};
        w.allReduce(flags, 3, MPI.BOOLEAN, booleans);
        equal(new boolean[] {size % 2 == 1, false, true}, flags, "boolean[]");
        Op floats = new Op(new UserFunction() {
            @Override
            public void call(Object in, Object inOut, int count, Datatype type) {
                for (int i = 0; i < count; i++) {
                    ((float[]) inOut)[i] += ((float[]) in)[i];
                }
            }
        }, true);
        float[] f = {0.5f, w.getRank()};
        w.allReduce(f, 2, MPI.FLOAT, floats);
        equal(new float[] {size * 0.5f, size * (size - 1) / 2f}, f, "float[]");
        int[] inOut = {1, 2};
        mpi.Comm.reduceLocal(new int[] {10, 20}, inOut, 2, MPI.INT, MPI.SUM);
        equal(new int[] {11, 22}, inOut, "reduceLocal");
    }
}
