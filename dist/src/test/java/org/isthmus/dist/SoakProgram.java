package org.isthmus.dist;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;
import mpi.Status;
import org.isthmus.node.testing.Command;

/**
 * Every rank sends every other one a numbered stream of messages of mixed sizes, kinds of buffers and modes, with a
 * checksum in each, and checks what arrives. {@code SoakProgram MESSAGES [FILE]}: that many or a few more over all
 * pairs, again and again until the file is there.
 */
public final class SoakProgram {
    /** What a job of it said at its end, after a check that it ended well. */
    record Report(long messages, long bytes, int hosts) {
        private static final Pattern LINE = Pattern.compile("messages (\\d+) bytes (\\d+) hosts (\\d+)\n");

        static Report of(Command job) {
            Matcher line = LINE.matcher(job.output());
            if (job.exitCode() != 0 || !job.errors().isEmpty() || !line.matches()) {
                throw new AssertionError("exit code " + job.exitCode() + ": " + job.errors() + job.output());
            }
            return new Report(Long.parseLong(line.group(1)), Long.parseLong(line.group(2)),
                    Integer.parseInt(line.group(3)));
        }
    }

    private static final int HEADER = 16;
    private static final int BATCH = 512;
    /** One in so many of the messages under way can be large. */
    private static final int LARGE_EVERY = 8;
    private static final int LARGEST = 200_000;
    private static final int LARGEST_SMALL = 3_000;
    private static final int LONGEST_NAME = 64;

    private final Intracomm world = MPI.COMM_WORLD;
    private final int rank = world.getRank();
    private final int size = world.getSize();
    private final CRC32C checksum = new CRC32C();
    private long received;

    private final ByteBuffer[] out = new ByteBuffer[BATCH];
    private final byte[] in = new byte[LARGEST];

    private SoakProgram() throws MPIException {
        for (int i = 0; i < BATCH; i++) {
            int bytes = i % LARGE_EVERY == 0 ? LARGEST : LARGEST_SMALL;
            out[i] = (i % 3 == 0 ? MPI.newByteBuffer(bytes) : i % 3 == 1 ? ByteBuffer.allocate(bytes)
                    : ByteBuffer.allocateDirect(bytes)).order(ByteOrder.BIG_ENDIAN);
        }
    }

    public static void main(String[] args) throws MPIException {
        MPI.Init(args);
        SoakProgram soak = new SoakProgram();
        long perPair = Math.ceilDiv(Long.parseLong(args[0]), soak.size * (soak.size - 1L) * BATCH) * BATCH;
        long rounds = 0;
        do {
            for (int shift = 1; shift < soak.size; shift++) {
                soak.exchange((soak.rank + shift) % soak.size, (soak.rank + soak.size - shift) % soak.size, perPair);
            }
            rounds++;
        } while (args.length > 1 && !soak.isThere(Path.of(args[1])));
        int hosts = soak.hosts();
        long[] bytes = {soak.received};
        soak.world.allReduce(bytes, 1, MPI.LONG, MPI.SUM);
        soak.requireNothingLeft();
        if (soak.rank == 0) {
            System.out.println("messages " + rounds * perPair * soak.size * (soak.size - 1) + " bytes " + bytes[0]
                    + " hosts " + hosts);
        }
        MPI.Finalize();
    }

    private boolean isThere(Path file) throws MPIException {
        boolean[] there = {rank == 0 && Files.exists(file)};
        world.bcast(there, 1, MPI.BOOLEAN, 0);
        return there[0];
    }

    /** A message that was there twice stays over. */
    private void requireNothingLeft() throws MPIException {
        Status left = world.iProbe(MPI.ANY_SOURCE, MPI.ANY_TAG);
        if (left != null) {
            throw new IllegalStateException("rank " + rank + ": one message too many from " + left.getSource());
        }
    }

    /** How many host names the ranks have. */
    private int hosts() throws MPIException {
        byte[] names = new byte[size * LONGEST_NAME];
        byte[] mine = MPI.getProcessorName().getBytes(StandardCharsets.UTF_8);
        world.allGather(Arrays.copyOf(mine, LONGEST_NAME), LONGEST_NAME, MPI.BYTE, names, LONGEST_NAME, MPI.BYTE);
        Set<String> different = new HashSet<>();
        for (int i = 0; i < size; i++) {
            different.add(new String(names, i * LONGEST_NAME, LONGEST_NAME, StandardCharsets.UTF_8));
        }
        return different.size();
    }

    /** Streams to {@code dest} while it receives the stream from {@code source}. */
    private void exchange(int dest, int source, long messages) throws MPIException {
        Random sizes = new Random(dest * 1000L + rank);
        Request[] sends = new Request[BATCH];
        for (long number = 0; number < messages; number += BATCH) {
            for (int i = 0; i < BATCH; i++) {
                int bytes = fill(out[i], number + i, size(sizes, out[i].capacity()));
                int tag = (int) ((number + i) % 7);
                sends[i] = i % 16 == 15 ? world.isSend(out[i], bytes, MPI.BYTE, dest, tag)
                        : world.iSend(out[i], bytes, MPI.BYTE, dest, tag);
            }
            for (int i = 0; i < BATCH; i++) {
                int tag = i % 5 == 0 ? MPI.ANY_TAG : (int) ((number + i) % 7);
                Status status =
                        world.recv(in, LARGEST, MPI.BYTE, i % 4 == 0 && size == 2 ? MPI.ANY_SOURCE : source, tag);
                check(in, number + i, status, source);
            }
            Request.waitAll(sends);
        }
    }

    /** Of all messages, 1 of 10 is larger than 80 bytes, 1 of 100 than about 3000, 1 of 1000 than 30000. */
    private static int size(Random random, int room) {
        int kind = random.nextInt(1000);
        return HEADER + (kind < 900 ? random.nextInt(64) : room < LARGEST || kind < 920
                ? random.nextInt(LARGEST_SMALL - HEADER)
                : kind < 992 ? random.nextInt(30_000) : random.nextInt(LARGEST - HEADER));
    }

    private int fill(ByteBuffer message, long number, int bytes) {
        message.putLong(0, number);
        message.putInt(8, bytes);
        for (int at = HEADER; at + Long.BYTES <= bytes; at += Long.BYTES) {
            message.putLong(at, number * 0x9E3779B97F4A7C15L + at);
        }
        checksum.reset();
        checksum.update(message.duplicate().position(HEADER).limit(bytes));
        message.putInt(12, (int) checksum.getValue());
        return bytes;
    }

    private void check(byte[] message, long number, Status status, int source) throws MPIException {
        ByteBuffer view = ByteBuffer.wrap(message);
        int bytes = view.getInt(8);
        checksum.reset();
        checksum.update(message, HEADER, Math.clamp(bytes - HEADER, 0, LARGEST - HEADER));
        if (view.getLong(0) != number || status.getCount(MPI.BYTE) != bytes || status.getSource() != source
                || status.getTag() != number % 7 || (int) checksum.getValue() != view.getInt(12)) {
            throw new IllegalStateException("rank " + rank + ": message " + number + " from " + source + " arrived as "
                    + view.getLong(0) + " of " + bytes + " bytes, tag " + status.getTag() + ", count "
                    + status.getCount(MPI.BYTE));
        }
        received += bytes;
    }
}
