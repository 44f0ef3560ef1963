package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;
import static org.isthmus.comm.program.Verify.raises;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import mpi.Datatype;
import mpi.Errhandler;
import mpi.Info;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Op;
import mpi.UserFunction;
import mpi.Win;
import org.isthmus.comm.rma.WindowQuery;

/** Wrong calls on windows: each is refused by the right error class and a message that says what to do. */
final class BadWindowPrograms {
    private static final Intracomm WORLD = MPI.COMM_WORLD;
    /** Classes of MPI 3 for which the API has no constants. */
    private static final int ERR_RMA_RANGE = 68;
    private static final int ERR_RMA_ATTACH = 69;
    private static final int ERR_RMA_FLAVOR = 70;

    private BadWindowPrograms() {}

    private interface OnWindow {
        void run(Win win, IntBuffer buffer, int me) throws MPIException;
    }

    /** Runs on windows of two ints whose errors are exceptions, and which then still work. */
    private static void guarded(OnWindow body) throws MPIException {
        Errhandler handler = WORLD.getErrhandler();
        WORLD.setErrhandler(MPI.ERRORS_RETURN);
        IntBuffer own = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder()).asIntBuffer();
        for (IntBuffer mine : new IntBuffer[] {MPI.newIntBuffer(2), own}) {
            Win win = new Win(mine, 2, 1, null, WORLD);
            win.setErrhandler(MPI.ERRORS_RETURN);
            body.run(win, MPI.newIntBuffer(4), WORLD.getRank());
            win.fence(0);
            win.accumulate(MPI.newIntBuffer(1).put(0, 1), 1, MPI.INT, 0, 1, 1, MPI.INT, MPI.SUM);
            win.fence(MPI.MODE_NOSUCCEED);
            if (WORLD.getRank() == 0) {
                equal(WORLD.getSize(), mine.get(1), "the window works after errors");
            }
            win.free();
        }
        WORLD.setErrhandler(handler);
    }

    /** As C programs do that name one size on all ranks, but have memory on one alone. */
    @Program
    static void aWindowThatIsLargerThanItsBuffer() throws MPIException {
        IntBuffer some = MPI.newIntBuffer(WORLD.getRank() == 0 ? 2 : 0);
        Win win = new Win(some, WORLD.getSize() + 2, 1, MPI.INFO_NULL, WORLD);
        win.setErrhandler(MPI.ERRORS_RETURN);
        IntBuffer one = MPI.newIntBuffer(1).put(0, 7);
        win.lock(MPI.LOCK_SHARED, 0, 0);
        win.put(one, 1, MPI.INT, 0, 1, 1, MPI.INT);
        win.flush(0);
        raises(ERR_RMA_RANGE, () -> win.put(one, 1, MPI.INT, 0, 2, 1, MPI.INT), "put", "which has 8 bytes");
        equal(4 * (WORLD.getSize() + 2), win.getAttr(MPI.WIN_SIZE), "the size as it was given");
        win.unlock(0);
        WORLD.barrier();
        if (WORLD.getRank() == 0) {
            equal(7, some.get(1), "the last element");
        }
        win.free();
    }

    @Program
    static void constructors() throws MPIException {
        Errhandler handler = WORLD.getErrhandler();
        WORLD.setErrhandler(MPI.ERRORS_RETURN);
        IntBuffer four = MPI.newIntBuffer(4);
        raises(MPI.ERR_SIZE, () -> new Win(four, -1, 1, null, WORLD), "size", "size is -1");
        raises(MPI.ERR_SIZE, () -> new Win(null, 1, 1, null, WORLD), "null base", "base is null");
        raises(MPI.ERR_DISP, () -> new Win(four, 4, 0, null, WORLD), "unit", "dispUnit is 0");
        raises(MPI.ERR_COMM, () -> new Win(four, 4, 1, null, null), "comm", "comm is null");
        raises(MPI.ERR_BUFFER, () -> new Win(IntBuffer.allocate(4), 4, 1, null, WORLD), "heap", "direct");
        raises(MPI.ERR_BUFFER, () -> new Win(four.asReadOnlyBuffer(), 4, 1, null, WORLD), "read-only", "read-only");
        raises(MPI.ERR_ARG, () -> new Win(4, 1, null, WORLD, four, 2), "flavor", "flavor is 2", "FLAVOR_SHARED");
        raises(MPI.ERR_SIZE, () -> new Win(-4, 1, null, WORLD, four, 0), "size", "size is -4");
        raises(MPI.ERR_SIZE, () -> new Win(-4, 1, null, WORLD, null, 0), "size", "size is -4");
        raises(MPI.ERR_COMM, () -> new Win(null, null), "comm", "comm is null");
        WORLD.setErrhandler(handler);
    }

    @Program
    static void operations() throws MPIException {
        guarded((win, b, me) -> {
            Datatype t = MPI.INT;
            win.fence(0);
            int size = WORLD.getSize();
            raises(MPI.ERR_RANK, () -> win.put(b, 1, t, size, 0, 1, t), "put", "targetRank is " + size);
            raises(MPI.ERR_RANK, () -> win.get(b, 1, t, -1, 0, 1, t), "get", "targetRank is -1");
            raises(MPI.ERR_RANK, () -> win.fetchAndOp(b, b, t, size, 0, MPI.SUM), "fetchAndOp", "targetRank is");
            raises(MPI.ERR_RANK, () -> win.compareAndSwap(b, b, b, t, size, 0), "compareAndSwap", "targetRank is");
            raises(MPI.ERR_COUNT, () -> win.put(b, -1, t, 0, 0, 1, t), "put", "orgCount is -1");
            raises(MPI.ERR_COUNT, () -> win.get(b, 1, t, 0, 0, -1, t), "get", "targetCount is -1");
            raises(MPI.ERR_COUNT, () -> win.put(b, 2, t, 0, 0, 1, t), "put", "8 bytes", "4");
            raises(MPI.ERR_TYPE, () -> win.put(b, 1, null, 0, 0, 1, t), "put", "datatype is null");
            raises(MPI.ERR_TYPE, () -> win.put(b, 1, MPI.FLOAT, 0, 0, 1, t), "put", "FLOAT", "INT");
            raises(MPI.ERR_DISP, () -> win.put(b, 1, t, 0, -1, 1, t), "put", "targetDisp is -1");
            raises(MPI.ERR_DISP, () -> win.fetchAndOp(b, b, t, 0, -1, MPI.SUM), "fetchAndOp", "targetDisp is -1");
            raises(MPI.ERR_DISP, () -> win.compareAndSwap(b, b, b, t, 0, -2), "compareAndSwap", "targetDisp is -2");
            raises(ERR_RMA_RANGE, () -> win.put(b, 1, t, 0, 2, 1, t), "put", "8 bytes", "targetDisp 2");
            raises(ERR_RMA_RANGE, () -> win.get(b, 3, t, 0, 0, 3, t), "get", "8 bytes");
            raises(ERR_RMA_RANGE, () -> win.accumulate(b, 3, t, 0, 0, 3, t, MPI.SUM), "accumulate", "8 bytes");
            raises(ERR_RMA_RANGE, () -> win.getAccumulate(b, 3, t, b, 3, t, 0, 0, 3, t, MPI.SUM), "getAccumulate",
                    "8 bytes");
            raises(ERR_RMA_RANGE, () -> win.fetchAndOp(b, b, t, 0, 2, MPI.SUM), "fetchAndOp", "targetDisp 2");
            raises(ERR_RMA_RANGE, () -> win.compareAndSwap(b, b, b, t, 0, Integer.MAX_VALUE), "compareAndSwap",
                    "targetDisp " + Integer.MAX_VALUE);
            raises(MPI.ERR_BUFFER, () -> win.put(null, 1, t, 0, 0, 1, t), "put", "origin is null");
            raises(MPI.ERR_BUFFER, () -> win.get(b.asReadOnlyBuffer(), 1, t, 0, 0, 1, t), "get", "read-only");
            raises(MPI.ERR_BUFFER, () -> win.put(b, 5, t, 0, 0, 5, t), "put", "origin", "16 bytes");
            raises(MPI.ERR_BUFFER, () -> win.fetchAndOp(b, null, t, 0, 0, MPI.SUM), "fetchAndOp", "resultAddr");
            raises(MPI.ERR_BUFFER, () -> win.compareAndSwap(b, null, b, t, 0, 0), "compareAndSwap", "compareAddr");
            raises(MPI.ERR_BUFFER, () -> win.getAccumulate(b, 1, t, null, 1, t, 0, 0, 1, t, MPI.SUM), "getAccumulate",
                    "resultAddr");
        });
    }

    @Program
    static void reductions() throws MPIException {
        guarded((win, b, me) -> {
            Datatype t = MPI.INT;
            Op user = new Op(new UserFunction() {}, true);
            win.fence(0);
            raises(MPI.ERR_OP, () -> win.accumulate(b, 1, t, 0, 0, 1, t, null), "accumulate", "null");
            raises(MPI.ERR_OP, () -> win.accumulate(b, 1, t, 0, 0, 1, t, user), "accumulate", "predefined");
            raises(MPI.ERR_OP, () -> win.accumulate(b, 1, t, 0, 0, 1, t, MPI.NO_OP), "accumulate", "getAccumulate");
            raises(MPI.ERR_OP, () -> win.accumulate(b, 1, t, 0, 0, 1, t, MPI.MAXLOC), "accumulate", "MAXLOC");
            raises(MPI.ERR_OP, () -> win.fetchAndOp(b, b, t, 0, 0, user), "fetchAndOp", "predefined");
            raises(MPI.ERR_OP, () -> win.getAccumulate(b, 1, t, b, 1, t, 0, 0, 1, t, MPI.MINLOC), "getAccumulate",
                    "MINLOC");
            Datatype two = Datatype.createContiguous(2, t);
            raises(MPI.ERR_TYPE, () -> win.put(b, 1, two, 0, 0, 1, two), "put", "commit");
            two.commit();
            raises(MPI.ERR_TYPE, () -> win.fetchAndOp(b, b, two, 0, 0, MPI.SUM), "fetchAndOp", "getAccumulate");
            raises(MPI.ERR_TYPE, () -> win.compareAndSwap(b, b, b, MPI.FLOAT, 0, 0), "compareAndSwap", "FLOAT",
                    "INT and LONG");
            Datatype mixed = Datatype.createStruct(new int[] {1, 1}, new int[] {0, 4}, new Datatype[] {t, MPI.FLOAT});
            mixed.commit();
            raises(MPI.ERR_TYPE, () -> win.accumulate(b, 1, mixed, 0, 0, 1, mixed, MPI.SUM), "accumulate",
                    "one predefined type");
            mixed.free();
            two.free();
        });
    }

    @Program
    static void epochs() throws MPIException {
        guarded((win, b, me) -> {
            Datatype t = MPI.INT;
            String first = "call fence, start, lock or lockAll first";
            raises(MPI.ERR_RMA_SYNC, () -> win.put(b, 1, t, 0, 0, 1, t), "put", first);
            raises(MPI.ERR_RMA_SYNC, () -> win.rPut(b, 1, t, 0, 0, 1, t), "rPut", first);
            raises(MPI.ERR_RMA_SYNC, () -> win.rGet(b, 1, t, 0, 0, 1, t), "rGet", first);
            raises(MPI.ERR_RMA_SYNC, () -> win.rAccumulate(b, 1, t, 0, 0, 1, t, MPI.SUM), "rAccumulate", first);
            raises(MPI.ERR_RMA_SYNC, () -> win.rGetAccumulate(b, 1, t, b, 1, t, 0, 0, 1, t, MPI.SUM), "rGet...", first);
            raises(MPI.ERR_RMA_SYNC, () -> win.get(b, 1, t, 0, 0, 1, t), "get", first);
            raises(MPI.ERR_RMA_SYNC, () -> win.accumulate(b, 1, t, 0, 0, 1, t, MPI.SUM), "accumulate", first);
            raises(MPI.ERR_RMA_SYNC, () -> win.getAccumulate(b, 1, t, b, 1, t, 0, 0, 1, t, MPI.SUM), "get", first);
            raises(MPI.ERR_RMA_SYNC, () -> win.fetchAndOp(b, b, t, 0, 0, MPI.SUM), "fetchAndOp", first);
            raises(MPI.ERR_RMA_SYNC, () -> win.compareAndSwap(b, b, b, t, 0, 0), "compareAndSwap", first);
            raises(MPI.ERR_RMA_SYNC, () -> win.unlock(0), "unlock", "not locked", "call lock first");
            raises(MPI.ERR_RMA_SYNC, win::unlockAll, "unlockAll", "call lockAll first");
            raises(MPI.ERR_RMA_SYNC, win::complete, "complete", "call start first");
            raises(MPI.ERR_RMA_SYNC, win::waitFor, "waitFor", "call post first");
            raises(MPI.ERR_RMA_SYNC, win::test, "test", "call post first");
            raises(MPI.ERR_RMA_SYNC, () -> win.flush(0), "flush", "call lock or lockAll first");
            raises(MPI.ERR_RMA_SYNC, win::flushAll, "flushAll", "call lock or lockAll first");
            raises(MPI.ERR_RMA_SYNC, () -> win.flushLocal(0), "flushLocal", "call lock or lockAll first");
            raises(MPI.ERR_RMA_SYNC, win::flushLocalAll, "flushLocalAll", "call lock or lockAll first");
            win.lock(MPI.LOCK_SHARED, 0, 0);
            raises(MPI.ERR_RMA_SYNC, () -> win.lock(MPI.LOCK_SHARED, 0, 0), "lock", "unlock it first");
            raises(MPI.ERR_RMA_SYNC, () -> win.lockAll(0), "lockAll", "end that epoch first");
            raises(MPI.ERR_RMA_SYNC, () -> win.fence(0), "fence", "end that epoch first");
            raises(MPI.ERR_RMA_SYNC, () -> win.start(MPI.GROUP_EMPTY, 0), "start", "end that epoch first");
            raises(MPI.ERR_RMA_SYNC, win::free, "free", "end that epoch first");
            win.unlock(0);
            win.post(MPI.GROUP_EMPTY, 0);
            raises(MPI.ERR_RMA_SYNC, () -> win.post(MPI.GROUP_EMPTY, 0), "post", "waitFor or test first");
            win.waitFor();
            win.fence(0);
            win.get(b, 1, t, 0, 0, 1, t);
            raises(MPI.ERR_RMA_SYNC, () -> win.lock(MPI.LOCK_SHARED, 0, 0), "lock", "fence(MPI.MODE_NOSUCCEED)");
            win.fence(MPI.MODE_NOSUCCEED);
        });
    }

    @Program
    static void synchronizationArguments() throws MPIException {
        guarded((win, b, me) -> {
            int size = WORLD.getSize();
            raises(MPI.ERR_ASSERT, () -> win.fence(32), "fence", "assertion of fence is 32");
            raises(MPI.ERR_ASSERT, () -> win.start(MPI.GROUP_EMPTY, -1), "start", "assertion of start is -1");
            raises(MPI.ERR_ASSERT, () -> win.post(MPI.GROUP_EMPTY, 64), "post", "assertion of post is 64");
            raises(MPI.ERR_ASSERT, () -> win.lockAll(99), "lockAll", "assertion of lockAll is 99");
            raises(MPI.ERR_ASSERT, () -> win.lock(MPI.LOCK_SHARED, 0, 99), "lock", "assertion of lock is 99");
            raises(MPI.ERR_LOCKTYPE, () -> win.lock(3, 0, 0), "lock", "lockType is 3", "LOCK_EXCLUSIVE");
            raises(MPI.ERR_RANK, () -> win.lock(MPI.LOCK_SHARED, size, 0), "lock", "rank is " + size);
            raises(MPI.ERR_RANK, () -> win.unlock(size), "unlock", "rank is " + size);
            raises(MPI.ERR_RANK, () -> win.flush(size), "flush", "targetRank is " + size);
            raises(MPI.ERR_RANK, () -> win.flushLocal(-7), "flushLocal", "targetRank is -7");
            raises(MPI.ERR_GROUP, () -> win.start(null, 0), "start", "group is null");
            raises(MPI.ERR_GROUP, () -> win.post(null, 0), "post", "group is null");
        });
    }

    @Program
    static void handles() throws MPIException {
        guarded((win, b, me) -> {
            raises(MPI.ERR_KEYVAL, () -> win.getAttr(-1), "getAttr", "keyval is -1");
            raises(MPI.ERR_KEYVAL, () -> win.setAttr(-1, 1), "setAttr", "keyval is -1");
            raises(MPI.ERR_KEYVAL, () -> win.deleteAttr(-1), "deleteAttr", "keyval is -1");
            raises(MPI.ERR_KEYVAL, () -> Win.freeKeyval(-1), "freeKeyval", "keyval is -1");
            raises(MPI.ERR_ARG, () -> win.setErrhandler(null), "setErrhandler", "errhandler is null");
            raises(ERR_RMA_FLAVOR, () -> win.attach(b, 1), "attach", "new Win(info, comm)");
            raises(ERR_RMA_FLAVOR, () -> win.detach(b), "detach", "new Win(info, comm)");
            Info noLocks = new Info();
            noLocks.set("no_locks", "true");
            win.setInfo(noLocks);
            raises(MPI.ERR_RMA_SYNC, () -> win.lock(MPI.LOCK_SHARED, 0, 0), "lock", "no_locks");
            raises(MPI.ERR_RMA_SYNC, () -> win.lockAll(0), "lockAll", "no_locks");
        });
    }

    @Program
    static void freedWindows() throws MPIException {
        Errhandler handler = WORLD.getErrhandler();
        WORLD.setErrhandler(MPI.ERRORS_RETURN);
        IntBuffer b = MPI.newIntBuffer(1);
        Win win = new Win(b, 1, 1, null, WORLD);
        win.free();
        raises(MPI.ERR_WIN, win::free, "free", "freed");
        raises(MPI.ERR_WIN, () -> win.fence(0), "fence", "freed");
        raises(MPI.ERR_WIN, () -> win.put(b, 1, MPI.INT, 0, 0, 1, MPI.INT), "put", "freed");
        raises(MPI.ERR_WIN, win::test, "test", "freed");
        raises(MPI.ERR_WIN, win::sync, "sync", "freed");
        raises(MPI.ERR_WIN, win::getGroup, "getGroup", "freed");
        raises(MPI.ERR_WIN, win::getInfo, "getInfo", "freed");
        raises(MPI.ERR_WIN, () -> win.setInfo(null), "setInfo", "freed");
        raises(MPI.ERR_WIN, win::getName, "getName", "freed");
        raises(MPI.ERR_WIN, () -> win.setName("x"), "setName", "freed");
        raises(MPI.ERR_WIN, win::getErrhandler, "getErrhandler", "freed");
        raises(MPI.ERR_WIN, () -> win.callErrhandler(1), "callErrhandler", "freed");
        WORLD.setErrhandler(handler);
    }

    /** What is wrong with an address in a dynamic window its owner finds; the origin learns it when the epoch ends. */
    @Program
    static void dynamicWindows() throws MPIException {
        Win win = new Win(null, WORLD);
        win.setErrhandler(MPI.ERRORS_RETURN);
        int target = (WORLD.getRank() + 1) % WORLD.getSize();
        IntBuffer b = MPI.newIntBuffer(2);
        win.attach(b, 2);
        raises(ERR_RMA_ATTACH, () -> win.attach(b, 1), "attach", "overlaps");
        raises(ERR_RMA_ATTACH, () -> win.detach(MPI.newIntBuffer(1)), "detach", "not attached");
        raises(MPI.ERR_ARG, () -> win.attach(null, 1), "attach", "base is null");
        raises(MPI.ERR_ARG, () -> win.detach(null), "detach", "base is null");
        raises(MPI.ERR_SIZE, () -> win.attach(b, 3), "attach", "size is 3");
        raises(MPI.ERR_BUFFER, () -> win.attach(IntBuffer.allocate(1), 1), "attach", "direct");
        WORLD.barrier();
        win.lockAll(0);
        IntBuffer one = MPI.newIntBuffer(1).put(0, 1);
        raises(ERR_RMA_RANGE, () -> {
            win.put(one, 1, MPI.INT, target, 4000, 1, MPI.INT);
            win.flush(target);
        }, "put", "targetDisp is 4000", "attached no memory");
        raises(ERR_RMA_RANGE, () -> {
            win.get(one, 1, MPI.INT, target, 8, 1, MPI.INT);
            win.flush(target);
        }, "get", "attached no memory");
        win.put(one, 1, MPI.INT, target, 4, 1, MPI.INT);
        win.unlockAll();
        WORLD.barrier();
        equal(1, b.get(1), "the window works after errors");
        win.free();
    }

    @Program
    static void queries() throws MPIException {
        IntBuffer b = MPI.newIntBuffer(1);
        Win win = new Win(b, 1, 1, null, WORLD);
        int other = (WORLD.getRank() + 1) % WORLD.getSize();
        if (other != WORLD.getRank()) {
            refused(() -> WindowQuery.memory(win, other), "FLAVOR_SHARED");
        }
        refused(() -> WindowQuery.memory(win, WORLD.getSize()), "rank is");
        refused(() -> WindowQuery.memory("no window", 0), "no mpi.Win");
        win.free();
        refused(() -> WindowQuery.memory(win, 0), "freed");
    }

    private static void refused(Verify.Call call, String part) throws MPIException {
        try {
            call.run();
        } catch (IllegalArgumentException e) {
            Verify.that(e.getMessage().contains(part), "no \"" + part + "\" in " + e.getMessage());
            return;
        }
        throw new AssertionError("not refused: " + part);
    }
}
