package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;
import static org.isthmus.comm.program.Verify.raises;
import static org.isthmus.comm.program.Verify.that;

import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.function.IntFunction;
import mpi.Comm;
import mpi.Datatype;
import mpi.Group;
import mpi.Info;
import mpi.Intercomm;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Op;
import mpi.Request;
import mpi.Status;
import mpi.UserFunction;

/**
 * Intercommunicators: making, merging, messages, every collective in both directions, wrong arguments. Ranks 0, 3, 6
 * ... are the first group, the others the second, whose ranks go down; or all ranks of a job are one group, and those
 * of another job, which runs the same programs, the other. Longer than other classes, as it has a program for each
 * collective, over the same two groups.
 */
final class IntercommPrograms {
    private static final int[] COUNTS = {0, 1, 300, 9000};

    /** Between this job and another; null in a job that runs alone. */
    private static Intercomm connected;
    /** With another job: whether this one's ranks come first when both are merged. */
    private static boolean connectedFirst;

    private IntercommPrograms() {}

    /** From now on programs run over this intercommunicator, in both jobs. Collective. */
    static void runOver(Intercomm inter) throws MPIException {
        Intracomm all = inter.merge(false);
        int[] first = {all.getRank()};
        MPI.COMM_WORLD.bcast(first, 1, MPI.INT, 0);
        connectedFirst = first[0] == 0;
        connected = inter;
        all.free();
    }

    private static boolean inFirst(int worldRank) {
        return worldRank % 3 == 0;
    }

    /** One group's size, {@code first} that of ranks 0, 3, 6. */
    private static int size(boolean first) throws MPIException {
        if (connected != null) {
            return first == connectedFirst ? connected.getSize() : connected.getRemoteSize();
        }
        int world = MPI.COMM_WORLD.getSize();
        return first ? (world + 2) / 3 : world - (world + 2) / 3;
    }

    private interface OnIntercomm {
        void run(Intercomm inter, Intracomm local, boolean first) throws MPIException;
    }

    private static void run(OnIntercomm body) throws MPIException {
        if (connected != null) {
            Intercomm inter = connected.dup();
            Intracomm local = MPI.COMM_WORLD.dup();
            inter.setErrhandler(MPI.ERRORS_RETURN);
            local.setErrhandler(MPI.ERRORS_RETURN);
            body.run(inter, local, connectedFirst);
            inter.free();
            local.free();
            return;
        }
        int rank = MPI.COMM_WORLD.getRank();
        boolean first = inFirst(rank);
        Intracomm local = MPI.COMM_WORLD.split(first ? 0 : 1, first ? rank : -rank);
        local.setErrhandler(MPI.ERRORS_RETURN);
        // The leaders are the last of the first group and rank 0 of the second: the highest ranks of the job in either.
        int lastOfFirst = 3 * (size(true) - 1);
        int firstOfSecond = inFirst(MPI.COMM_WORLD.getSize() - 1) ? MPI.COMM_WORLD.getSize() - 2
                : MPI.COMM_WORLD.getSize() - 1;
        Intercomm inter = MPI.COMM_WORLD.createIntercomm(local, first ? size(true) - 1 : 0,
                first ? firstOfSecond : lastOfFirst, 99);
        body.run(inter, local, first);
        inter.free();
        local.free();
    }

    private static int value(boolean first, int rank, int block, int index) {
        return (first ? 1 : -1) * (1_000_000 * (rank + 1) + 20_000 * block + index);
    }

    private static int[] block(boolean first, int rank, int block, int count) {
        int[] values = new int[count];
        Arrays.setAll(values, i -> value(first, rank, block, i));
        return values;
    }

    private static int[] concat(int parts, IntFunction<int[]> part) {
        int[] all = new int[0];
        for (int i = 0; i < parts; i++) {
            int[] more = part.apply(i);
            all = Arrays.copyOf(all, all.length + more.length);
            System.arraycopy(more, 0, all, all.length - more.length, more.length);
        }
        return all;
    }

    private static IntBuffer wrap(int[] array) {
        return IntBuffer.wrap(array);
    }

    @Program(minRanks = 2)
    static void groupsAndMessages() throws MPIException {
        run((inter, local, first) -> {
            int rank = local.getRank();
            that(inter.isInter() && !local.isInter(), "isInter");
            equal(local.getSize(), inter.getSize(), "size");
            equal(rank, inter.getRank(), "rank");
            equal(size(!first), inter.getRemoteSize(), "remote size");
            equal(size(!first), inter.getRemoteGroup().getSize(), "remote group");
            equal(MPI.UNDEFINED, inter.getRemoteGroup().getRank(), "rank in the remote group");
            equal(MPI.IDENT, Group.compare(local.getGroup(), inter.getGroup()), "local group");
            that(Intercomm.getParent().isNull(), "nobody spawned this rank");
            equal(MPI.UNDEFINED, inter.getTopology(), "topology");
            int remote = inter.getRemoteSize();
            int[] in = new int[remote];
            Request[] requests = new Request[2 * remote];
            for (int i = 0; i < remote; i++) {
                requests[i] = inter.iRecv(MPI.slice(in, i), 1, MPI.INT, i, 5);
                requests[remote + i] = inter.iSend(wrap(new int[] {rank}), 1, MPI.INT, i, 5);
            }
            Status[] all = Request.waitAllStatus(requests);
            for (int i = 0; i < remote; i++) {
                equal(i, in[i], "message of remote rank " + i);
                equal(i, all[i].getSource(), "source");
            }
            if (rank == 0) {
                inter.send(new int[] {7}, 1, MPI.INT, 0, 6);
                Status probed = inter.probe(MPI.ANY_SOURCE, MPI.ANY_TAG);
                equal(0, probed.getSource(), "probed source");
                inter.recv(in, 1, MPI.INT, probed.getSource(), 6);
                equal(7, in[0], "probed message");
            }
        });
    }

    @Program(minRanks = 2)
    static void duplicates() throws MPIException {
        run((inter, local, first) -> {
            Intercomm later = inter.iDup();
            later.getRequest().waitFor();
            Info info = new Info();
            info.set("key", "value");
            Intercomm hinted = inter.dupWithInfo(info);
            equal("value", hinted.getInfo().get("key"), "hint");
            equal(MPI.IDENT, Comm.compare(inter, inter), "compare");
            equal(MPI.UNEQUAL, Comm.compare(inter, local), "compare");
            for (Intercomm copy : new Intercomm[] {inter.dup(), inter.clone(), later, hinted}) {
                equal(MPI.CONGRUENT, Comm.compare(inter, copy), "compare");
                equal(size(!first), copy.getRemoteSize(), "remote size");
                int[] sum = new int[1];
                copy.allReduce(new int[] {1}, sum, 1, MPI.INT, MPI.SUM);
                equal(size(!first), sum[0], "a collective on a duplicate");
                copy.barrier();
                copy.disconnect();
                that(copy.isNull(), "disconnected");
            }
        });
    }

    @Program(minRanks = 2)
    static void merge() throws MPIException {
        run((inter, local, first) -> {
            int[] sizes = {size(true), size(false)};
            for (boolean firstHigh : new boolean[] {true, false}) {
                Intracomm all = inter.merge(first == firstHigh);
                equal(sizes[0] + sizes[1], all.getSize(), "size");
                int before = first == firstHigh ? sizes[first ? 1 : 0] : 0;
                equal(before + local.getRank(), all.getRank(), "rank");
                int[] sum = {1};
                all.allReduce(sum, 1, MPI.INT, MPI.SUM);
                equal(all.getSize(), sum[0], "a collective on it");
                all.free();
            }
            Intracomm same = inter.merge(true);
            equal(sizes[0] + sizes[1], same.getSize(), "size");
            // Bridges over a merged one, and over another intercommunicator.
            Intercomm again = same.createIntercomm(local, 0, first ? sizes[0] : 0, 0);
            Intercomm over = inter.createIntercomm(local, 0, 0, 1);
            for (Intercomm c : new Intercomm[] {again, over}) {
                int[] sum = new int[1];
                c.allReduce(new int[] {1}, sum, 1, MPI.INT, MPI.SUM);
                equal(size(!first), sum[0], "a collective on it");
                c.free();
            }
            same.free();
        });
    }

    private interface Rooted {
        void run(Intercomm inter, boolean atRoot, int root, int count) throws MPIException;
    }

    /** Each rank is root once, for each count; those of its group that are not pass nothing at all. */
    private static void everyRoot(Rooted body, Rooted nothing) throws MPIException {
        run((inter, local, first) -> {
            for (boolean rootInFirst : new boolean[] {true, false}) {
                for (int root = 0; root < size(rootInFirst); root++) {
                    for (int count : COUNTS) {
                        if (first != rootInFirst) {
                            body.run(inter, false, root, count);
                        } else if (local.getRank() == root) {
                            body.run(inter, true, MPI.ROOT, count);
                        } else {
                            nothing.run(inter, false, MPI.PROC_NULL, count);
                        }
                    }
                }
            }
        });
    }

    private static boolean here() throws MPIException {
        return connected != null ? connectedFirst : inFirst(MPI.COMM_WORLD.getRank());
    }

    @Program(minRanks = 2)
    static void bcast() throws MPIException {
        everyRoot((inter, atRoot, root, count) -> {
            int[] expected = atRoot ? block(here(), inter.getRank(), 0, count) : block(!here(), root, 0, count);
            int[] buf = atRoot ? expected.clone() : new int[count];
            inter.bcast(buf, count, MPI.INT, root);
            equal(expected, buf, "bcast");
            int[] later = atRoot ? expected.clone() : new int[count];
            inter.iBcast(wrap(later), count, MPI.INT, root).waitFor();
            equal(expected, later, "iBcast");
        }, (inter, atRoot, root, count) -> {
            inter.bcast(null, -1, null, root);
            inter.iBcast(null, -1, null, root).waitFor();
        });
    }

    @Program(minRanks = 2)
    static void gatherAndScatter() throws MPIException {
        everyRoot((inter, atRoot, root, count) -> {
            int remote = inter.getRemoteSize();
            int rank = inter.getRank();
            int[] mine = block(here(), rank, 0, count);
            int[] gathered = atRoot ? concat(remote, i -> block(!inFirstHere(), i, 0, count)) : null;
            int[] out = atRoot ? new int[remote * count] : null;
            inter.gather(atRoot ? null : mine, count, atRoot ? null : MPI.INT, out, count, MPI.INT, root);
            equal(gathered, out, "gather");
            out = atRoot ? new int[remote * count] : null;
            inter.iGather(atRoot ? null : wrap(mine), count, MPI.INT, atRoot ? wrap(out) : null, count, MPI.INT, root)
                    .waitFor();
            equal(gathered, out, "iGather");
            int[] counts = new int[remote];
            int[] places = new int[remote];
            Arrays.fill(counts, count);
            Arrays.setAll(places, i -> i * count);
            out = atRoot ? new int[remote * count] : null;
            if (atRoot) {
                inter.gatherv(null, 0, null, out, counts, places, MPI.INT, root);
            } else {
                inter.gatherv(mine, count, MPI.INT, root);
            }
            equal(gathered, out, "gatherv");
            out = atRoot ? new int[remote * count] : null;
            if (atRoot) {
                inter.iGatherv(null, 0, null, wrap(out), counts, places, MPI.INT, root).waitFor();
            } else {
                inter.iGatherv(wrap(mine), count, MPI.INT, root).waitFor();
            }
            equal(gathered, out, "iGatherv");
            int[] dealt = atRoot ? concat(remote, i -> block(inFirstHere(), rank, i, count)) : null;
            int[] part = atRoot ? null : block(!inFirstHere(), root, rank, count);
            int[] in = atRoot ? null : new int[count];
            inter.scatter(dealt, count, MPI.INT, in, count, MPI.INT, root);
            equal(part, in, "scatter");
            in = atRoot ? null : new int[count];
            inter.iScatter(atRoot ? wrap(dealt) : null, count, MPI.INT, atRoot ? null : wrap(in), count, MPI.INT, root)
                    .waitFor();
            equal(part, in, "iScatter");
            in = atRoot ? null : new int[count];
            if (atRoot) {
                inter.scatterv(dealt, counts, places, MPI.INT, null, 0, null, root);
            } else {
                inter.scatterv(in, count, MPI.INT, root);
            }
            equal(part, in, "scatterv");
            in = atRoot ? null : new int[count];
            if (atRoot) {
                inter.iScatterv(wrap(dealt), counts, places, MPI.INT, null, 0, null, root).waitFor();
            } else {
                inter.iScatterv(wrap(in), count, MPI.INT, root).waitFor();
            }
            equal(part, in, "iScatterv");
        }, (inter, atRoot, root, count) -> {
            inter.gather(null, 0, null, null, 0, null, root);
            inter.iGather(null, 0, null, null, 0, null, root).waitFor();
            inter.gatherv(null, 0, null, null, null, null, null, root);
            inter.iGatherv(null, 0, null, null, null, null, null, root).waitFor();
            inter.scatter(null, 0, null, null, 0, null, root);
            inter.iScatter(null, 0, null, null, 0, null, root).waitFor();
            inter.scatterv(null, null, null, null, null, 0, null, root);
            inter.iScatterv(null, null, null, null, null, 0, null, root).waitFor();
        });
    }

    private static boolean inFirstHere() {
        try {
            return here();
        } catch (MPIException e) {
            throw new IllegalStateException(e);
        }
    }

    @Program(minRanks = 2)
    static void allGather() throws MPIException {
        run((inter, local, first) -> {
            int remote = inter.getRemoteSize();
            for (int count : COUNTS) {
                int[] mine = block(first, local.getRank(), 0, count);
                int[] expected = concat(remote, i -> block(!first, i, 0, count));
                int[] out = new int[remote * count];
                inter.allGather(mine, count, MPI.INT, out, count, MPI.INT);
                equal(expected, out, "allGather");
                out = new int[remote * count];
                inter.iAllGather(wrap(mine), count, MPI.INT, wrap(out), count, MPI.INT).waitFor();
                equal(expected, out, "iAllGather");
                int[] counts = new int[remote];
                int[] places = new int[remote];
                Arrays.fill(counts, count);
                Arrays.setAll(places, i -> i * count);
                out = new int[remote * count];
                inter.allGatherv(mine, count, MPI.INT, out, counts, places, MPI.INT);
                equal(expected, out, "allGatherv");
                out = new int[remote * count];
                inter.iAllGatherv(wrap(mine), count, MPI.INT, wrap(out), counts, places, MPI.INT).waitFor();
                equal(expected, out, "iAllGatherv");
            }
        });
    }

    @Program(minRanks = 2)
    static void allToAll() throws MPIException {
        run((inter, local, first) -> {
            int remote = inter.getRemoteSize();
            int rank = local.getRank();
            for (int count : COUNTS) {
                int[] mine = concat(remote, i -> block(first, rank, i, count));
                int[] expected = concat(remote, i -> block(!first, i, rank, count));
                int[] counts = new int[remote];
                int[] places = new int[remote];
                int[] bytes = new int[remote];
                Datatype[] types = new Datatype[remote];
                Arrays.fill(counts, count);
                Arrays.setAll(places, i -> i * count);
                Arrays.setAll(bytes, i -> 4 * i * count);
                Arrays.fill(types, MPI.INT);
                int[][] out = new int[6][remote * count];
                inter.allToAll(mine, count, MPI.INT, out[0], count, MPI.INT);
                inter.iAllToAll(wrap(mine), count, MPI.INT, wrap(out[1]), count, MPI.INT).waitFor();
                inter.allToAllv(mine, counts, places, MPI.INT, out[2], counts, places, MPI.INT);
                inter.iAllToAllv(wrap(mine), counts, places, MPI.INT, wrap(out[3]), counts, places, MPI.INT).waitFor();
                inter.allToAllw(mine, counts, bytes, types, out[4], counts, bytes, types);
                inter.iAllToAllw(wrap(mine), counts, bytes, types, wrap(out[5]), counts, bytes, types).waitFor();
                for (int form = 0; form < out.length; form++) {
                    equal(expected, out[form], "allToAll, form " + form);
                }
            }
        });
    }

    private static int[] sum(boolean first, int members, int count) {
        int[] sum = new int[count];
        for (int rank = 0; rank < members; rank++) {
            int[] block = block(first, rank, 0, count);
            Arrays.setAll(sum, i -> sum[i] + block[i]);
        }
        return sum;
    }

    @Program(minRanks = 2)
    static void reduce() throws MPIException {
        everyRoot((inter, atRoot, root, count) -> {
            int[] mine = block(here(), inter.getRank(), 0, count);
            int[] expected = atRoot ? sum(!here(), inter.getRemoteSize(), count) : null;
            int[] out = atRoot ? new int[count] : null;
            inter.reduce(atRoot ? null : mine, out, count, MPI.INT, MPI.SUM, root);
            equal(expected, out, "reduce");
            out = atRoot ? new int[count] : null;
            inter.iReduce(atRoot ? null : wrap(mine), atRoot ? wrap(out) : null, count, MPI.INT, MPI.SUM, root)
                    .waitFor();
            equal(expected, out, "iReduce");
        }, (inter, atRoot, root, count) -> {
            inter.reduce(null, null, -1, null, null, root);
            inter.iReduce(null, null, -1, null, null, root).waitFor();
        });
    }

    /** {@code 10 * left + right}: its result shows the order of the operands. */
    private static final class Append extends UserFunction {
        @Override
        public void call(Object in, Object inOut, int count, Datatype type) {
            long[] left = (long[]) in;
            long[] right = (long[]) inOut;
            for (int i = 0; i < count; i++) {
                right[i] = left[i] * (long) Math.pow(10, (int) Math.log10(right[i]) + 1) + right[i];
            }
        }
    }

    @Program(minRanks = 2)
    static void allReduce() throws MPIException {
        run((inter, local, first) -> {
            for (int count : COUNTS) {
                int[] mine = block(first, local.getRank(), 0, count);
                int[] expected = sum(!first, inter.getRemoteSize(), count);
                int[] out = new int[count];
                inter.allReduce(mine, out, count, MPI.INT, MPI.SUM);
                equal(expected, out, "allReduce");
                out = new int[count];
                inter.iAllReduce(wrap(mine), wrap(out), count, MPI.INT, MPI.SUM).waitFor();
                equal(expected, out, "iAllReduce");
            }
            Op append = new Op(new Append(), false);
            long[] digits = {0};
            inter.allReduce(new long[] {local.getRank() + 1}, digits, 1, MPI.LONG, append);
            equal(Long.parseLong("123456789".substring(0, inter.getRemoteSize())), digits[0], "in order of rank");
            append.free();
        });
    }

    @Program(minRanks = 2)
    static void reduceScatter() throws MPIException {
        run((inter, local, first) -> {
            int members = local.getSize();
            int remote = inter.getRemoteSize();
            int rank = local.getRank();
            // Both groups' blocks have the same elements in all.
            for (int unit : new int[] {0, 1, 50, 500}) {
                int total = unit * members * remote;
                int block = unit * remote;
                int[] mine = block(first, rank, 0, total);
                int[] sum = sum(!first, remote, total);
                int[] expected = Arrays.copyOfRange(sum, rank * block, (rank + 1) * block);
                int[][] out = new int[2][block];
                inter.reduceScatterBlock(mine, out[0], block, MPI.INT, MPI.SUM);
                inter.iReduceScatterBlock(wrap(mine), wrap(out[1]), block, MPI.INT, MPI.SUM).waitFor();
                equal(expected, out[0], "reduceScatterBlock");
                equal(expected, out[1], "iReduceScatterBlock");
                // All to the last rank of each group.
                int[] counts = new int[members];
                counts[members - 1] = total;
                int[] all = rank == members - 1 ? sum : new int[0];
                int[][] uneven = new int[2][all.length];
                inter.reduceScatter(mine, uneven[0], counts, MPI.INT, MPI.SUM);
                inter.iReduceScatter(wrap(mine), wrap(uneven[1]), counts, MPI.INT, MPI.SUM).waitFor();
                equal(all, uneven[0], "reduceScatter");
                equal(all, uneven[1], "iReduceScatter");
            }
        });
    }

    @Program(minRanks = 2)
    static void barrier() throws MPIException {
        run((inter, local, first) -> {
            // Nobody of a group leaves before the last of the other has sent its message, which then has arrived.
            int last = inter.getRemoteSize() - 1;
            if (local.getRank() == local.getSize() - 1) {
                inter.send(new int[] {3}, 1, MPI.INT, 0, 1);
            }
            inter.barrier();
            if (local.getRank() == 0) {
                int[] in = new int[1];
                inter.recv(in, 1, MPI.INT, last, 1);
                equal(3, in[0], "message");
            }
            Request[] both = {inter.iBarrier(), inter.iBarrier()};
            Request.waitAll(both);
        });
    }

    @Program(minRanks = 2)
    static void wrongArguments() throws MPIException {
        run((c, local, first) -> {
            int remote = c.getRemoteSize();
            int[] buf = new int[16];
            int[] out = new int[16];
            String range = "0 to " + (remote - 1);
            raises(MPI.ERR_RANK, () -> c.send(buf, 1, MPI.INT, remote, 0), "send", "dest is " + remote, range);
            raises(MPI.ERR_ROOT, () -> c.bcast(buf, 1, MPI.INT, remote), "bcast", range, "MPI.ROOT", "MPI.PROC_NULL");
            raises(MPI.ERR_ROOT, () -> c.gather(buf, 1, MPI.INT, out, 1, MPI.INT, -1), "gather", "root is -1");
            raises(MPI.ERR_COUNT, () -> c.bcast(buf, -1, MPI.INT, MPI.ROOT), "bcast", "count is -1");
            raises(MPI.ERR_ARG, () -> c.gather(buf, 1, MPI.INT, 0), "gather", "in place");
            raises(MPI.ERR_ARG, () -> c.gatherv(buf, new int[9], new int[9], MPI.INT, MPI.ROOT), "gatherv", "in place");
            raises(MPI.ERR_ARG, () -> c.scatter(buf, 1, MPI.INT, 0), "scatter", "in place");
            raises(MPI.ERR_ARG, () -> c.allGather(buf, 1, MPI.INT), "allGather", "in place");
            raises(MPI.ERR_ARG, () -> c.allGatherv(buf, new int[9], new int[9], MPI.INT), "allGatherv", "in place");
            raises(MPI.ERR_ARG, () -> c.reduce(buf, 1, MPI.INT, MPI.SUM, 0), "reduce", "in place");
            raises(MPI.ERR_ARG, () -> c.allReduce(buf, 1, MPI.INT, MPI.SUM), "allReduce", "in place");
            raises(MPI.ERR_ARG, () -> c.reduceScatter(buf, new int[9], MPI.INT, MPI.SUM), "reduceScatter", "in place");
            raises(MPI.ERR_ARG, () -> c.reduceScatterBlock(buf, 1, MPI.INT, MPI.SUM), "reduceScatterBlock", "in place");
            raises(MPI.ERR_BUFFER, () -> c.allToAll(new int[0], 1, MPI.INT, out, 1, MPI.INT), "allToAll", "sendbuf");
            raises(MPI.ERR_TOPOLOGY, () -> c.neighborAllGather(buf, 1, MPI.INT, out, 1, MPI.INT), "neighbours");
            raises(MPI.ERR_COMM, () -> c.createIntercomm(c, 0, 0, 0), "createIntercomm", "localComm is an inter");
            raises(MPI.ERR_RANK, () -> c.createIntercomm(local, -1, 0, 0), "createIntercomm", "localLeader is -1");
            raises(MPI.ERR_TAG, () -> c.createIntercomm(local, 0, 0, -1), "createIntercomm", "tag is -1");
            if (local.getRank() == 0) {
                raises(MPI.ERR_RANK, () -> c.createIntercomm(local, 0, remote, 0), "createIntercomm",
                        "remoteLeader is " + remote, range);
            } else {
                raises(MPI.ERR_COMM, () -> c.createIntercomm(local, 0, remote, 0), "createIntercomm", "leader, rank 0");
            }
            if (local.getSize() > 1) {
                raises(MPI.ERR_ARG, () -> c.merge(local.getRank() == 0), "merge", "high is not the same");
            } else if (remote > 1) {
                raises(MPI.ERR_ARG, () -> c.merge(false), "merge", "high is not the same");
            }
            int[] sum = new int[1];
            c.allReduce(new int[] {1}, sum, 1, MPI.INT, MPI.SUM);
            equal(remote, sum[0], "usable after errors");
        });
    }

    @Program
    static void groupsThatOverlap() throws MPIException {
        Intracomm local = MPI.COMM_WORLD.dup();
        local.setErrhandler(MPI.ERRORS_RETURN);
        raises(MPI.ERR_COMM, () -> MPI.COMM_WORLD.createIntercomm(local, 0, 0, 0), "createIntercomm", "in both groups");
        local.free();
    }
}
