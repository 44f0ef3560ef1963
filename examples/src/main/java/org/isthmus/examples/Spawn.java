package org.isthmus.examples;

import mpi.Intercomm;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;

/**
 * Ranks that start workers while they run: {@code ./isthmus run -n 2 examples/spawn [WORKERS]}.
 *
 * <p>The ranks spawn WORKERS processes (default 3) of this same class, which find their parents by
 * {@code Intercomm.getParent}. Each parent hands intervals to whichever worker asks next, and gets back how many primes
 * lie in them. At the end parents and workers merge into one communicator, and add up once more.
 */
public final class Spawn {
    private static final int INTERVALS = 40;
    private static final int LENGTH = 1000;
    private static final int STOP = -1;
    private static final int ASK = 1;
    private static final int WORK = 2;

    private Spawn() {}

    public static void main(String[] args) throws MPIException {
        MPI.Init(args);
        Intercomm parents = Intercomm.getParent();
        int exitCode = 0;
        if (!parents.isNull()) {
            work(parents);
        } else if (args.length > 1 || args.length == 1 && !args[0].matches("[1-9]\\d?")) {
            exitCode = 2;
            if (MPI.COMM_WORLD.getRank() == 0) {
                System.err.println("examples/spawn: argument \"" + String.join(" ", args)
                        + "\" is not understood; give at most one number from 1 to 99: workers");
            }
        } else {
            lead(args.length == 0 ? 3 : Integer.parseInt(args[0]));
        }
        MPI.Finalize();
        System.exit(exitCode);
    }

    private static void lead(int workers) throws MPIException {
        Intracomm world = MPI.COMM_WORLD;
        Intercomm inter = world.spawn("java", new String[] {"-XX:+UseSerialGC", Spawn.class.getName()}, workers,
                MPI.INFO_NULL, 0, null);
        int[] primes = {handOut(inter, world.getRank(), world.getSize())};
        int[] total = new int[1];
        world.reduce(primes, total, 1, MPI.INT, MPI.SUM, 0);
        Intracomm all = inter.merge(false);
        int[] found = {primes[0]};
        all.allReduce(found, 1, MPI.INT, MPI.SUM);
        if (world.getRank() == 0) {
            System.out.println(world.getSize() + " ranks spawned " + workers + " workers");
            report("primes below " + INTERVALS * LENGTH + " by the parents' count: " + total[0],
                    total[0] == primes(0, INTERVALS * LENGTH));
            report("the same by the workers' count: " + (found[0] - total[0]), found[0] == 2 * total[0]);
        }
        all.free();
        inter.disconnect();
    }

    /** Hands out this parent's share of the intervals; returns the primes in them. */
    private static int handOut(Intercomm workers, int rank, int parents) throws MPIException {
        int primes = 0;
        int[] message = new int[1];
        int interval = rank;
        for (int stopped = 0; stopped < workers.getRemoteSize();) {
            int worker = workers.recv(message, 1, MPI.INT, MPI.ANY_SOURCE, ASK).getSource();
            primes += message[0];
            boolean more = interval < INTERVALS;
            workers.send(new int[] {more ? interval : STOP}, 1, MPI.INT, worker, WORK);
            interval += parents;
            stopped += more ? 0 : 1;
        }
        return primes;
    }

    private static void work(Intercomm parents) throws MPIException {
        int total = 0;
        int[] interval = new int[1];
        for (int parent = 0; parent < parents.getRemoteSize(); parent++) {
            int primes = 0;
            do {
                parents.send(new int[] {primes}, 1, MPI.INT, parent, ASK);
                parents.recv(interval, 1, MPI.INT, parent, WORK);
                primes = interval[0] == STOP ? 0 : primes(interval[0] * LENGTH, (interval[0] + 1) * LENGTH);
                total += primes;
            } while (interval[0] != STOP);
        }
        Intracomm all = parents.merge(true);
        all.allReduce(new int[] {total}, new int[1], 1, MPI.INT, MPI.SUM);
        all.free();
        parents.disconnect();
    }

    private static int primes(int from, int to) {
        int count = 0;
        for (int n = Math.max(from, 2); n < to; n++) {
            boolean prime = true;
            for (int d = 2; d * d <= n && prime; d++) {
                prime = n % d != 0;
            }
            count += prime ? 1 : 0;
        }
        return count;
    }

    private static void report(String what, boolean right) {
        if (!right) {
            throw new AssertionError(what + " is wrong");
        }
        System.out.println(what + " verified");
    }
}
