package org.isthmus.examples;

import java.nio.ByteBuffer;
import mpi.Datatype;
import mpi.DoubleInt;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Op;
import mpi.Struct;
import mpi.UserFunction;

/**
 * Data that is no plain array: {@code ./isthmus run -n 4 examples/derived-types}.
 *
 * <p>Every rank sends a column of a matrix without copying it together, passes an array of structs round the ring,
 * finds the rank with the largest value, and merges structs with a reduction of its own. Each step checks its result.
 */
public final class DerivedTypes {
    private static final int ROWS = 6;
    private static final int COLUMNS = 5;
    private static final int PARTICLES = 1000;

    private DerivedTypes() {}

    /** A particle: an array and two numbers, laid out as a C struct. */
    private static final class Particle extends Struct {
        private final int kind = addInt();
        private final int position = setOffset(8).addDouble(3);
        private final int mass = addFloat();

        @Override
        protected Data newData() {
            return new Data();
        }

        final class Data extends Struct.Data {
            void set(int kindValue, double x, double y, double z, float massValue) {
                putInt(kind, kindValue);
                putDouble(position, 0, x);
                putDouble(position, 1, y);
                putDouble(position, 2, z);
                putFloat(mass, massValue);
            }

            int kind() {
                return getInt(kind);
            }

            double position(int axis) {
                return getDouble(position, axis);
            }

            float mass() {
                return getFloat(mass);
            }

            /** Becomes both particles together: the sum of the masses, at their centre. */
            void merge(Data other) {
                float sum = mass() + other.mass();
                for (int axis = 0; axis < 3; axis++) {
                    double weighted = mass() * position(axis) + other.mass() * other.position(axis);
                    putDouble(position, axis, weighted / sum);
                }
                putFloat(mass, sum);
            }
        }
    }

    private static final Particle PARTICLE = new Particle();

    public static void main(String[] args) throws MPIException {
        MPI.Init(args);
        Intracomm world = MPI.COMM_WORLD;
        report(world, "derived types, " + world.getSize() + " ranks");
        sendColumn(world);
        report(world, "column of a matrix               verified");
        passParticles(world);
        report(world, "array of structs                 verified");
        findLargest(world);
        report(world, "largest value and its rank       verified");
        mergeParticles(world);
        report(world, "reduction of structs             verified");
        MPI.Finalize();
    }

    /** Printed once all ranks have come so far. */
    private static void report(Intracomm world, String line) throws MPIException {
        world.barrier();
        if (world.getRank() == 0) {
            System.out.println(line);
        }
    }

    /** Column 2 of a matrix in row order: one double of each row. */
    private static void sendColumn(Intracomm world) throws MPIException {
        int right = (world.getRank() + 1) % world.getSize();
        int left = (world.getRank() + world.getSize() - 1) % world.getSize();
        double[] matrix = new double[ROWS * COLUMNS];
        for (int i = 0; i < matrix.length; i++) {
            matrix[i] = 100 * world.getRank() + i;
        }
        Datatype column = Datatype.createVector(ROWS, 1, COLUMNS, MPI.DOUBLE);
        column.commit();
        double[] received = new double[ROWS];
        world.sendRecv(MPI.slice(matrix, 2), 1, column, right, 0, received, ROWS, MPI.DOUBLE, left, 0);
        column.free();
        for (int row = 0; row < ROWS; row++) {
            verify("row " + row + " of the column", 100 * left + row * COLUMNS + 2, received[row]);
        }
    }

    private static void passParticles(Intracomm world) throws MPIException {
        int right = (world.getRank() + 1) % world.getSize();
        int left = (world.getRank() + world.getSize() - 1) % world.getSize();
        ByteBuffer mine = MPI.newByteBuffer(PARTICLES * PARTICLE.getExtent());
        ByteBuffer received = MPI.newByteBuffer(PARTICLES * PARTICLE.getExtent());
        for (int i = 0; i < PARTICLES; i++) {
            Particle.Data particle = PARTICLE.getData(mine, i);
            particle.set(i, world.getRank(), i, -i, 1);
        }
        world.sendRecv(mine, PARTICLES, PARTICLE.getType(), right, 1, received, PARTICLES, PARTICLE.getType(), left, 1);
        for (int i = 0; i < PARTICLES; i++) {
            Particle.Data particle = PARTICLE.getData(received, i);
            verify("kind", i, particle.kind());
            verify("x", left, particle.position(0));
            verify("z", -i, particle.position(2));
        }
    }

    /** MAXLOC on pairs of a value and the rank that has it. */
    private static void findLargest(Intracomm world) throws MPIException {
        ByteBuffer buffer = MPI.newByteBuffer(MPI.doubleInt.getExtent());
        DoubleInt.Data pair = MPI.doubleInt.getData(buffer);
        pair.putValue(height(world.getRank()));
        pair.putIndex(world.getRank());
        world.allReduce(buffer, 1, MPI.DOUBLE_INT, MPI.MAXLOC);
        int highest = 0;
        for (int rank = 1; rank < world.getSize(); rank++) {
            highest = height(rank) > height(highest) ? rank : highest;
        }
        verify("the highest rank", highest, pair.getIndex());
        verify("its height", height(highest), pair.getValue());
    }

    private static double height(int rank) {
        return rank * 7 % 5 + 0.5;
    }

    /** A reduction of structs: the centre of one particle of each rank, rank r at x = r. */
    private static void mergeParticles(Intracomm world) throws MPIException {
        Op merge = new Op(new UserFunction() {
            @Override
            public void call(ByteBuffer in, ByteBuffer inOut, int count, Datatype type) throws MPIException {
                for (int i = 0; i < count; i++) {
                    Particle.Data into = PARTICLE.getData(inOut, i);
                    into.merge(PARTICLE.getData(in, i));
                }
            }
        }, true);
        ByteBuffer buffer = MPI.newByteBuffer(PARTICLE.getExtent());
        Particle.Data particle = PARTICLE.getData(buffer);
        particle.set(1, world.getRank(), 0, 4, 2);
        world.allReduce(buffer, 1, PARTICLE.getType(), merge);
        merge.free();
        verify("mass", 2 * world.getSize(), particle.mass());
        verify("x of the centre", (world.getSize() - 1) / 2.0, particle.position(0));
        verify("z of the centre", 4, particle.position(2));
    }

    private static void verify(String what, double expected, double actual) {
        if (Math.abs(actual - expected) > 1e-9) {
            throw new IllegalStateException(what + " is " + actual + ", should be " + expected);
        }
    }
}
