package org.isthmus.dist;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;

/**
 * {@code WirePatternProgram}: ranks r and r + size/2 send each other messages of all protocols that hold nothing but
 * one text that is easily found, and all add up its bytes. Rank 0 prints {@code done}.
 */
public final class WirePatternProgram {
    static final String TEXT = "isthmus: nobody but you may read this. ";
    private static final int[] LENGTHS = {100, 10_000, 1_000_000};
    private static final int ROUNDS = 5;

    private WirePatternProgram() {}

    public static void main(String[] args) throws MPIException {
        MPI.Init(args);
        int size = MPI.COMM_WORLD.getSize();
        int peer = (MPI.COMM_WORLD.getRank() + size / 2) % size;
        for (int round = 0; round < ROUNDS; round++) {
            for (int length : LENGTHS) {
                byte[] out = pattern(length);
                byte[] in = new byte[length];
                Request receive = MPI.COMM_WORLD.iRecv(ByteBuffer.wrap(in), length, MPI.BYTE, peer, round);
                MPI.COMM_WORLD.send(out, length, MPI.BYTE, peer, round);
                receive.waitFor();
                require(Arrays.equals(out, in), "a message of " + length + " bytes");
                int[] words = new int[length];
                int[] sums = new int[length];
                Arrays.setAll(words, i -> out[i]);
                MPI.COMM_WORLD.allReduce(words, sums, length, MPI.INT, MPI.SUM);
                for (int i = 0; i < length; i++) {
                    require(sums[i] == size * out[i], "the sum of " + length + " words");
                }
            }
        }
        if (MPI.COMM_WORLD.getRank() == 0) {
            System.out.println("done");
        }
        MPI.Finalize();
    }

    private static byte[] pattern(int length) {
        byte[] text = TEXT.getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = text[i % text.length];
        }
        return bytes;
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what + " is wrong");
        }
    }
}
