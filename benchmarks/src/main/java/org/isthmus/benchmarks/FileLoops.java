package org.isthmus.benchmarks;

import java.nio.ByteBuffer;
import mpi.Datatype;
import mpi.File;
import mpi.MPI;
import mpi.MPIException;

/**
 * Collective writing and reading of a file of 1 GiB in the working directory, in which the blocks of the ranks take
 * turns. Opening and closing is part of it; the system keeps what it likes in its page cache.
 */
final class FileLoops {
    private static final String NAME = "isthmus-bench.dat";
    private static final long TOTAL = 1L << 30;
    /** Bytes of one call of one rank. */
    private static final int PIECE = 16 << 20;

    private FileLoops() {}

    /** MB/s of all ranks together into a new file. */
    static double write(Job job, int block) throws MPIException {
        double value = rate(job, block, MPI.MODE_CREATE | MPI.MODE_WRONLY, content(job));
        delete(job);
        return value;
    }

    /** The same, read back. */
    static double read(Job job, int block) throws MPIException {
        rate(job, block, MPI.MODE_CREATE | MPI.MODE_WRONLY, content(job));
        ByteBuffer piece = MPI.newByteBuffer(PIECE);
        double value = rate(job, block, MPI.MODE_RDONLY, piece);
        if (!piece.equals(content(job))) {
            throw new IllegalStateException("rank " + job.rank() + " has read other bytes than it wrote");
        }
        delete(job);
        return value;
    }

    private static double rate(Job job, int block, int mode, ByteBuffer piece) throws MPIException {
        long pieces = Math.max(1, TOTAL / job.size() / PIECE);
        Datatype bytes = Datatype.createContiguous(block, MPI.BYTE);
        Datatype turn = Datatype.createResized(bytes, 0, Math.multiplyExact(block, job.size()));
        turn.commit();
        job.world().barrier();
        long start = System.nanoTime();
        File file = new File(job.world(), NAME, mode);
        file.setView((long) job.rank() * block, MPI.BYTE, turn, "native");
        for (long i = 0; i < pieces; i++) {
            if (mode == MPI.MODE_RDONLY) {
                file.readAll(piece, PIECE, MPI.BYTE);
            } else {
                file.writeAll(piece, PIECE, MPI.BYTE);
            }
        }
        file.close();
        job.world().barrier();
        double seconds = (System.nanoTime() - start) / 1e9;
        turn.free();
        bytes.free();
        return pieces * job.size() * (double) PIECE / seconds / 1e6;
    }

    private static ByteBuffer content(Job job) {
        ByteBuffer piece = MPI.newByteBuffer(PIECE);
        for (int i = 0; i < PIECE; i += Long.BYTES) {
            piece.putLong(i, 31L * i + job.rank());
        }
        return piece;
    }

    private static void delete(Job job) throws MPIException {
        if (job.rank() == 0) {
            File.delete(NAME);
        }
        job.world().barrier();
    }
}
