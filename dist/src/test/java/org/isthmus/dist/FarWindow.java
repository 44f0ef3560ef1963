package org.isthmus.dist;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import mpi.Comm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Win;

/**
 * One-sided operations of rank 0 on a window of the last rank, which is on another node and calls nothing of MPI
 * meanwhile: it looks at its memory until it sees what it waits for. Every result is checked.
 */
final class FarWindow {
    private static final int LONGS = 1 << 17;
    private static final int LAST_WORD = LONGS - 1;
    private static final int COUNTER = 0;
    private static final long STOP = -77;

    private FarWindow() {}

    /** Collective; how many operations rank 0 did, 0 in all others. */
    static int run(Comm world) throws MPIException {
        int target = world.getSize() - 1;
        int rank = world.getRank();
        LongBuffer memory = MPI.newLongBuffer(rank == target ? LONGS : 1);
        Win window = new Win(memory, rank == target ? LONGS : 1, 1, MPI.INFO_NULL, world);
        int operations = 0;
        if (rank == 0) {
            operations = origin(window, target);
        } else if (rank == target) {
            while (memory.get(LAST_WORD) != STOP) {
                Thread.onSpinWait();
                VarHandle.fullFence();
            }
        }
        window.free();
        if (rank == target) { // all is complete there
            require(memory.get(COUNTER), 4);
            require(memory.get(5), 55);
        }
        return operations;
    }

    private static int origin(Win window, int target) throws MPIException {
        LongBuffer data = MPI.newLongBuffer(LONGS);
        LongBuffer back = MPI.newLongBuffer(LONGS);
        for (int i = 1; i < LAST_WORD; i++) {
            data.put(i, 11L * i);
        }
        window.lock(MPI.LOCK_SHARED, target, 0);
        window.put(data, LONGS, MPI.LONG, target, 0, LONGS, MPI.LONG);
        window.flush(target);
        window.get(back, LONGS, MPI.LONG, target, 0, LONGS, MPI.LONG);
        window.flush(target);
        for (int i = 0; i < LONGS; i++) {
            require(back.get(i), data.get(i));
        }
        LongBuffer one = MPI.newLongBuffer(1).put(0, 1);
        LongBuffer result = MPI.newLongBuffer(1);
        for (int i = 0; i < 3; i++) {
            window.fetchAndOp(one, result, MPI.LONG, target, COUNTER, MPI.SUM);
            window.flush(target);
            require(result.get(0), i);
        }
        window.compareAndSwap(MPI.newLongBuffer(1).put(0, 4), MPI.newLongBuffer(1).put(0, 3), result, MPI.LONG, target,
                COUNTER);
        window.flush(target);
        require(result.get(0), 3);
        ByteBuffer stop = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());
        window.put(stop.asLongBuffer().put(0, STOP), 1, MPI.LONG, target, LAST_WORD, 1, MPI.LONG);
        window.unlock(target);
        return 7;
    }

    private static void require(long found, long expected) {
        if (found != expected) {
            throw new IllegalStateException("found " + found + " where " + expected + " must be");
        }
    }
}
