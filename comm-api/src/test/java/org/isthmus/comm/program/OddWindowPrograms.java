package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;
import static org.isthmus.comm.program.Verify.that;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.List;
import mpi.Datatype;
import mpi.Group;
import mpi.Info;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Op;
import mpi.Request;
import mpi.Win;

/** Windows at the edges of what MPI allows, in the node's memory and in each process's own. */
final class OddWindowPrograms {
    private static final Intracomm WORLD = MPI.COMM_WORLD;

    private OddWindowPrograms() {}

    private interface OnWindow {
        void run(Win win, IntBuffer mine) throws MPIException;
    }

    private static void onInts(int length, OnWindow body) throws MPIException {
        for (IntBuffer mine : new IntBuffer[] {MPI.newIntBuffer(length),
            ByteBuffer.allocateDirect(4 * length).order(ByteOrder.nativeOrder()).asIntBuffer()}) {
            Win win = new Win(mine, length, 1, MPI.INFO_NULL, WORLD);
            body.run(win, mine);
            win.free();
        }
    }

    private static int[] read(IntBuffer buffer) {
        int[] values = new int[buffer.capacity()];
        buffer.get(0, values);
        return values;
    }

    @Program
    static void nothingAndNobody() throws MPIException {
        int size = WORLD.getSize();
        int me = WORLD.getRank();
        onInts(2, (win, mine) -> {
            win.fence(0);
            win.put(null, 0, MPI.INT, (me + 1) % size, 0, 0, MPI.INT);
            win.get(null, 0, MPI.INT, (me + 1) % size, 2, 0, MPI.INT);
            win.accumulate(null, 0, MPI.INT, me, 0, 0, MPI.INT, MPI.SUM);
            IntBuffer one = MPI.newIntBuffer(1).put(0, 5);
            win.put(one, 1, MPI.INT, MPI.PROC_NULL, 99, 1, MPI.INT);
            win.fetchAndOp(one, one, MPI.INT, MPI.PROC_NULL, 99, MPI.SUM);
            win.fence(MPI.MODE_NOSUCCEED);
            win.start(MPI.GROUP_EMPTY, 0);
            win.complete();
            win.post(MPI.GROUP_EMPTY, 0);
            that(win.test(), "an exposure to nobody has ended");
            win.post(MPI.GROUP_EMPTY, MPI.MODE_NOSTORE);
            win.waitFor();
            win.lock(MPI.LOCK_SHARED, MPI.PROC_NULL, 0);
            win.unlock(MPI.PROC_NULL);
            win.lockAll(MPI.MODE_NOCHECK);
            Request[] requests = {win.rPut(one, 1, MPI.INT, MPI.PROC_NULL, 0, 1, MPI.INT),
                win.rGet(null, 0, MPI.INT, me, 0, 0, MPI.INT), WORLD.iBarrier(), null};
            Request.waitAll(requests);
            win.flushLocalAll();
            win.unlockAll();
            equal(new int[2], read(mine), "nothing was put");
        });
        Win nothing = new Win((Buffer) null, 0, 1, MPI.INFO_NULL, WORLD);
        nothing.fence(0);
        nothing.fence(MPI.MODE_NOSUCCEED);
        equal(0, nothing.getAttr(MPI.WIN_SIZE), "size of an empty window");
        nothing.free();
    }

    @Program
    static void aWindowOfOneself() throws MPIException {
        IntBuffer mine = MPI.newIntBuffer(3);
        Win win = new Win(mine, 3, 1, MPI.INFO_NULL, MPI.COMM_SELF);
        win.lock(MPI.LOCK_EXCLUSIVE, 0, 0);
        win.put(MPI.newIntBuffer(1).put(0, 4), 1, MPI.INT, 0, 2, 1, MPI.INT);
        win.accumulate(MPI.slice(mine, 2), 1, MPI.INT, 0, 0, 1, MPI.INT, MPI.SUM);
        win.unlock(0);
        equal(new int[] {4, 0, 4}, read(mine), "put and accumulate to oneself");
        Group group = win.getGroup();
        win.post(group, 0);
        win.start(group, 0);
        win.put(MPI.newIntBuffer(1).put(0, 6), 1, MPI.INT, 0, 1, 1, MPI.INT);
        win.complete();
        win.waitFor();
        equal(6, mine.get(1), "start and post with oneself");
        win.free();
    }

    /** Displacements count in the target's unit, which may be another one on each rank. */
    @Program
    static void everyRankHasAnotherUnit() throws MPIException {
        int size = WORLD.getSize();
        int me = WORLD.getRank();
        int length = 6 * (me + 1);
        IntBuffer mine = MPI.newIntBuffer(length);
        Intracomm other = WORLD.dup();
        Win win = new Win(mine, length, me + 1, MPI.INFO_NULL, other);
        other.free();
        win.fence(0);
        int next = (me + 1) % size;
        win.put(MPI.newIntBuffer(1).put(0, 50 + me), 1, MPI.INT, next, 5, 1, MPI.INT);
        win.fence(MPI.MODE_NOSUCCEED);
        equal(50 + (me + size - 1) % size, mine.get(5 * (me + 1)), "at displacement 5");
        equal(4 * (me + 1), win.getAttr(MPI.WIN_DISP_UNIT), "unit in bytes");
        equal(4 * length, win.getAttr(MPI.WIN_SIZE), "size in bytes");
        win.free();
    }

    @Program
    static void typesWithGapsAndBackwards() throws MPIException {
        int size = WORLD.getSize();
        int me = WORLD.getRank();
        Datatype even = Datatype.createVector(4, 1, 2, MPI.INT);
        Datatype turned = Datatype.createIndexed(new int[] {1, 1, 1, 1}, new int[] {7, 5, 3, 1}, MPI.INT);
        Datatype padded = Datatype.createResized(MPI.INT, 0, 8);
        for (Datatype type : new Datatype[] {even, turned, padded}) {
            type.commit();
        }
        onInts(8, (win, mine) -> {
            int next = (me + 1) % size;
            int previous = (me + size - 1) % size;
            IntBuffer four = MPI.newIntBuffer(4);
            four.put(0, new int[] {10 * me, 10 * me + 1, 10 * me + 2, 10 * me + 3});
            win.fence(0);
            win.put(four, 4, MPI.INT, next, 0, 1, even);
            win.put(four, 4, MPI.INT, next, 0, 1, turned);
            win.fence(0);
            int p = 10 * previous;
            equal(new int[] {p, p + 3, p + 1, p + 2, p + 2, p + 1, p + 3, p}, read(mine), "put");
            IntBuffer got = MPI.newIntBuffer(8);
            win.get(got, 4, padded, previous, 0, 4, padded);
            win.fence(0);
            int g = 10 * ((previous + size - 1) % size);
            equal(new int[] {g, 0, g + 1, 0, g + 2, 0, g + 3, 0}, read(got), "get");
            win.accumulate(four, 4, MPI.INT, next, 0, 1, turned, MPI.REPLACE);
            win.accumulate(four, 4, MPI.INT, next, 0, 4, padded, MPI.MAX);
            win.fence(MPI.MODE_NOSUCCEED);
            equal(new int[] {p, p + 3, p + 1, p + 2, p + 2, p + 1, p + 3, p}, read(mine), "accumulate");
        });
        for (Datatype type : new Datatype[] {even, turned, padded}) {
            type.free();
        }
    }

    /** Operations of one origin on one place are done in order. */
    @Program
    static void accumulatesAreOrdered() throws MPIException {
        int size = WORLD.getSize();
        int me = WORLD.getRank();
        onInts(size, (win, mine) -> {
            int target = (me + 1) % size;
            IntBuffer value = MPI.newIntBuffer(1);
            IntBuffer[] former = new IntBuffer[200];
            win.lockAll(0);
            Request[] requests = new Request[former.length];
            for (int i = 0; i < former.length; i++) {
                former[i] = MPI.newIntBuffer(1);
                value.put(0, i + 1);
                requests[i] = win.rGetAccumulate(value, 1, MPI.INT, former[i], 1, MPI.INT, target, me, 1, MPI.INT,
                        MPI.REPLACE);
            }
            Request.waitAll(requests);
            IntBuffer last = MPI.newIntBuffer(1);
            win.getAccumulate(null, 0, MPI.INT, last, 1, MPI.INT, target, me, 1, MPI.INT, MPI.NO_OP);
            win.flush(target);
            win.unlockAll();
            for (int i = 0; i < former.length; i++) {
                equal(i, former[i].get(0), "the former value " + i);
            }
            equal(former.length, last.get(0), "read without a change");
        });
    }

    @Program
    static void everyOperationOnEveryNumber() throws MPIException {
        int size = WORLD.getSize();
        LongBuffer longs = MPI.newLongBuffer(6);
        DoubleBuffer doubles = MPI.newDoubleBuffer(3);
        longs.put(0, new long[] {0, 1, -1, 0, 5, 5});
        doubles.put(0, new double[] {0, 1, -1e300});
        Win ofLongs = new Win(longs, 6, 1, MPI.INFO_NULL, WORLD);
        Win ofDoubles = new Win(doubles, 3, 1, MPI.INFO_NULL, WORLD);
        Op[] ops = {MPI.SUM, MPI.PROD, MPI.BAND, MPI.BOR, MPI.MIN, MPI.MAX};
        Op[] floating = {MPI.SUM, MPI.PROD, MPI.MAX};
        ofLongs.fence(0);
        ofDoubles.fence(0);
        LongBuffer old = MPI.newLongBuffer(1);
        DoubleBuffer before = MPI.newDoubleBuffer(1);
        for (int i = 0; i < ops.length; i++) {
            ofLongs.fetchAndOp(MPI.newLongBuffer(1).put(0, 2), old, MPI.LONG, size - 1, i, ops[i]);
        }
        for (int i = 0; i < floating.length; i++) {
            ofDoubles.fetchAndOp(MPI.newDoubleBuffer(1).put(0, 2.5), before, MPI.DOUBLE, size - 1, i, floating[i]);
        }
        ofLongs.fence(MPI.MODE_NOSUCCEED);
        ofDoubles.fence(MPI.MODE_NOSUCCEED);
        if (WORLD.getRank() == size - 1) {
            long[] got = new long[6];
            longs.get(0, got);
            equal(new long[] {2L * size, 1L << size, 2, 2, 2, 5}, got, "longs");
            double[] numbers = new double[3];
            doubles.get(0, numbers);
            equal(new double[] {2.5 * size, Math.pow(2.5, size), 2.5}, numbers, "doubles");
        }
        ofLongs.free();
        ofDoubles.free();
    }

    @Program
    static void hintsNamesAndAttributes() throws MPIException {
        onInts(1, (win, mine) -> {
            win.setName("n".repeat(200));
            equal(MPI.MAX_OBJECT_NAME - 1, win.getName().length(), "a long name is cut");
            int key = Win.createKeyval();
            win.setAttr(key, List.of(1, 2));
            equal(List.of(1, 2), win.getAttr(key), "attribute");
            win.deleteAttr(key);
            equal(null, win.getAttr(key), "deleted");
            Win.freeKeyval(key);
            Info info = new Info();
            info.set("accumulate_ops", "same_op");
            info.set("nobody knows", "this");
            win.setInfo(info);
            Info shown = win.getInfo();
            equal("same_op", shown.get("accumulate_ops"), "a known hint");
            equal(null, shown.get("nobody knows"), "an unknown hint");
            equal(MPI.IDENT, Group.compare(win.getGroup(), WORLD.getGroup()), "group");
        });
    }

    /** A part of the ranks begins, another part ends, in many rounds; and a window freed at once after its last use. */
    @Program(minRanks = 2)
    static void someStartAndOthersPost() throws MPIException {
        int size = WORLD.getSize();
        int me = WORLD.getRank();
        Group world = WORLD.getGroup();
        Group[] halves = {world.rangeIncl(new int[][] {{0, size - 1, 2}}),
                world.rangeIncl(new int[][] {{1, size - 1, 2}})};
        onInts(size, (win, mine) -> {
            for (int round = 0; round < 6; round++) {
                boolean origin = me % 2 == round % 2;
                if (origin) {
                    Group targets = halves[1 - me % 2];
                    win.start(targets, 0);
                    for (int target = 1 - me % 2; target < size; target += 2) {
                        win.put(MPI.newIntBuffer(1).put(0, round + 1), 1, MPI.INT, target, me, 1, MPI.INT);
                    }
                    win.complete();
                } else {
                    win.post(halves[1 - me % 2], 0);
                    if (round % 4 < 2) {
                        win.waitFor();
                    } else {
                        while (!win.test()) {
                            Thread.onSpinWait();
                        }
                    }
                    for (int i = 0; i < size; i++) {
                        that(i % 2 == me % 2 ? mine.get(i) == 0 : mine.get(i) == round + 1,
                                "round " + round + " from " + i);
                    }
                }
            }
        });
    }
}
