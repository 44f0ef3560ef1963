package org.isthmus.benchmarks;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;

/** Loops of collectives over all ranks; nanoseconds per operation. */
final class CollectiveLoops {
    private CollectiveLoops() {}

    static double allReduce(Job job, int doubles) throws MPIException {
        Intracomm world = job.world();
        DoubleBuffer in = MPI.newDoubleBuffer(doubles);
        DoubleBuffer out = MPI.newDoubleBuffer(doubles);
        for (int i = 0; i < doubles; i++) {
            in.put(i, job.rank() + i);
        }
        int operations = job.collectives(8L * doubles);
        long start = System.nanoTime();
        for (int i = 0; i < operations; i++) {
            world.allReduce(in, out, doubles, MPI.DOUBLE, MPI.SUM);
        }
        double nanos = (System.nanoTime() - start) / (double) operations;
        int ranks = job.size();
        int last = doubles - 1;
        double expected = ranks * (ranks - 1) / 2.0 + (double) ranks * last;
        if (Math.abs(out.get(last) - expected) > 1e-6) {
            throw new IllegalStateException("element " + last + " of the sum is " + out.get(last) + ", not "
                    + expected);
        }
        return nanos;
    }

    static double barrier(Job job, int unused) throws MPIException {
        int operations = job.collectives(8);
        long start = System.nanoTime();
        for (int i = 0; i < operations; i++) {
            job.world().barrier();
        }
        return (System.nanoTime() - start) / (double) operations;
    }

    static double bcast(Job job, int bytes) throws MPIException {
        ByteBuffer buffer = MPI.newByteBuffer(bytes);
        int operations = job.collectives(bytes);
        long start = System.nanoTime();
        for (int i = 0; i < operations; i++) {
            job.world().bcast(buffer, bytes, MPI.BYTE, i % job.size());
        }
        return (System.nanoTime() - start) / (double) operations;
    }

    static double allToAll(Job job, int bytes) throws MPIException {
        ByteBuffer in = MPI.newByteBuffer(bytes * job.size());
        ByteBuffer out = MPI.newByteBuffer(bytes * job.size());
        int operations = job.collectives((long) bytes * job.size());
        long start = System.nanoTime();
        for (int i = 0; i < operations; i++) {
            job.world().allToAll(in, bytes, MPI.BYTE, out, bytes, MPI.BYTE);
        }
        return (System.nanoTime() - start) / (double) operations;
    }
}
