package org.isthmus.benchmarks;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import mpi.Info;
import mpi.MPI;
import mpi.MPIException;
import mpi.Win;

/** Loops of one-sided operations of rank 0 on the window of the last rank, each followed by a flush. */
final class OneSidedLoops {
    private static final int BLOCK = 100;
    private static final long ROUND_NANOS = 200_000_000;

    private OneSidedLoops() {}

    /** What rank 0 does again and again. */
    private interface Operation {
        void run(Win win, int target) throws MPIException;
    }

    static double put(Job job, int bytes) throws MPIException {
        ByteBuffer origin = MPI.newByteBuffer(bytes);
        return time(job, bytes, (win, target) -> win.put(origin, bytes, MPI.BYTE, target, 0, bytes, MPI.BYTE));
    }

    static double get(Job job, int bytes) throws MPIException {
        ByteBuffer origin = MPI.newByteBuffer(bytes);
        return time(job, bytes, (win, target) -> win.get(origin, bytes, MPI.BYTE, target, 0, bytes, MPI.BYTE));
    }

    static double fetchAndOp(Job job, int unused) throws MPIException {
        LongBuffer origin = MPI.newLongBuffer(1);
        LongBuffer result = MPI.newLongBuffer(1);
        return time(job, Long.BYTES, (win, target) -> win.fetchAndOp(origin, result, MPI.LONG, target, 0, MPI.SUM));
    }

    /** Nanoseconds for an operation and a flush: between some ten, on one node, and some ten thousand. */
    private static double time(Job job, int bytes, Operation operation) throws MPIException {
        int target = job.size() - 1;
        Win win = new Win(MPI.newByteBuffer(bytes), bytes, 1, new Info(), job.world());
        win.lockAll(0);
        long start = System.nanoTime();
        long operations = 0;
        long elapsed = 0;
        while (job.rank() == 0 && elapsed < ROUND_NANOS) {
            for (int i = 0; i < BLOCK; i++) {
                operation.run(win, target);
                win.flush(target);
            }
            operations += BLOCK;
            elapsed = System.nanoTime() - start;
        }
        win.unlockAll();
        win.free();
        return (double) elapsed / Math.max(1, operations);
    }
}
