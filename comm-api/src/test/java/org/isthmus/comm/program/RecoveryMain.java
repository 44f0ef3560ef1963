package org.isthmus.comm.program;

import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import mpi.Group;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;
import org.isthmus.Resilience;

/**
 * Main of ranks that go on without those that die. Arguments: what the ranks do in each round, a seed, how many are to
 * die. The seed says which ranks kill themselves with SIGKILL, in which round, and whether at once or by another thread
 * some microseconds later.
 *
 * <p>The survivors revoke the communicator at the first error, agree that there was one, shrink, and do the round
 * again, until all rounds are done; then they check who is left.
 */
public final class RecoveryMain {
    private static final int ROUNDS = 40;

    private RecoveryMain() {}

    public static void main(String[] args) throws Exception {
        MPI.InitThread(args, MPI.THREAD_SINGLE);
        String what = args[0];
        SplittableRandom random = new SplittableRandom(Long.parseLong(args[1]));
        int deaths = Integer.parseInt(args[2]);
        Intracomm world = MPI.COMM_WORLD;
        int me = world.getRank();
        int size = world.getSize();
        int[] deathRound = new int[size];
        long[] delay = new long[size];
        for (int i = 0; i < deaths; i++) {
            int victim = random.nextInt(size);
            while (deathRound[victim] != 0) {
                victim = (victim + 1) % size;
            }
            deathRound[victim] = 1 + random.nextInt(ROUNDS / 2);
            delay[victim] = random.nextInt(3) * random.nextInt(1, 300);
        }
        world.setErrhandler(MPI.ERRORS_RETURN);
        Intracomm comm = world;
        int losses = 0;
        for (int round = 0; round < ROUNDS;) {
            if (deathRound[me] == round && round > 0) {
                die(delay[me]);
            }
            int failed = 0;
            try {
                round(what, comm, round);
            } catch (MPIException e) {
                checkCode(e);
                failed = 1;
                Resilience.revoke(comm);
            }
            // A loss that all have acknowledged raises no error where a receive names no source: nobody may go on with
            // it.
            failed |= Resilience.ackFailed(comm);
            if (agree(comm, failed == 0 ? 1 : 0) == 1) {
                round++;
                continue;
            }
            Resilience.revoke(comm);
            Intracomm smaller = Resilience.shrink(comm);
            if (comm != world) {
                comm.free();
            }
            comm = smaller;
            losses++;
        }
        Intracomm last = Resilience.shrink(comm);
        int expected = size - deaths;
        Verify.that(last.getSize() >= expected, "left are " + last.getSize() + ", should be " + expected + " or more");
        // One that was to die in the last rounds may be about to.
        int[] members = new int[last.getSize()];
        try {
            last.allGather(new int[] {me}, 1, MPI.INT, members, 1, MPI.INT);
            for (int rank : members) {
                Verify.that(deathRound[rank] == 0 || last.getSize() > expected, "rank " + rank + " should be dead: "
                        + Arrays.toString(members));
            }
        } catch (MPIException e) {
            checkCode(e);
        }
        Group dead = Resilience.getFailed(world);
        Verify.that(dead.getSize() <= deaths, "dead are " + dead.getSize());
        System.out.println("recovered " + losses + " times, " + last.getSize() + " left");
        MPI.Finalize();
        System.out.println("finalized");
    }

    private static int agree(Intracomm comm, int flag) throws MPIException {
        int value = flag;
        while (true) {
            try {
                return Resilience.agree(comm, value);
            } catch (MPIException e) {
                Verify.equal(Resilience.ERR_PROC_FAILED, e.getErrorClass(), "error of agree");
                Resilience.ackFailed(comm);
                value = 0;
            }
        }
    }

    private static void checkCode(MPIException e) {
        Verify.that(e.getErrorClass() == Resilience.ERR_PROC_FAILED || e.getErrorClass() == Resilience.ERR_REVOKED
                || e.getErrorClass() == Resilience.ERR_PROC_FAILED_PENDING, "error " + e);
    }

    private static void die(long micros) {
        if (micros == 0) {
            kill();
        }
        Thread.ofPlatform().start(() -> {
            long end = System.nanoTime() + 1000 * micros;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            kill();
        });
    }

    private static void kill() {
        try {
            new ProcessBuilder("kill", "-KILL", Long.toString(ProcessHandle.current().pid())).start().waitFor();
            Thread.sleep(60_000);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void round(String what, Intracomm comm, int round) throws MPIException {
        int rank = comm.getRank();
        int size = comm.getSize();
        int after = (rank + 1) % size;
        int before = (rank + size - 1) % size;
        int sum = size * (size - 1) / 2;
        switch (what) {
            case "allReduce" -> {
                int[] value = {rank + round};
                comm.allReduce(value, 1, MPI.INT, MPI.SUM);
                Verify.equal(sum + size * round, value[0], "sum of round " + round);
            }
            case "largeAllReduce" -> {
                int[] values = new int[100_000];
                Arrays.fill(values, rank + round);
                comm.allReduce(values, values.length, MPI.INT, MPI.SUM);
                Verify.equal(sum + size * round, values[99_999], "sum of round " + round);
            }
            case "messages" -> {
                int[] in = new int[1];
                int[] out = {rank + round};
                comm.sendRecv(out, 1, MPI.INT, after, round, in, 1, MPI.INT, before, round);
                Verify.equal(before + round, in[0], "message of round " + round);
            }
            case "largeMessages" -> {
                int[] in = new int[100_000];
                int[] out = new int[100_000];
                Arrays.fill(out, rank + round);
                comm.sendRecv(out, out.length, MPI.INT, after, round, in, in.length, MPI.INT, before, round);
                Verify.equal(before + round, in[99_999], "message of round " + round);
            }
            case "anySource" -> {
                int[] in = new int[1];
                if (rank == 0) {
                    for (int i = 1; i < size; i++) {
                        comm.recv(in, 1, MPI.INT, MPI.ANY_SOURCE, round);
                    }
                } else {
                    comm.sSend(new int[] {rank}, 1, MPI.INT, 0, round);
                }
            }
            case "nonBlocking" -> {
                int[] in = new int[size * 500];
                int[] out = new int[size * 500];
                Arrays.fill(out, rank + round);
                Request request = comm.iAllToAll(IntBuffer.wrap(out), 500, MPI.INT,
                        IntBuffer.wrap(in), 500, MPI.INT);
                request.waitFor();
                for (int i = 0; i < size; i++) {
                    Verify.equal(i + round, in[i * 500], "block " + i + " of round " + round);
                }
            }
            case "communicators" -> {
                Intracomm half = comm.split(rank % 2, rank);
                half.barrier();
                half.free();
                comm.bcast(new int[5000], 5000, MPI.INT, round % size);
            }
            case "probe" -> {
                Request send = comm.iSend(IntBuffer.wrap(new int[] {rank}), 1, MPI.INT, after, round);
                Verify.equal(1, comm.probe(before, round).getCount(MPI.INT), "length");
                comm.recv(new int[1], 1, MPI.INT, before, round);
                send.waitFor();
                comm.barrier();
            }
            default -> throw new IllegalArgumentException(what);
        }
    }
}
