package mpi;

import java.lang.ref.Reference;
import java.nio.Buffer;
import java.util.Arrays;
import org.isthmus.comm.Engine;
import org.isthmus.comm.buffer.UserBuffer;
import org.isthmus.comm.coll.CollectiveRequest;
import org.isthmus.comm.datatype.Kind;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.op.PredefinedOp;
import org.isthmus.comm.rma.Exposure;
import org.isthmus.comm.rma.Window;

/**
 * The operations and synchronizations of {@link Win} (MPI 3.1, sections 11.3 to 11.5): check the arguments, resolve the
 * buffers, hand over to the engine's window, turn its errors into the window's. Operations on targets that are reached
 * directly do not enter the engine.
 *
 * <p>The operations repeat one frame on purpose. One method for put, get and accumulate, with a switch inside, took 22,
 * 25 and 43 ns on one node where these take 18, 18 and 31: the compiler inlines these whole.
 */
final class OneSided {
    private static final int ASSERTIONS = Constant.MODE_NOCHECK | Constant.MODE_NOPRECEDE | Constant.MODE_NOPUT
            | Constant.MODE_NOSTORE | Constant.MODE_NOSUCCEED;

    private OneSided() {}

    /** A call on one window. */
    interface Action {
        void run(Window window);
    }

    /** A call on one target of a window. */
    interface TargetAction {
        void run(Window window, int target);
    }

    static Request put(Win win, boolean asRequest, Buffer origin, int orgCount, Datatype orgType, int target, int disp,
            int targetCount, Datatype targetType) throws MPIException {
        Engine engine = Session.engine();
        try {
            Window window = win.window();
            TypeMap type = Checks.message("orgCount", orgCount, orgType);
            TypeMap targetMap = checkTarget(window, type, orgCount, target, disp, targetCount, targetType);
            Object base = UserBuffer.hostSendBase(origin, "origin", orgCount, type);
            long offset = UserBuffer.offset(origin);
            if (target != Constant.PROC_NULL) {
                boolean direct = window.isDirect(target);
                enter(engine, direct);
                try {
                    window.put(base, offset, orgCount, type, target, disp, targetCount, targetMap);
                } finally {
                    exit(engine, direct);
                }
            }
            return asRequest ? request(win, null, origin, null) : null;
        } catch (CommException e) {
            throw Errors.raise(win.handle, e);
        } finally {
            Reference.reachabilityFence(origin);
        }
    }

    static Request get(Win win, boolean asRequest, Buffer origin, int orgCount, Datatype orgType, int target, int disp,
            int targetCount, Datatype targetType) throws MPIException {
        Engine engine = Session.engine();
        try {
            Window window = win.window();
            TypeMap type = Checks.message("orgCount", orgCount, orgType);
            TypeMap targetMap = checkTarget(window, type, orgCount, target, disp, targetCount, targetType);
            Object base = UserBuffer.hostRecvBase(origin, "origin", orgCount, type);
            long offset = UserBuffer.offset(origin);
            CollectiveRequest pending = null;
            if (target != Constant.PROC_NULL) {
                boolean direct = window.isDirect(target);
                enter(engine, direct);
                try {
                    pending = window.get(base, offset, orgCount, type, target, disp, targetCount, targetMap);
                } finally {
                    exit(engine, direct);
                }
            }
            return asRequest ? request(win, pending, null, origin) : null;
        } catch (CommException e) {
            throw Errors.raise(win.handle, e);
        } finally {
            Reference.reachabilityFence(origin);
        }
    }

    static Request accumulate(Win win, boolean asRequest, Buffer origin, int orgCount, Datatype orgType, int target,
            int disp, int targetCount, Datatype targetType, Op op) throws MPIException {
        Engine engine = Session.engine();
        try {
            Window window = win.window();
            TypeMap type = Checks.message("orgCount", orgCount, orgType);
            TypeMap targetMap = checkTarget(window, type, orgCount, target, disp, targetCount, targetType);
            PredefinedOp function = operation(op, targetType);
            if (function == PredefinedOp.NO_OP) {
                throw new CommException(ErrorClass.OP,
                        "MPI.NO_OP is for getAccumulate, rGetAccumulate and fetchAndOp; use one of these");
            }
            checkElements("orgType", type, targetMap);
            Object base = UserBuffer.hostSendBase(origin, "origin", orgCount, type);
            long offset = UserBuffer.offset(origin);
            if (target != Constant.PROC_NULL) {
                boolean direct = window.isDirect(target);
                enter(engine, direct);
                try {
                    window.accumulate(function, base, offset, orgCount, type, target, disp, targetCount, targetMap);
                } finally {
                    exit(engine, direct);
                }
            }
            return asRequest ? request(win, null, origin, null) : null;
        } catch (CommException e) {
            throw Errors.raise(win.handle, e);
        } finally {
            Reference.reachabilityFence(origin);
        }
    }

    static Request getAccumulate(Win win, boolean asRequest, Buffer origin, int orgCount, Datatype orgType,
            Buffer result, int resultCount, Datatype resultType, int target, int disp, int targetCount,
            Datatype targetType, Op op) throws MPIException {
        Engine engine = Session.engine();
        try {
            Window window = win.window();
            TypeMap resultMap = Checks.message("resultCount", resultCount, resultType);
            TypeMap targetMap = checkTarget(window, resultMap, resultCount, target, disp, targetCount, targetType);
            PredefinedOp function = operation(op, targetType);
            checkElements("resultType", resultMap, targetMap);
            TypeMap type = null;
            Object base = null;
            if (function != PredefinedOp.NO_OP) {
                type = Checks.message("orgCount", orgCount, orgType);
                checkTarget(window, type, orgCount, target, disp, targetCount, targetType);
                checkElements("orgType", type, targetMap);
                base = UserBuffer.hostSendBase(origin, "origin", orgCount, type);
            }
            long offset = base == null ? 0 : UserBuffer.offset(origin);
            Object resultBase = UserBuffer.hostRecvBase(result, "resultAddr", resultCount, resultMap);
            long resultOffset = UserBuffer.offset(result);
            CollectiveRequest pending = null;
            if (target != Constant.PROC_NULL) {
                boolean direct = window.isDirect(target);
                enter(engine, direct);
                try {
                    pending = window.getAccumulate(function, base, offset, orgCount, type, resultBase, resultOffset,
                            resultCount, resultMap, target, disp, targetCount, targetMap);
                } finally {
                    exit(engine, direct);
                }
            }
            return asRequest ? request(win, pending, origin, result) : null;
        } catch (CommException e) {
            throw Errors.raise(win.handle, e);
        } finally {
            Reference.reachabilityFence(origin);
            Reference.reachabilityFence(result);
        }
    }

    static void fetchAndOp(Win win, Buffer origin, Buffer result, Datatype dataType, int target, int disp, Op op)
            throws MPIException {
        Engine engine = Session.engine();
        try {
            Window window = win.window();
            TypeMap type = Checks.type(dataType);
            if (type.kind() == Kind.DERIVED) {
                throw new CommException(ErrorClass.TYPE, "dataType is " + dataType.describe()
                        + "; fetchAndOp is for one element of a predefined type: use getAccumulate");
            }
            checkRank(window, "targetRank", target);
            PredefinedOp function = operation(op, dataType);
            Object base = function == PredefinedOp.NO_OP ? null : UserBuffer.hostSendBase(origin, "origin", 1, type);
            long offset = base == null ? 0 : UserBuffer.offset(origin);
            Object resultBase = UserBuffer.hostRecvBase(result, "resultAddr", 1, type);
            long resultOffset = UserBuffer.offset(result);
            if (target != Constant.PROC_NULL) {
                boolean direct = window.isDirect(target);
                enter(engine, direct);
                try {
                    window.fetchAndOp(function, base, offset, resultBase, resultOffset, type, target, disp);
                } finally {
                    exit(engine, direct);
                }
            }
        } catch (CommException e) {
            throw Errors.raise(win.handle, e);
        } finally {
            Reference.reachabilityFence(origin);
            Reference.reachabilityFence(result);
        }
    }

    static void compareAndSwap(Win win, Buffer origin, Buffer compare, Buffer result, Datatype dataType, int target,
            int disp) throws MPIException {
        Engine engine = Session.engine();
        try {
            Window window = win.window();
            TypeMap type = Checks.type(dataType);
            boolean integer = type.kind() == Kind.PRIMITIVE && switch (type.base()) {
                case BYTE, CHAR, SHORT, BOOLEAN, INT, LONG -> true;
                default -> false;
            };
            if (!integer) {
                throw new CommException(ErrorClass.TYPE, "targetType is " + dataType.describe()
                        + "; compareAndSwap is for MPI.BYTE, CHAR, SHORT, BOOLEAN, INT and LONG");
            }
            checkRank(window, "targetRank", target);
            Object base = UserBuffer.hostSendBase(origin, "origin", 1, type);
            Object compareBase = UserBuffer.hostSendBase(compare, "compareAddr", 1, type);
            Object resultBase = UserBuffer.hostRecvBase(result, "resultAddr", 1, type);
            if (target != Constant.PROC_NULL) {
                boolean direct = window.isDirect(target);
                enter(engine, direct);
                try {
                    window.compareAndSwap(base, UserBuffer.offset(origin), compareBase, UserBuffer.offset(compare),
                            resultBase, UserBuffer.offset(result), type, target, disp);
                } finally {
                    exit(engine, direct);
                }
            }
        } catch (CommException e) {
            throw Errors.raise(win.handle, e);
        } finally {
            Reference.reachabilityFence(origin);
            Reference.reachabilityFence(compare);
            Reference.reachabilityFence(result);
        }
    }

    /** Runs a call of section 11.5 in the engine. */
    static void synchronize(Win win, String call, int assertion, Action action) throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            Window window = win.window();
            checkAssertion(call, assertion);
            action.run(window);
        } catch (CommException e) {
            throw Errors.raise(win.handle, e);
        } finally {
            engine.exit();
        }
    }

    static void atTarget(Win win, String name, int target, TargetAction action) throws MPIException {
        synchronize(win, name, 0, window -> {
            checkRank(window, name, target);
            if (target != Constant.PROC_NULL) {
                action.run(window, target);
            }
        });
    }

    static void lock(Win win, int lockType, int rank, int assertion) throws MPIException {
        synchronize(win, "lock", assertion, window -> {
            if (lockType != Constant.LOCK_EXCLUSIVE && lockType != Constant.LOCK_SHARED) {
                throw new CommException(ErrorClass.LOCKTYPE, "lockType is " + lockType
                        + "; it must be MPI.LOCK_EXCLUSIVE (" + Constant.LOCK_EXCLUSIVE + ") or MPI.LOCK_SHARED ("
                        + Constant.LOCK_SHARED + ")");
            }
            checkRank(window, "rank", rank);
            checkLocks(win);
            if (rank != Constant.PROC_NULL) {
                window.lock(rank, lockType == Constant.LOCK_EXCLUSIVE);
            }
        });
    }

    /** Refuses locks on a window whose hints say that there are none. */
    static void checkLocks(Win win) {
        if (!win.hasLocks()) {
            throw new CommException(ErrorClass.RMA_SYNC, "the window has the hint no_locks = true: make it without "
                    + "that hint, or use fence or start");
        }
    }

    static void attach(Win win, Buffer base, int size) throws MPIException {
        synchronize(win, "attach", 0, window -> {
            Checks.notNull(base, "base");
            Exposure exposure = exposure(base, WindowMaker.bytes(base, size, WindowMaker.unit(base)));
            window.attach(exposure.memory(), exposure.offset(), exposure.bytes(), base);
        });
    }

    static void detach(Win win, Buffer base) throws MPIException {
        synchronize(win, "detach", 0, window -> {
            Checks.notNull(base, "base");
            Exposure exposure = exposure(base, 0);
            window.detach(exposure.memory(), exposure.offset());
        });
    }

    private static Exposure exposure(Buffer base, long bytes) {
        return WindowMaker.expose(Exposure.Flavor.DYNAMIC, base, bytes, 1);
    }

    /** The ranks in the window of the members of {@code group}. */
    static int[] members(Window window, Group group) {
        Communicator comm = window.communicator();
        return Arrays.stream(Group.members(group, "group")).map(worldRank -> {
            int rank = comm.rankOfWorld(worldRank);
            if (rank < 0) {
                throw new CommException(ErrorClass.GROUP, "group has a member, rank " + worldRank
                        + " of MPI.COMM_WORLD, that is not in the window's group");
            }
            return rank;
        }).toArray();
    }

    private static void enter(Engine engine, boolean direct) {
        if (!direct) {
            engine.enter();
        }
    }

    private static void exit(Engine engine, boolean direct) {
        if (!direct) {
            engine.exit();
        }
    }

    private static Request request(Win win, CollectiveRequest pending, Object sendBuffer, Object recvBuffer) {
        return new Request(win.handle, pending == null ? new FinishedTransfer() : pending, false, sendBuffer,
                recvBuffer);
    }

    /** The target's datatype, when rank, count and type are right and fit {@code count} elements of {@code type}. */
    private static TypeMap checkTarget(Window window, TypeMap type, int count, int target, int disp, int targetCount,
            Datatype targetType) {
        checkRank(window, "targetRank", target);
        TypeMap map = Checks.message("targetCount", targetCount, targetType);
        if (map.base() != type.base()) {
            throw new CommException(ErrorClass.TYPE, "the origin's datatype is of base " + type.base()
                    + ", the target's of base " + map.base() + "; they must have the same");
        }
        if (type.size() * count != map.size() * targetCount) {
            throw new CommException(ErrorClass.COUNT, "the origin describes " + type.size() * count
                    + " bytes of data, the target " + map.size() * targetCount + "; they must describe the same data");
        }
        if (disp < 0) {
            throw new CommException(ErrorClass.DISP, "targetDisp is " + disp + "; it must be 0 or more");
        }
        return map;
    }

    private static void checkRank(Window window, String name, int rank) {
        int size = window.communicator().size();
        if ((rank < 0 || rank >= size) && rank != Constant.PROC_NULL) {
            throw new CommException(ErrorClass.RANK, name + " is " + rank + "; it must be a rank from 0 to "
                    + (size - 1) + " or MPI.PROC_NULL");
        }
    }

    private static void checkAssertion(String call, int assertion) {
        if ((assertion & ~ASSERTIONS) != 0) {
            throw new CommException(ErrorClass.ASSERT, "assertion of " + call + " is " + assertion
                    + "; it must be 0 or a sum of constants MPI.MODE_NO*");
        }
    }

    private static void checkElements(String name, TypeMap type, TypeMap target) {
        if (type.element() != target.element()) {
            throw new CommException(ErrorClass.TYPE, name
                    + " is not made of the same predefined type as the target's datatype");
        }
    }

    /** A predefined operation that is defined for the elements of {@code type}. */
    private static PredefinedOp operation(Op op, Datatype type) {
        if (op == null || op.isNull()) {
            throw new CommException(ErrorClass.OP, "the operation " + (op == null ? "is null" : "was freed"));
        }
        if (!(op.function(type) instanceof PredefinedOp function)) {
            throw new CommException(ErrorClass.OP, "the operation is the user's; accumulates take predefined ones "
                    + "only: use get, combine and put under an exclusive lock");
        }
        TypeMap element = type.map.element();
        if (element == null || element.base() == Primitive.PACKED) {
            throw new CommException(ErrorClass.TYPE, "the target's datatype (" + type.describe()
                    + ") is not made of one predefined type: accumulate each part by itself");
        }
        if (!function.supports(element)) {
            throw new CommException(ErrorClass.OP, "operation " + function + " is not defined for datatype "
                    + type.describe() + ": use another one");
        }
        return function;
    }
}
