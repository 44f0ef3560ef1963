package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.List;
import java.util.function.IntFunction;
import mpi.Datatype;
import mpi.Group;
import mpi.Info;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Op;
import mpi.Request;
import mpi.Win;
import org.isthmus.comm.rma.WindowQuery;

/**
 * Windows: the right answers, on memory that origins reach directly and on memory that they ask its owner for. Longer
 * than other classes, as it is a list of short programs, one for each way of use, over the same few helpers.
 */
final class OneSidedPrograms {
    private static final Intracomm WORLD = MPI.COMM_WORLD;

    private OneSidedPrograms() {}

    /** What is done with a window of ints. */
    private interface OnInts {
        void run(Win win, IntBuffer mine, int me, int size) throws MPIException;
    }

    /** Runs on windows of {@code length} ints: in the node's segment, and in each process's own memory. */
    private static void onInts(int length, OnInts body) throws MPIException {
        for (IntFunction<IntBuffer> memory : kinds()) {
            IntBuffer mine = memory.apply(length);
            Win win = new Win(mine, length, 1, MPI.INFO_NULL, WORLD);
            body.run(win, mine, WORLD.getRank(), WORLD.getSize());
            win.free();
        }
    }

    private static List<IntFunction<IntBuffer>> kinds() {
        return List.of(MPI::newIntBuffer, OneSidedPrograms::ownInts);
    }

    private static IntBuffer ownInts(int length) {
        return ByteBuffer.allocateDirect(4 * length).order(ByteOrder.nativeOrder()).asIntBuffer();
    }

    private static IntBuffer ints(int... values) {
        return MPI.newIntBuffer(values.length).put(0, values);
    }

    private static int[] read(IntBuffer buffer) {
        int[] values = new int[buffer.capacity()];
        buffer.get(0, values);
        return values;
    }

    @Program
    static void putBetweenFences() throws MPIException {
        onInts(4, (win, mine, me, size) -> {
            int next = (me + 1) % size;
            win.fence(0);
            win.put(ints(me, 7), 2, MPI.INT, next, 1, 2, MPI.INT);
            win.fence(MPI.MODE_NOSUCCEED);
            equal(new int[] {0, (me + size - 1) % size, 7, 0}, read(mine), "what the neighbour put");
        });
    }

    @Program
    static void getBetweenFences() throws MPIException {
        onInts(3, (win, mine, me, size) -> {
            mine.put(0, new int[] {me, 10 * me, 100 * me});
            IntBuffer got = MPI.newIntBuffer(2);
            win.fence(MPI.MODE_NOPRECEDE);
            int next = (me + 1) % size;
            win.get(got, 2, MPI.INT, next, 1, 2, MPI.INT);
            win.fence(0);
            equal(new int[] {10 * next, 100 * next}, read(got), "what was got");
            win.fence(MPI.MODE_NOSUCCEED | MPI.MODE_NOPUT | MPI.MODE_NOSTORE);
        });
    }

    @Program
    static void largeData() throws MPIException {
        int length = 300_000;
        onInts(length, (win, mine, me, size) -> {
            int next = (me + 1) % size;
            IntBuffer data = IntBuffer.allocate(length);
            for (int i = 0; i < length; i++) {
                data.put(i, i * 31 + me);
            }
            win.fence(0);
            win.put(data, length, MPI.INT, next, 0, length, MPI.INT);
            win.fence(0);
            int previous = (me + size - 1) % size;
            for (int i = 0; i < length; i++) {
                if (mine.get(i) != i * 31 + previous) {
                    equal(i * 31 + previous, mine.get(i), "element " + i);
                }
            }
            IntBuffer back = MPI.newIntBuffer(length);
            win.get(back, length, MPI.INT, next, 0, length, MPI.INT);
            win.fence(0);
            equal(data.array(), read(back), "what was got back");
            win.accumulate(data, length, MPI.INT, next, 0, length, MPI.INT, MPI.SUM);
            win.fence(0);
            equal(2 * (31 * (length - 1) + previous), mine.get(length - 1), "twice the data");
        });
    }

    @Program
    static void accumulateOperations() throws MPIException {
        Op[] ops = {MPI.SUM, MPI.PROD, MPI.MAX, MPI.MIN, MPI.BAND, MPI.BOR, MPI.BXOR, MPI.LAND, MPI.LOR, MPI.LXOR,
            MPI.REPLACE};
        int[] expected = {6 + 3, 6 * 3, 6, 3, 6 & 3, 6 | 3, 6 ^ 3, 1, 1, 0, 3};
        onInts(ops.length, (win, mine, me, size) -> {
            if (me == 0) {
                for (int i = 0; i < ops.length; i++) {
                    mine.put(i, 6);
                }
            }
            win.fence(0);
            if (me == size - 1) {
                for (int i = 0; i < ops.length; i++) {
                    win.accumulate(ints(3), 1, MPI.INT, 0, i, 1, MPI.INT, ops[i]);
                }
            }
            win.fence(0);
            if (me == 0) {
                equal(expected, read(mine), "combined values");
            }
        });
    }

    @Program
    static void accumulateOfEveryType() throws MPIException {
        Datatype[] types = {MPI.BYTE, MPI.CHAR, MPI.SHORT, MPI.INT, MPI.LONG, MPI.FLOAT, MPI.DOUBLE,
            MPI.FLOAT_COMPLEX, MPI.DOUBLE_COMPLEX};
        int[] bytes = {1, 2, 2, 4, 8, 4, 8, 8, 16};
        for (boolean shared : new boolean[] {true, false}) {
            for (int t = 0; t < types.length; t++) {
                ByteBuffer mine = shared ? MPI.newByteBuffer(64)
                        : ByteBuffer.allocateDirect(64).order(ByteOrder.nativeOrder());
                Win win = new Win(mine, 64, bytes[t], null, WORLD);
                ByteBuffer one = MPI.newByteBuffer(16);
                set(one, types[t], 1);
                win.fence(0);
                for (int i = 0; i < 10; i++) {
                    win.accumulate(one, 1, types[t], 0, 1, 1, types[t], MPI.SUM);
                }
                win.fence(0);
                if (WORLD.getRank() == 0) {
                    ByteBuffer sum = MPI.newByteBuffer(16);
                    set(sum, types[t], 10 * WORLD.getSize());
                    equal(sum.slice(0, bytes[t]), mine.slice(bytes[t], bytes[t]), "sum of " + types[t].getName());
                }
                win.free();
            }
        }
    }

    private static void set(ByteBuffer buffer, Datatype type, int value) {
        if (type == MPI.BYTE) {
            buffer.put(0, (byte) value);
        } else if (type == MPI.CHAR || type == MPI.SHORT) {
            buffer.putShort(0, (short) value);
        } else if (type == MPI.INT) {
            buffer.putInt(0, value);
        } else if (type == MPI.LONG) {
            buffer.putLong(0, value);
        } else if (type == MPI.FLOAT || type == MPI.FLOAT_COMPLEX) {
            buffer.putFloat(0, value);
        } else {
            buffer.putDouble(0, value);
        }
    }

    @Program
    static void accumulateOfPairs() throws MPIException {
        Datatype[] types = {MPI.INT2, MPI.SHORT_INT, MPI.DOUBLE_INT, MPI.LONG_INT};
        int[] extents = {8, 8, 16, 16};
        for (int t = 0; t < types.length; t++) {
            int extent = extents[t];
            ByteBuffer mine = MPI.newByteBuffer(2 * extent);
            Win win = new Win(mine, 2 * extent, extent, null, WORLD);
            ByteBuffer pairs = MPI.newByteBuffer(2 * extent);
            int me = WORLD.getRank();
            for (int k = 0; k < 2; k++) {
                int value = k == 0 ? 5 : me + 1;
                if (types[t] == MPI.DOUBLE_INT) {
                    pairs.putDouble(k * extent, value);
                } else if (types[t] == MPI.LONG_INT) {
                    pairs.putLong(k * extent, value);
                } else if (types[t] == MPI.SHORT_INT) {
                    pairs.putShort(k * extent, (short) value);
                } else {
                    pairs.putInt(k * extent, value);
                }
                pairs.putInt(k * extent + extent / 2, me);
            }
            win.fence(0);
            win.accumulate(pairs, 2, types[t], 0, 0, 2, types[t], MPI.MAXLOC);
            win.fence(0);
            if (me == 0) {
                int last = WORLD.getSize() - 1;
                equal(0, mine.getInt(extent / 2), "lowest index of equal values");
                equal(last, mine.getInt(extent + extent / 2), "index of the largest value");
            }
            win.free();
        }
    }

    @Program
    static void derivedTypesOnBothSides() throws MPIException {
        Datatype column = Datatype.createVector(3, 1, 4, MPI.INT);
        column.commit();
        Datatype everySecond = Datatype.createVector(3, 1, 2, MPI.INT);
        everySecond.commit();
        onInts(12, (win, mine, me, size) -> {
            int next = (me + 1) % size;
            win.fence(0);
            win.put(ints(1, -1, 2, -1, 3), 1, everySecond, next, 1, 1, column);
            win.fence(0);
            equal(new int[] {0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0}, read(mine), "a column");
            win.fence(0);
            win.accumulate(ints(10, -1, 20, -1, 30), 1, everySecond, next, 1, 1, column, MPI.SUM);
            win.fence(0);
            equal(new int[] {0, 11, 0, 0, 0, 22, 0, 0, 0, 33, 0, 0}, read(mine), "a column of sums");
            win.fence(0);
            IntBuffer got = MPI.newIntBuffer(5);
            win.get(got, 1, everySecond, next, 1, 1, column);
            win.fence(0);
            equal(new int[] {11, 0, 22, 0, 33}, read(got), "a column that was got");
            IntBuffer packed = MPI.newIntBuffer(3);
            win.get(packed, 3, MPI.INT, next, 1, 1, column);
            win.put(ints(4, 5, 6), 3, MPI.INT, next, 0, 1, column);
            win.fence(0);
            equal(new int[] {11, 22, 33}, read(packed), "a column in a row");
            equal(new int[] {4, 11, 0, 0, 5, 22, 0, 0, 6, 33, 0, 0}, read(mine), "a row in a column");
            win.fence(0);
            win.getAccumulate(ints(1, -1, 1, -1, 1), 1, everySecond, got, 1, everySecond, next, 0, 1, column, MPI.SUM);
            win.fence(0);
            equal(new int[] {4, 0, 5, 0, 6}, read(got), "the column before");
            equal(5, mine.get(0), "the column after");
        });
        column.free();
        everySecond.free();
    }

    @Program
    static void startCompletePostWait() throws MPIException {
        onInts(2, (win, mine, me, size) -> {
            Group all = WORLD.getGroup();
            Group next = all.incl(new int[] {(me + 1) % size});
            Group previous = all.incl(new int[] {(me + size - 1) % size});
            for (int round = 0; round < 3; round++) {
                win.post(previous, 0);
                win.start(next, 0);
                win.put(ints(me + round), 1, MPI.INT, (me + 1) % size, round % 2, 1, MPI.INT);
                win.complete();
                if (round == 1) {
                    while (!win.test()) {
                        Thread.onSpinWait();
                    }
                } else {
                    win.waitFor();
                }
                equal((me + size - 1) % size + round, mine.get(round % 2), "put of round " + round);
            }
        });
    }

    @Program
    static void countingUnderLocks() throws MPIException {
        int rounds = 50;
        onInts(1, (win, mine, me, size) -> {
            IntBuffer value = MPI.newIntBuffer(1);
            for (int i = 0; i < rounds; i++) {
                win.lock(MPI.LOCK_EXCLUSIVE, 0, 0);
                win.get(value, 1, MPI.INT, 0, 0, 1, MPI.INT);
                win.flush(0);
                value.put(0, value.get(0) + 1);
                win.put(value, 1, MPI.INT, 0, 0, 1, MPI.INT);
                win.unlock(0);
            }
            WORLD.barrier();
            win.lock(MPI.LOCK_SHARED, 0, MPI.MODE_NOCHECK);
            win.get(value, 1, MPI.INT, 0, 0, 1, MPI.INT);
            win.unlock(0);
            equal(rounds * size, value.get(0), "increments under an exclusive lock");
        });
    }

    @Program
    static void fetchAndOpCounts() throws MPIException {
        int rounds = 200;
        for (boolean shared : new boolean[] {true, false}) {
            LongBuffer mine = shared ? MPI.newLongBuffer(1)
                    : ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder()).asLongBuffer();
            Win win = new Win(mine, 1, 1, null, WORLD);
            int size = WORLD.getSize();
            LongBuffer one = MPI.newLongBuffer(1).put(0, 1);
            LongBuffer old = MPI.newLongBuffer(1);
            long sum = 0;
            win.lockAll(0);
            for (int i = 0; i < rounds; i++) {
                win.fetchAndOp(one, old, MPI.LONG, 0, 0, MPI.SUM);
                win.flush(0);
                sum += old.get(0);
            }
            win.unlockAll();
            long[] total = {sum};
            WORLD.allReduce(total, 1, MPI.LONG, MPI.SUM);
            long n = (long) rounds * size;
            equal(n * (n - 1) / 2, total[0], "each number is drawn once");
            win.lock(MPI.LOCK_SHARED, 0, 0);
            win.fetchAndOp(null, old, MPI.LONG, 0, 0, MPI.NO_OP);
            win.unlock(0);
            equal(n, old.get(0), "the counter");
            win.free();
        }
    }

    @Program
    static void fetchAndOpOfSmallTypes() throws MPIException {
        ByteBuffer mine = MPI.newByteBuffer(8);
        Win win = new Win(mine, 8, 1, null, WORLD);
        ByteBuffer in = MPI.newByteBuffer(2).putShort(0, (short) 3);
        ByteBuffer old = MPI.newByteBuffer(2);
        win.fence(0);
        win.fetchAndOp(in, old, MPI.SHORT, 0, 3, MPI.SUM); // not aligned
        win.fence(0);
        if (WORLD.getRank() == 0) {
            equal((short) (3 * WORLD.getSize()), mine.getShort(3), "a sum of shorts at an odd address");
        }
        win.free();
    }

    @Program
    static void compareAndSwapElectsOne() throws MPIException {
        onInts(1, (win, mine, me, size) -> {
            IntBuffer old = MPI.newIntBuffer(1);
            win.fence(0);
            win.compareAndSwap(ints(me + 1), ints(0), old, MPI.INT, 0, 0);
            win.fence(0);
            int[] elected = {old.get(0) == 0 ? 1 : 0};
            WORLD.allReduce(elected, 1, MPI.INT, MPI.SUM);
            equal(1, elected[0], "winners");
            if (me == 0) {
                equal(true, mine.get(0) >= 1 && mine.get(0) <= size, "the winner's number");
            }
        });
        ByteBuffer mine = MPI.newByteBuffer(1);
        Win win = new Win(mine, 1, 1, null, WORLD);
        ByteBuffer result = MPI.newByteBuffer(1);
        win.fence(0);
        if (WORLD.getRank() == WORLD.getSize() - 1) {
            win.compareAndSwap(MPI.newByteBuffer(1).put(0, (byte) 5), MPI.newByteBuffer(1), result, MPI.BYTE, 0, 0);
        }
        win.fence(0);
        if (WORLD.getRank() == 0) {
            equal((byte) 5, mine.get(0), "a byte that was swapped in");
        }
        win.free();
    }

    @Program
    static void requestForms() throws MPIException {
        onInts(2, (win, mine, me, size) -> {
            int next = (me + 1) % size;
            win.lockAll(0);
            Request put = win.rPut(ints(me), 1, MPI.INT, next, 0, 1, MPI.INT);
            Request add = win.rAccumulate(ints(5), 1, MPI.INT, next, 1, 1, MPI.INT, MPI.SUM);
            Request.waitAll(new Request[] {put, add});
            win.flushLocal(next);
            win.flushLocalAll();
            win.flushAll();
            WORLD.barrier();
            IntBuffer got = MPI.newIntBuffer(2);
            Request get = win.rGet(got, 2, MPI.INT, next, 0, 2, MPI.INT);
            get.waitFor();
            equal(new int[] {me, 5}, read(got), "what this rank had put");
            WORLD.barrier();
            IntBuffer old = MPI.newIntBuffer(1);
            Request swap = win.rGetAccumulate(ints(9), 1, MPI.INT, old, 1, MPI.INT, next, 1, 1, MPI.INT, MPI.REPLACE);
            swap.waitFor();
            equal(5, old.get(0), "the value before");
            win.unlockAll();
            WORLD.barrier();
            win.lock(MPI.LOCK_SHARED, me, 0);
            win.sync();
            equal(9, mine.get(1), "the value after");
            win.unlock(me);
        });
    }

    @Program
    static void procNullDoesNothing() throws MPIException {
        onInts(1, (win, mine, me, size) -> {
            IntBuffer buffer = ints(4);
            win.lock(MPI.LOCK_SHARED, MPI.PROC_NULL, 0);
            win.put(buffer, 1, MPI.INT, MPI.PROC_NULL, 0, 1, MPI.INT);
            win.get(buffer, 1, MPI.INT, MPI.PROC_NULL, 0, 1, MPI.INT);
            win.rPut(buffer, 1, MPI.INT, MPI.PROC_NULL, 0, 1, MPI.INT).waitFor();
            win.accumulate(buffer, 1, MPI.INT, MPI.PROC_NULL, 0, 1, MPI.INT, MPI.SUM);
            win.unlock(MPI.PROC_NULL);
            equal(4, buffer.get(0), "the buffer");
        });
    }

    @Program
    static void allocatedWindows() throws MPIException {
        int me = WORLD.getRank();
        int size = WORLD.getSize();
        int next = (me + 1) % size;
        for (DoubleBuffer base : new DoubleBuffer[] {null, MPI.newDoubleBuffer(0), MPI.newDoubleBuffer(3)}) {
            int elements = base == null ? 24 : 3;
            Win win = new Win(elements, base == null ? 8 : 1, null, WORLD, base, Win.FLAVOR_PRIVATE);
            win.fence(0);
            win.put(MPI.newDoubleBuffer(1).put(0, me + 0.5), 1, MPI.DOUBLE, next, 2, 1, MPI.DOUBLE);
            win.fence(0);
            double value = WindowQuery.memory(win, me).getDouble(16);
            equal((me + size - 1) % size + 0.5, value, "in the window's memory");
            equal(24, win.getAttr(MPI.WIN_SIZE), "bytes");
            equal(8, win.getAttr(MPI.WIN_DISP_UNIT), "unit");
            equal(true, (Long) win.getAttr(MPI.WIN_BASE) != 0, "address");
            if (base != null && base.capacity() == 3) {
                equal(value, base.get(2), "in the program's buffer");
            }
            win.free();
        }
    }

    @Program
    static void sharedWindows() throws MPIException {
        Intracomm node = WORLD.splitType(mpi.Comm.TYPE_SHARED, 0, null);
        int me = node.getRank();
        int size = node.getSize();
        IntBuffer base = MPI.newIntBuffer(me + 1);
        Win win = new Win(me + 1, 1, null, node, base, Win.FLAVOR_SHARED);
        base.put(me, 100 + me);
        win.sync();
        node.barrier();
        win.sync();
        for (int rank = 0; rank < size; rank++) {
            ByteBuffer theirs = WindowQuery.memory(win, rank);
            equal(4 * (rank + 1), theirs.capacity(), "bytes of rank " + rank);
            equal(100 + rank, theirs.getInt(4 * rank), "stored by rank " + rank);
            equal(4, WindowQuery.displacementUnit(win, rank), "unit");
        }
        node.barrier();
        WindowQuery.memory(win, (me + 1) % size).putInt(0, -me);
        win.sync();
        node.barrier();
        win.sync();
        equal(-((me + size - 1) % size), base.get(0), "stored by the neighbour");
        win.free();
        node.free();
    }

    /** Memory that a shared window allocates lies in order of rank without gaps, unless the program wants it apart. */
    @Program
    static void sharedMemoryInOnePiece() throws MPIException {
        Intracomm node = WORLD.splitType(mpi.Comm.TYPE_SHARED, 0, null);
        int me = node.getRank();
        int size = node.getSize();
        Info apart = new Info();
        apart.set("alloc_shared_noncontig", "true");
        for (Info info : new Info[] {null, MPI.INFO_NULL, apart}) {
            int bytes = 8 * (me % 3);
            Win win = new Win(bytes, 8, info, node, null, Win.FLAVOR_SHARED);
            equal(bytes, win.getAttr(MPI.WIN_SIZE), "size");
            win.fence(0);
            for (int i = 0; i < bytes / 8; i++) {
                win.put(MPI.newLongBuffer(1).put(0, 10 * me + i), 1, MPI.LONG, me, i, 1, MPI.LONG);
            }
            win.fence(0);
            long address = (Long) win.getAttr(MPI.WIN_BASE);
            long[] all = new long[size];
            node.allGather(new long[] {address - MemorySegment.ofBuffer(WindowQuery.memory(win, 0)).address()}, 1,
                    MPI.LONG, all, 1, MPI.LONG);
            for (int rank = 0, at = 0; rank < size; at += 8 * (rank++ % 3)) {
                ByteBuffer theirs = WindowQuery.memory(win, rank);
                equal(8 * (rank % 3), theirs.capacity(), "bytes of rank " + rank);
                for (int i = 0; i < rank % 3; i++) {
                    equal(10L * rank + i, theirs.getLong(8 * i), "what rank " + rank + " put");
                }
                if (info != apart) {
                    equal((long) at, all[rank], "where the memory of rank " + rank + " begins");
                }
            }
            win.free();
        }
        node.free();
    }

    /** Readers whose locks overlap all the time let a writer in, and a writer who comes again lets them in. */
    @Program
    static void nobodyIsStarvedOfALock() throws MPIException {
        int size = WORLD.getSize();
        onInts(2, (win, mine, me, n) -> {
            IntBuffer seen = MPI.newIntBuffer(1);
            int rounds = 20;
            if (me == size - 1) {
                for (int i = 1; i <= rounds; i++) {
                    win.lock(MPI.LOCK_EXCLUSIVE, 0, 0);
                    win.put(ints(i), 1, MPI.INT, 0, 0, 1, MPI.INT);
                    win.unlock(0);
                }
            } else {
                while (seen.get(0) < rounds) {
                    win.lock(MPI.LOCK_SHARED, 0, 0);
                    win.get(seen, 1, MPI.INT, 0, 0, 1, MPI.INT);
                    win.flush(0);
                    win.unlock(0);
                }
            }
            WORLD.barrier();
            win.lockAll(0);
            win.get(seen, 1, MPI.INT, 0, 0, 1, MPI.INT);
            win.unlockAll();
            equal(rounds, seen.get(0), "rounds");
            for (int i = 0; i < 10; i++) { // locks in opposite orders, writers in line between
                int a = me % 2 == 0 ? 0 : size - 1;
                int b = size - 1 - a;
                if (me % 3 == 2) {
                    win.lock(MPI.LOCK_EXCLUSIVE, a, 0);
                    win.unlock(a);
                } else if (me % 3 == 1) {
                    win.lockAll(0);
                    win.unlockAll();
                } else if (a != b) {
                    win.lock(MPI.LOCK_SHARED, a, 0);
                    win.lock(MPI.LOCK_SHARED, b, 0);
                    win.unlock(a);
                    win.unlock(b);
                }
            }
            WORLD.barrier();
        });
    }

    @Program
    static void dynamicWindows() throws MPIException {
        int me = WORLD.getRank();
        int size = WORLD.getSize();
        int next = (me + 1) % size;
        Win win = new Win(null, WORLD);
        IntBuffer first = MPI.newIntBuffer(3);
        IntBuffer second = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder()).asIntBuffer();
        win.attach(first, 3);
        win.attach(second, 4);
        win.fence(0);
        win.put(ints(me + 1), 1, MPI.INT, next, 4, 1, MPI.INT);
        win.accumulate(ints(me + 2), 1, MPI.INT, next, 64 + 8, 1, MPI.INT, MPI.SUM);
        win.fence(0);
        int previous = (me + size - 1) % size;
        equal(previous + 1, first.get(1), "put into the first region");
        equal(previous + 2, second.get(2), "added in the second region");
        win.fence(MPI.MODE_NOSUCCEED);
        win.detach(first);
        win.attach(first, 1);
        win.detach(second);
        win.detach(first);
        equal(0, win.getAttr(MPI.WIN_SIZE), "bytes of a dynamic window");
        win.free();
    }

    @Program
    static void requestFormsInAFenceEpoch() throws MPIException {
        onInts(1, (win, exposed, me, size) -> {
            IntBuffer got = MPI.newIntBuffer(size);
            exposed.put(0, me + 1);
            win.fence(0);
            for (int i = 0; i < size; i++) {
                win.rGet(MPI.slice(got, i), 1, MPI.INT, i, 0, 1, MPI.INT).waitFor();
                equal(i + 1, got.get(i), "what rank " + i + " exposes");
            }
            win.fence(0);
            win.rPut(MPI.slice(got, me), 1, MPI.INT, (me + 1) % size, 0, 1, MPI.INT).waitFor();
            win.fence(0);
            equal((me + size - 1) % size + 1, exposed.get(0), "what the rank before has put");
        });
    }

    @Program
    static void handlesOfAWindow() throws MPIException {
        Info hints = new Info();
        hints.set("no_locks", "true");
        hints.set("unknown", "x");
        Win win = new Win(MPI.newIntBuffer(1), 1, 1, hints, WORLD);
        hints.free();
        equal("true", win.getInfo().get("no_locks"), "a hint");
        equal(null, win.getInfo().get("unknown"), "a hint that windows do not know");
        equal("rar,raw,war,waw", win.getInfo().get("accumulate_ordering"), "a hint that was not set");
        Info locks = new Info();
        locks.set("no_locks", "false");
        win.setInfo(locks);
        win.lock(MPI.LOCK_SHARED, 0, 0);
        win.unlock(0);
        equal(MPI.IDENT, Group.compare(WORLD.getGroup(), win.getGroup()), "the group");
        equal("", win.getName(), "no name");
        win.setName("table");
        equal("table", win.getName(), "the name");
        int key = Win.createKeyval();
        equal(null, win.getAttr(key), "no attribute");
        win.setAttr(key, "value");
        equal("value", win.getAttr(key), "an attribute");
        win.deleteAttr(key);
        equal(null, win.getAttr(key), "no attribute any more");
        Win.freeKeyval(key);
        equal(MPI.ERRORS_ARE_FATAL, win.getErrhandler(), "the error handler at first");
        win.setErrhandler(MPI.ERRORS_RETURN);
        equal(MPI.ERRORS_RETURN, win.getErrhandler(), "the error handler");
        win.callErrhandler(MPI.ERR_OTHER);
        win.free();
    }

    @Program
    static void manyWindows() throws MPIException {
        for (int i = 0; i < 60; i++) {
            IntBuffer mine = i % 2 == 0 ? MPI.newIntBuffer(1) : ownInts(1);
            Win win = new Win(mine, 1, 1, null, WORLD);
            win.fence(0);
            win.accumulate(ints(i), 1, MPI.INT, 0, 0, 1, MPI.INT, MPI.SUM);
            win.fence(MPI.MODE_NOSUCCEED);
            if (WORLD.getRank() == 0) {
                equal(i * WORLD.getSize(), mine.get(0), "sum in window " + i);
            }
            win.free();
        }
    }

    /** A target that only computes must not stop an origin: rank 0 calls nothing until it sees rank 1's last put. */
    @Program(minRanks = 2)
    static void aComputingTargetIsServed() throws MPIException {
        onInts(2, (win, mine, me, size) -> {
            WORLD.barrier();
            if (me == 0) {
                VarHandle.fullFence();
                while (mine.get(1) == 0) {
                    Thread.onSpinWait();
                    VarHandle.fullFence();
                }
                equal(6, mine.get(0), "what was put and added");
            } else if (me == 1) {
                IntBuffer old = MPI.newIntBuffer(1);
                win.lock(MPI.LOCK_EXCLUSIVE, 0, 0);
                win.put(ints(4), 1, MPI.INT, 0, 0, 1, MPI.INT);
                win.flush(0);
                win.fetchAndOp(ints(2), old, MPI.INT, 0, 0, MPI.SUM);
                win.flush(0);
                equal(4, old.get(0), "fetched from a target that computes");
                win.put(ints(1), 1, MPI.INT, 0, 1, 1, MPI.INT);
                win.unlock(0);
            }
            WORLD.barrier();
        });
    }
}
