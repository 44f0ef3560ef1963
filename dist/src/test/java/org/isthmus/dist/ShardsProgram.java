package org.isthmus.dist;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import mpi.Intracomm;
import mpi.MPI;
import mpi.Request;

/**
 * Several ranks on each of two hosts, all of whose pairs exchange messages. Rank 0 prints how many sockets join its
 * host's multiplexer with others. Then the last rank computes and takes nothing while rank 0 floods it and all others
 * go on; a file, given as argument, tells it when they are done.
 */
public final class ShardsProgram {
    private static final int FLOOD = 20_000;
    private static final int TAG = 3;
    private static final long PAUSE_MILLIS = 20;

    private ShardsProgram() {}

    public static void main(String[] arguments) throws Exception {
        MPI.Init(arguments);
        Intracomm world = MPI.COMM_WORLD;
        int rank = world.getRank();
        int last = world.getSize() - 1;
        exchange(world, world.getSize());
        world.barrier();
        if (rank == 0) {
            System.out.println("sockets " + sockets());
        }
        world.barrier();
        Path done = Path.of(arguments[0]);
        if (rank == last) {
            while (!Files.exists(done)) {
                Thread.sleep(PAUSE_MILLIS);
            }
            long[] number = new long[1];
            for (int i = 0; i < FLOOD; i++) {
                world.recv(number, 1, MPI.LONG, 0, TAG);
                if (number[0] != i) {
                    throw new AssertionError("message " + number[0] + " came as number " + i);
                }
            }
        } else {
            Request[] flood = new Request[rank == 0 ? FLOOD : 0];
            for (int i = 0; i < flood.length; i++) {
                flood[i] = world.iSend(MPI.newLongBuffer(1).put(0, i), 1, MPI.LONG, last, TAG);
            }
            exchange(world, last);
            if (rank == last - 1) {
                Files.createFile(done);
            }
            Request.waitAll(flood);
        }
        world.barrier();
        if (rank == 0) {
            System.out.println("done");
        }
        MPI.Finalize();
    }

    /** Each of the first {@code ranks} sends each other one a message. */
    private static void exchange(Intracomm world, int ranks) throws Exception {
        int rank = world.getRank();
        for (int step = 1; step < ranks; step++) {
            int to = (rank + step) % ranks;
            int from = (rank - step + ranks) % ranks;
            int[] in = new int[1];
            world.sendRecv(new int[] {rank}, 1, MPI.INT, to, TAG + 1, in, 1, MPI.INT, from, TAG + 1);
            if (in[0] != from) {
                throw new AssertionError("rank " + from + " sent " + in[0]);
            }
        }
    }

    private static long sockets() throws IOException {
        long multiplexer = ProcessHandle.current().children().findFirst().orElseThrow().pid();
        Process ss = new ProcessBuilder("ss", "-H", "-t", "-n", "-p", "state", "established").start();
        String all = new String(ss.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return all.lines().filter(line -> line.contains("pid=" + multiplexer + ",")).count();
    }
}
