package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;
import static org.isthmus.comm.program.Verify.raises;
import static org.isthmus.comm.program.Verify.that;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import mpi.Comm;
import mpi.Group;
import mpi.Info;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;

/** Communicators, groups, attributes. */
final class CommunicatorPrograms {
    private CommunicatorPrograms() {}

    /** Messages and collectives work on {@code c} and do not mix with those of others. */
    private static void exercise(Intracomm c) throws MPIException {
        int size = c.getSize();
        int rank = c.getRank();
        int[] in = new int[1];
        c.sendRecv(new int[] {rank}, 1, MPI.INT, (rank + 1) % size, 0, in, 1, MPI.INT, MPI.ANY_SOURCE, MPI.ANY_TAG);
        equal((rank + size - 1) % size, in[0], "neighbour");
        for (int count : new int[] {1, 9000}) {
            int[] sum = new int[count];
            int[] mine = new int[count];
            Arrays.fill(mine, rank + 1);
            c.allReduce(mine, sum, count, MPI.INT, MPI.SUM);
            equal(size * (size + 1) / 2, sum[count - 1], "sum");
            mine[0] = rank == size - 1 ? 42 : 0;
            c.bcast(mine, count, MPI.INT, size - 1);
            equal(42, mine[0], "bcast");
            int[] all = new int[size * count];
            mine[0] = rank;
            c.allGather(mine, count, MPI.INT, all, count, MPI.INT);
            for (int i = 0; i < size; i++) {
                equal(i, all[i * count], "allGather");
            }
        }
        c.barrier();
    }

    @Program
    static void dup() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        Intracomm dup = w.dup();
        equal(MPI.CONGRUENT, Comm.compare(w, dup), "compare");
        equal(MPI.IDENT, Comm.compare(w, w), "compare");
        exercise(dup);
        Intracomm copy = dup.clone();
        Intracomm later = w.iDup();
        later.getRequest().waitFor();
        exercise(later);
        Info info = new Info();
        info.set("key", "value");
        Intracomm hinted = w.dupWithInfo(info);
        equal("value", hinted.getInfo().get("key"), "hint");
        exercise(copy);
        exercise(hinted);
        int next = (w.getRank() + 1) % w.getSize();
        int previous = (w.getRank() + w.getSize() - 1) % w.getSize();
        Request[] sends = {w.iSend(IntBuffer.wrap(new int[] {1}), 1, MPI.INT, next, 0),
            dup.iSend(IntBuffer.wrap(new int[] {2}), 1, MPI.INT, next, 0),
            later.iSend(IntBuffer.wrap(new int[] {3}), 1, MPI.INT, next, 0)};
        int[] in = new int[1];
        later.recv(in, 1, MPI.INT, previous, 0);
        equal(3, in[0], "contexts are apart");
        dup.recv(in, 1, MPI.INT, MPI.ANY_SOURCE, MPI.ANY_TAG);
        equal(2, in[0], "contexts are apart");
        w.recv(in, 1, MPI.INT, previous, 0);
        equal(1, in[0], "contexts are apart");
        Request.waitAll(sends);
        for (Intracomm c : List.of(dup, copy, later, hinted)) {
            c.free();
            that(c.isNull(), "freed");
        }
        Intracomm self = MPI.COMM_SELF.dup();
        exercise(self);
        self.disconnect();
        that(self.isNull(), "disconnected");
    }

    @Program
    static void manyIDupsAtOnce() throws MPIException {
        Intracomm[] copies = new Intracomm[10];
        Request[] requests = new Request[10];
        for (int i = 0; i < 10; i++) {
            copies[i] = MPI.COMM_WORLD.iDup();
            requests[i] = copies[i].getRequest();
        }
        int[] sum = {1};
        MPI.COMM_WORLD.allReduce(sum, 1, MPI.INT, MPI.SUM);
        equal(MPI.COMM_WORLD.getSize(), sum[0], "a collective in between");
        Request.waitAll(requests);
        for (Intracomm copy : copies) {
            exercise(copy);
            copy.free();
        }
    }

    @Program
    static void split() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int rank = w.getRank();
        int size = w.getSize();
        Intracomm parity = w.split(rank % 2, -rank);
        int members = (size + 1 - rank % 2) / 2;
        equal(members, parity.getSize(), "size");
        equal(members - 1 - rank / 2, parity.getRank(), "highest key first");
        exercise(parity);
        Intracomm same = w.split(7, 0);
        equal(rank, same.getRank(), "equal keys keep the order");
        equal(MPI.CONGRUENT, Comm.compare(w, same), "compare");
        Intracomm reversed = w.split(0, size - rank);
        equal(size == 1 ? MPI.CONGRUENT : MPI.SIMILAR, Comm.compare(w, reversed), "compare");
        exercise(reversed);
        if (size > 1) {
            equal(MPI.UNEQUAL, Comm.compare(w, parity), "compare");
        }
        Intracomm some = w.split(rank == 0 ? MPI.UNDEFINED : 1, 0);
        equal(rank == 0, some.isNull(), "UNDEFINED");
        if (rank != 0) {
            exercise(some);
            some.free();
        }
        Intracomm shared = w.splitType(Comm.TYPE_SHARED, 0, MPI.INFO_NULL);
        int here = MPI.getProcessorName().hashCode();
        int[] hosts = new int[w.getSize()];
        w.allGather(new int[] {here}, 1, MPI.INT, hosts, 1, MPI.INT);
        equal((int) Arrays.stream(hosts).filter(host -> host == here).count(), shared.getSize(), "ranks of my node");
        exercise(shared);
        Intracomm nested = parity.split(parity.getRank() / 2, 0);
        exercise(nested);
        parity.free();
        exercise(nested);
        for (Intracomm c : List.of(same, reversed, shared, nested)) {
            c.free();
        }
    }

    @Program
    static void create() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int rank = w.getRank();
        int size = w.getSize();
        Group world = w.getGroup();
        int[] evens = new int[(size + 1) / 2];
        Arrays.setAll(evens, i -> 2 * (evens.length - 1 - i));
        Group even = world.incl(evens);
        Intracomm c = w.create(even);
        equal(rank % 2 == 1, c.isNull(), "members");
        if (rank % 2 == 0) {
            equal(evens.length - 1 - rank / 2, c.getRank(), "rank");
            exercise(c);
            c.free();
        }
        that(w.create(MPI.GROUP_EMPTY).isNull(), "empty group");
        Group mine = rank % 2 == 0 ? even : world.excl(evens);
        Intracomm disjoint = w.create(mine);
        exercise(disjoint);
        if (rank % 2 == 0) {
            Intracomm partial = w.createGroup(even, 5);
            exercise(partial);
            partial.free();
        }
        disjoint.free();
        w.barrier();
    }

    /** A chain of pairs that overlap, made by their members only, all in use at once. */
    @Program(minRanks = 2)
    static void overlappingCommunicators() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int rank = w.getRank();
        int size = w.getSize();
        Group world = w.getGroup();
        for (int round = 0; round < 5; round++) {
            List<Intracomm> mine = new ArrayList<>();
            if (rank > 0) {
                mine.add(w.createGroup(world.incl(new int[] {rank - 1, rank}), rank - 1));
            }
            if (rank < size - 1) {
                mine.add(w.createGroup(world.incl(new int[] {rank, rank + 1}), rank));
            }
            int[] value = new int[mine.size()];
            Request[] requests = new Request[mine.size()];
            IntBuffer[] sums = new IntBuffer[mine.size()];
            for (int i = 0; i < value.length; i++) {
                sums[i] = MPI.newIntBuffer(1);
                requests[i] = mine.get(i).iAllReduce(IntBuffer.wrap(new int[] {rank}), sums[i], 1, MPI.INT, MPI.SUM);
            }
            Request.waitAll(requests);
            int i = 0;
            if (rank > 0) {
                equal(2 * rank - 1, sums[i++].get(0), "left pair");
            }
            if (rank < size - 1) {
                equal(2 * rank + 1, sums[i].get(0), "right pair");
            }
            for (Intracomm c : mine) {
                exercise(c);
                c.free();
            }
        }
    }

    @Program
    static void hundredsOfDupsAndFrees() throws MPIException {
        for (int i = 0; i < 300; i++) {
            Intracomm dup = MPI.COMM_WORLD.dup();
            int[] sum = {1};
            dup.allReduce(sum, 1, MPI.INT, MPI.SUM);
            equal(MPI.COMM_WORLD.getSize(), sum[0], "sum");
            if (i % 50 == 0) {
                exercise(dup);
            }
            dup.free();
        }
    }

    @Program
    static void manyAtTheSameTime() throws MPIException {
        List<Intracomm> all = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            all.add(i % 2 == 0 ? MPI.COMM_WORLD.dup() : MPI.COMM_WORLD.split(MPI.COMM_WORLD.getRank() / 2, 0));
        }
        for (Intracomm c : all) {
            exercise(c);
        }
        for (Intracomm c : all) {
            c.free();
        }
    }

    /** A value for attributes. */
    record Value(String text, int[] numbers) implements java.io.Serializable {}

    @Program
    static void attributesAndNames() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int key = Comm.createKeyval();
        equal(null, w.getAttr(key), "unset");
        Value value = new Value("a", new int[] {1});
        w.setAttr(key, value);
        value.numbers[0] = 2;
        Value got = (Value) w.getAttr(key);
        equal(1, got.numbers[0], "a serialized copy");
        that(got != w.getAttr(key), "a fresh copy each time");
        Intracomm dup = w.dup();
        equal("a", ((Value) dup.getAttr(key)).text, "dup copies attributes");
        dup.setAttr(key, "other");
        equal("a", ((Value) w.getAttr(key)).text, "of its own");
        w.deleteAttr(key);
        equal(null, w.getAttr(key), "deleted");
        equal("other", dup.getAttr(key), "of its own");
        Comm.freeKeyval(key);
        equal("other", dup.getAttr(key), "of a freed key, while it has a value");
        dup.deleteAttr(key);
        dup.setErrhandler(MPI.ERRORS_RETURN);
        int freed = key;
        raises(MPI.ERR_KEYVAL, () -> dup.getAttr(freed), "getAttr", "keyval is " + freed);
        dup.setName("a name");
        equal("a name", dup.getName(), "name");
        dup.setName("x".repeat(100));
        equal(MPI.MAX_OBJECT_NAME - 1, dup.getName().length(), "cut");
        equal("", w.dup().getName(), "a duplicate has no name");
        dup.free();
    }

    @Program
    static void errorHandlers() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        equal(MPI.ERRORS_ARE_FATAL, w.getErrhandler(), "default");
        Intracomm dup = w.dup();
        dup.setErrhandler(MPI.ERRORS_RETURN);
        equal(MPI.ERRORS_RETURN, dup.getErrhandler(), "set");
        equal(MPI.ERRORS_ARE_FATAL, w.getErrhandler(), "of its own");
        Intracomm child = dup.dup();
        equal(MPI.ERRORS_RETURN, child.getErrhandler(), "inherited");
        raises(MPI.ERR_RANK, () -> child.send(new int[1], 1, MPI.INT, 99, 0), "send", "99");
        child.callErrhandler(MPI.ERR_OTHER);
        exercise(child);
        child.free();
        dup.free();
    }

    @Program
    static void groups() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int size = w.getSize();
        int rank = w.getRank();
        Group world = w.getGroup();
        equal(size, world.getSize(), "size");
        equal(rank, world.getRank(), "rank");
        Group even = world.rangeIncl(new int[][] {{0, size - 1, 2}});
        Group odd = world.rangeExcl(new int[][] {{0, size - 1, 2}});
        Group reversed = world.rangeIncl(new int[][] {{size - 1, 0, -1}});
        equal((size + 1) / 2, even.getSize(), "even");
        equal(size / 2, odd.getSize(), "odd");
        equal(rank % 2 == 0 ? rank / 2 : MPI.UNDEFINED, even.getRank(), "rank in even");
        equal(size == 1 ? MPI.IDENT : MPI.SIMILAR, Group.compare(world, reversed), "compare");
        equal(MPI.UNEQUAL, Group.compare(world, odd), "compare");
        equal(MPI.IDENT, Group.compare(world, w.dup().getGroup()), "compare");
        int[] ranks = new int[size + 1];
        Arrays.setAll(ranks, i -> i == size ? MPI.PROC_NULL : i);
        int[] inEven = Group.translateRanks(world, ranks, even);
        for (int i = 0; i < size; i++) {
            equal(i % 2 == 0 ? i / 2 : MPI.UNDEFINED, inEven[i], "translated");
        }
        equal(MPI.PROC_NULL, inEven[size], "PROC_NULL");
        equal(size - 1 - rank, reversed.getRank(), "reversed");
        equal(MPI.IDENT, Group.compare(even, Group.intersection(world, even)), "intersection");
        equal(MPI.IDENT, Group.compare(odd, Group.difference(world, even)), "difference");
        equal(size == 1 ? MPI.IDENT : size == 2 ? MPI.IDENT : MPI.SIMILAR, Group.compare(world, Group.union(even, odd)),
                "union");
        equal(0, Group.intersection(even, odd).getSize(), "empty");
        equal(MPI.IDENT, Group.compare(MPI.GROUP_EMPTY, Group.intersection(even, odd)), "empty");
        equal(0, world.incl(new int[0]).getSize(), "nobody");
        equal(size, world.excl(new int[0]).getSize(), "nobody");
        even.free();
        that(even.isNull(), "freed");
        w.setErrhandler(MPI.ERRORS_RETURN);
        raises(MPI.ERR_GROUP, even::getSize, "freed");
        raises(MPI.ERR_RANK, () -> world.incl(new int[] {size}), "out of range", "ranks[0] is " + size);
        raises(MPI.ERR_RANK, () -> world.incl(new int[] {0, 0}), "twice", "twice");
        raises(MPI.ERR_ARG, () -> world.rangeIncl(new int[][] {{0, 0, 0}}), "stride 0", "stride");
        raises(MPI.ERR_RANK, () -> world.rangeIncl(new int[][] {{0, size, 1}}), "too far", "ranges[0]");
        w.setErrhandler(MPI.ERRORS_ARE_FATAL);
        w.barrier();
    }
}
