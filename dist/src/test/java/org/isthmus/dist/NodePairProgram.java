package org.isthmus.dist;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;

/**
 * {@code NodePairProgram SECONDS METRIC...}: measures between two nodes that hold half of the ranks each, for about
 * that long: {@code lat}, ping-pong of 8 bytes, one way in ns; {@code bw}, 1 MiB from rank 0 to the last one, MB/s;
 * {@code rate}, messages of 8 bytes of all pairs together, messages/s and how many; {@code allreduce}, sums over all
 * ranks, how many; {@code window}, one-sided operations on a rank that computes, how many. The content of every message
 * is checked. Rank 0 prints {@code begins}, and a line {@code METRIC VALUE} for each.
 */
public final class NodePairProgram {
    private static final int SMALL = Long.BYTES;
    private static final int LARGE = 1 << 20;
    private static final int WINDOW = 64;
    private static final int LARGE_WINDOW = 16;
    private static final int[] SUMMED = {1, 1000, 10_000};
    private static final long LAST = -1;

    private final Intracomm world = MPI.COMM_WORLD;
    private final int rank = world.getRank();
    private final int size = world.getSize();
    private final long nanos;

    private NodePairProgram(long nanos) throws MPIException {
        this.nanos = nanos;
    }

    public static void main(String[] args) throws MPIException {
        MPI.Init(args);
        NodePairProgram program = new NodePairProgram(Long.parseLong(args[0]) * 1_000_000_000);
        program.world.barrier();
        if (program.rank == 0) {
            System.out.println("begins");
        }
        for (String metric : List.of(args).subList(1, args.length)) {
            switch (metric) {
                case "lat" -> program.latency();
                case "bw" -> program.stream("bw", 1, LARGE, LARGE_WINDOW);
                case "rate" -> program.stream("rate", program.size / 2, SMALL, WINDOW);
                case "allreduce" -> program.allReduce();
                case "window" -> program.print("window", FarWindow.run(program.world));
                default -> throw new IllegalArgumentException("metric " + metric
                        + ": lat, bw, rate, allreduce or window is needed");
            }
        }
        MPI.Finalize();
    }

    private void allReduce() throws MPIException {
        int sums = 0;
        for (int count : SUMMED) {
            double[] values = new double[count];
            for (int i = 0; i < count; i++) {
                values[i] = i + rank;
            }
            world.allReduce(values, count, MPI.DOUBLE, MPI.SUM);
            for (int i = 0; i < count; i++) {
                require((long) values[i], (long) i * size + (long) size * (size - 1) / 2);
            }
            sums++;
        }
        print("allreduce", sums);
    }

    private void latency() throws MPIException {
        ByteBuffer buffer = MPI.newByteBuffer(SMALL);
        if (rank == 0) {
            pingPong(buffer, nanos / 2); // warms up
            long start = System.nanoTime();
            long rounds = pingPong(buffer, nanos);
            print("lat", (System.nanoTime() - start) / (2.0 * rounds));
            world.send(buffer.putLong(0, LAST), SMALL, MPI.BYTE, size - 1, 1);
        } else if (rank == size - 1) {
            while (true) {
                world.recv(buffer, SMALL, MPI.BYTE, 0, 1);
                if (buffer.getLong(0) == LAST) {
                    break;
                }
                world.send(buffer, SMALL, MPI.BYTE, 0, 1);
            }
        }
        world.barrier();
    }

    private long pingPong(ByteBuffer buffer, long duration) throws MPIException {
        long start = System.nanoTime();
        long rounds = 0;
        for (; System.nanoTime() - start < duration; rounds++) {
            world.send(buffer.putLong(0, rounds), SMALL, MPI.BYTE, size - 1, 1);
            world.recv(buffer.putLong(0, LAST), SMALL, MPI.BYTE, size - 1, 1);
            require(buffer.getLong(0), rounds);
        }
        return rounds;
    }

    /**
     * The first {@code pairs} ranks each send to the rank half the job further on, windows of messages, one answer
     * each.
     */
    private void stream(String name, int pairs, int bytes, int window) throws MPIException {
        ByteBuffer[] buffers = new ByteBuffer[window];
        for (int i = 0; i < window; i++) {
            buffers[i] = MPI.newByteBuffer(bytes);
        }
        long[] messages = {0};
        world.barrier();
        long start = System.nanoTime();
        if (rank < pairs) {
            messages[0] = sendWindows(buffers, bytes, rank + size / 2);
        } else if (rank >= size / 2 && rank < size / 2 + pairs) {
            receiveWindows(buffers, bytes, rank - size / 2);
        }
        world.allReduce(messages, 1, MPI.LONG, MPI.SUM);
        double seconds = (System.nanoTime() - start) / 1e9;
        print(name, bytes == LARGE ? messages[0] * (LARGE / 1e6) / seconds : messages[0] / seconds);
        print(name + "-messages", messages[0]);
    }

    private long sendWindows(ByteBuffer[] buffers, int bytes, int peer) throws MPIException {
        long start = System.nanoTime();
        Request[] requests = new Request[buffers.length];
        ByteBuffer answer = MPI.newByteBuffer(SMALL);
        long number = 0;
        for (boolean last = false; !last;) {
            last = System.nanoTime() - start >= nanos;
            for (int i = 0; i < buffers.length; i++) {
                buffers[i].putLong(0, last ? LAST : number).putLong(bytes - SMALL, last ? LAST : number);
                requests[i] = world.iSend(buffers[i], bytes, MPI.BYTE, peer, 2);
                number++;
            }
            Request.waitAll(requests);
            world.recv(answer, SMALL, MPI.BYTE, peer, 3);
            require(answer.getLong(0), number);
        }
        return number;
    }

    private void receiveWindows(ByteBuffer[] buffers, int bytes, int peer) throws MPIException {
        Request[] requests = new Request[buffers.length];
        ByteBuffer answer = MPI.newByteBuffer(SMALL);
        long number = 0;
        for (boolean last = false; !last;) {
            for (int i = 0; i < buffers.length; i++) {
                requests[i] = world.iRecv(buffers[i], bytes, MPI.BYTE, peer, 2);
            }
            Request.waitAll(requests);
            last = buffers[0].getLong(0) == LAST;
            for (ByteBuffer buffer : buffers) {
                require(buffer.getLong(0), last ? LAST : number);
                require(buffer.getLong(bytes - SMALL), last ? LAST : number);
                number++;
            }
            world.send(answer.putLong(0, number), SMALL, MPI.BYTE, peer, 3);
        }
    }

    private static void require(long found, long expected) {
        if (found != expected) {
            throw new IllegalStateException("message " + expected + " arrived as " + found);
        }
    }

    private void print(String name, double value) {
        if (rank == 0) {
            System.out.printf(Locale.ROOT, "%s %.1f%n", name, value);
        }
    }
}
