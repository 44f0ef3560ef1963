package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;
import static org.isthmus.comm.program.Verify.raises;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import mpi.Datatype;
import mpi.DoubleComplex;
import mpi.Errhandler;
import mpi.FloatComplex;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Op;
import mpi.UserFunction;

/** Complex numbers in messages and reductions. Their parts are small integers, so that results are exact. */
final class ComplexPrograms {
    private static final int[] COUNTS = {1, 5, 3000};

    private ComplexPrograms() {}

    /** A unit times {@code 1 + i}: products of nine of them are exact in a float. */
    private static double[] value(int i, int rank) {
        double[][] units = {{1, 1}, {-1, 1}, {-1, -1}, {1, -1}};
        return units[(i + 3 * rank) % 4];
    }

    private static double[] times(double[] a, double[] b) {
        return new double[] {a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]};
    }

    private static double[] expected(int i, int n, boolean product) {
        double[] result = value(i, 0).clone();
        for (int rank = 1; rank < n; rank++) {
            double[] v = value(i, rank);
            result = product ? times(result, v) : new double[] {result[0] + v[0], result[1] + v[1]};
        }
        return new double[] {result[0] + 0.0, result[1] + 0.0};
    }

    private static double[] doubles(int count, int rank) {
        double[] array = new double[2 * count];
        for (int i = 0; i < count; i++) {
            DoubleComplex z = DoubleComplex.get(array, i);
            z.putReal(value(i, rank)[0]);
            z.putImag(value(i, rank)[1]);
        }
        return array;
    }

    private static float[] floats(int count, int rank) {
        float[] array = new float[2 * count];
        for (int i = 0; i < count; i++) {
            FloatComplex z = FloatComplex.get(array, i);
            z.putReal((float) value(i, rank)[0]);
            z.putImag((float) value(i, rank)[1]);
        }
        return array;
    }

    private static double[] parts(DoubleComplex z) {
        return new double[] {z.getReal() + 0.0, z.getImag() + 0.0};
    }

    private static double[] parts(FloatComplex z) {
        return new double[] {z.getReal() + 0.0, z.getImag() + 0.0};
    }

    @Program
    static void sumsAndProducts() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int size = w.getSize();
        int rank = w.getRank();
        for (int count : COUNTS) {
            for (boolean product : new boolean[] {false, true}) {
                Op op = product ? MPI.PROD : MPI.SUM;
                double[] d = new double[2 * count];
                w.allReduce(doubles(count, rank), d, count, MPI.DOUBLE_COMPLEX, op);
                ByteBuffer direct = MPI.newByteBuffer(16 * count);
                direct.asDoubleBuffer().put(0, doubles(count, rank));
                w.iAllReduce(direct, count, MPI.DOUBLE_COMPLEX, op).waitFor();
                double[] scan = new double[2 * count];
                w.scan(doubles(count, rank), scan, count, MPI.DOUBLE_COMPLEX, op);
                float[] f = new float[2 * count];
                w.allReduce(floats(count, rank), f, count, MPI.FLOAT_COMPLEX, op);
                float[] root = floats(count, rank);
                w.reduce(root, count, MPI.FLOAT_COMPLEX, op, 0);
                for (int i = 0; i < count; i++) {
                    double[] e = expected(i, size, product);
                    equal(e, parts(DoubleComplex.get(d, i)), op + " of double[], " + i);
                    equal(e, parts(DoubleComplex.get(direct, i)), op + " of a byte buffer, " + i);
                    equal(expected(i, rank + 1, product), parts(DoubleComplex.get(scan, i)), op + " scan, " + i);
                    equal(e, parts(FloatComplex.get(f, i)), op + " of float[], " + i);
                    if (rank == 0) {
                        equal(e, parts(FloatComplex.get(root, i)), op + " of float[] at the root, " + i);
                    }
                }
            }
        }
    }

    /** The product by user functions, which get the parts as an array or as bytes. */
    @Program
    static void userFunctionsInBothForms() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        Op arrays = new Op(new UserFunction() {
            @Override
            public void call(Object in, Object inOut, int count, Datatype type) {
                for (int i = 0; i < count; i++) {
                    multiply(DoubleComplex.get((double[]) in, i), DoubleComplex.get((double[]) inOut, i));
                }
            }
        }, true);
        Op buffers = new Op(new UserFunction() {
            @Override
            public void call(ByteBuffer in, ByteBuffer inOut, int count, Datatype type) {
                for (int i = 0; i < count; i++) {
                    multiply(DoubleComplex.get(in, i), DoubleComplex.get(inOut, i));
                }
            }
        }, true);
        for (int count : COUNTS) {
            for (Op op : new Op[] {arrays, buffers}) {
                double[] d = doubles(count, w.getRank());
                w.allReduce(d, count, MPI.DOUBLE_COMPLEX, op);
                DoubleBuffer direct = MPI.newDoubleBuffer(2 * count).put(0, doubles(count, w.getRank()));
                w.allReduce(direct, count, MPI.DOUBLE_COMPLEX, op);
                for (int i = 0; i < count; i++) {
                    equal(expected(i, w.getSize(), true), parts(DoubleComplex.get(d, i)), "array, " + i);
                    equal(expected(i, w.getSize(), true), parts(DoubleComplex.get(direct, i)), "buffer, " + i);
                }
            }
        }
        arrays.free();
        buffers.free();
    }

    private static void multiply(DoubleComplex in, DoubleComplex inOut) {
        double[] product = times(parts(in), parts(inOut));
        inOut.putReal(product[0]);
        inOut.putImag(product[1]);
    }

    /** The buffer of a view is a message from that number on. */
    @Program
    static void oneOfManyTravels() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int size = w.getSize();
        int rank = w.getRank();
        DoubleBuffer many = MPI.newDoubleBuffer(20).put(0, doubles(10, rank));
        float[] in = new float[2];
        double[] got = new double[4];
        int left = (rank + size - 1) % size;
        w.sendRecv(DoubleComplex.get(many, 7).getBuffer(), 1, MPI.DOUBLE_COMPLEX, (rank + 1) % size, 4,
                DoubleComplex.get(got, 1).getBuffer(), 1, MPI.DOUBLE_COMPLEX, left, 4);
        w.sendRecv(FloatComplex.get(floats(10, rank), 6).getBuffer(), 1, MPI.FLOAT_COMPLEX, (rank + 1) % size, 5, in, 1,
                MPI.FLOAT_COMPLEX, left, 5);
        equal(value(7, left), parts(DoubleComplex.get(got, 1)), "double");
        equal(new double[2], parts(DoubleComplex.get(got)), "the number before it");
        equal(value(6, left), parts(FloatComplex.get(in)), "float");
    }

    @Program
    static void operationsThatAreNotDefined() throws MPIException {
        Errhandler handler = MPI.COMM_WORLD.getErrhandler();
        MPI.COMM_WORLD.setErrhandler(MPI.ERRORS_RETURN);
        Intracomm w = MPI.COMM_WORLD;
        for (Op op : new Op[] {MPI.MAX, MPI.MIN, MPI.LAND, MPI.BAND, MPI.MINLOC}) {
            raises(MPI.ERR_OP, () -> w.allReduce(new double[2], 1, MPI.DOUBLE_COMPLEX, op), "double", "not defined");
            raises(MPI.ERR_OP, () -> w.allReduce(new float[2], 1, MPI.FLOAT_COMPLEX, op), "float", "not defined");
        }
        raises(MPI.ERR_TYPE, () -> w.allReduce(new float[2], 1, MPI.DOUBLE_COMPLEX, MPI.SUM), "array", "float[]");
        raises(MPI.ERR_BUFFER, () -> w.allReduce(new double[3], 2, MPI.DOUBLE_COMPLEX, MPI.SUM), "array", "24 bytes");
        MPI.COMM_WORLD.setErrhandler(handler);
    }
}
