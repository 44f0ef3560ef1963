package org.isthmus.examples;

import java.util.Arrays;
import mpi.MPI;
import mpi.MPIException;

/**
 * Every rank says where it runs, and rank 0 prints it in order: {@code ./isthmus run -n 4 examples/hello}.
 *
 * <p>Output of several ranks mixes as it comes; a message to one of them puts it in order. Rank 0 checks that it heard
 * each rank once.
 */
public final class Hello {
    private Hello() {}

    public static void main(String[] args) throws MPIException {
        MPI.Init(args);
        int rank = MPI.COMM_WORLD.getRank();
        int size = MPI.COMM_WORLD.getSize();
        char[] greeting = ("rank " + rank + " of " + size + " on " + MPI.getProcessorName()).toCharArray();
        if (rank != 0) {
            MPI.COMM_WORLD.send(greeting, greeting.length, MPI.CHAR, 0, 0);
        } else {
            System.out.println("hello from " + size + " ranks");
            print(greeting, 0, size);
            for (int from = 1; from < size; from++) {
                int length = MPI.COMM_WORLD.probe(from, 0).getCount(MPI.CHAR);
                char[] heard = new char[length];
                MPI.COMM_WORLD.recv(heard, length, MPI.CHAR, from, 0);
                print(heard, from, size);
            }
        }
        MPI.Finalize();
    }

    private static void print(char[] text, int from, int size) {
        String expected = "rank " + from + " of " + size + " on ";
        if (!String.valueOf(text).startsWith(expected)) {
            throw new IllegalStateException("rank " + from + " said " + Arrays.toString(text));
        }
        System.out.println(String.valueOf(text) + "  verified");
    }
}
