package mpi;

import java.nio.Buffer;
import org.isthmus.comm.Engine;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.rma.Window;

/**
 * A window: memory that each member of a communicator opens to the others, who put, get and combine data in it without
 * its help (MPI 3.1, chapter 11).
 *
 * <p>Origin and result buffers are NIO buffers, of which position and limit are ignored; the origin's and the target's
 * datatype have the same base. {@code targetDisp} counts units of the target's window. An operation needs an epoch: of
 * {@link #fence}, {@link #start}, {@link #lock} or {@link #lockAll}, the request forms as well, for which the standard
 * allows only the last two; unless it is complete earlier, it is when the
 * epoch ends or a flush returns. A target of {@code MPI.PROC_NULL} does nothing.
 *
 * <p>Where the target's memory lies in the node's shared memory ({@code MPI.new*Buffer}, or memory that the window
 * allocates) and the target runs on this node, operations are loads, stores and atomic instructions. All others ask the
 * target by message; it answers also while it computes. Sizes and units in constructors count elements of the buffer.
 *
 * <p>An error goes to the window's error handler, which is fatal at first; those of constructors to the communicator's.
 * Threads as in {@link Comm}. The work behind the calls is in {@link OneSided} and {@link WindowMaker}.
 */
public final class Win implements Freeable {
    /** The null handle of other bindings. */
    public static final int WIN_NULL = 0;

    /** Flavors of windows that allocate memory: for the window alone; shared by the ranks of a node. */
    public static final int FLAVOR_PRIVATE = 0, FLAVOR_SHARED = 1;

    private static final Attributes.Keyvals KEYVALS = new Attributes.Keyvals();

    /** The window's communicator, with the window's error handler: for errors and requests. */
    final Comm handle = new Comm(null);

    private final Attributes attributes = new Attributes();
    private Window window;
    private Info info;
    private String name = "";
    /** -1 where it is the window's. */
    private long declaredBytes = -1;

    /**
     * A window on {@code base}. Collective.
     *
     * @param base a direct buffer; only one of {@code MPI.new*Buffer} is reached without messages
     * @param size of the window, in elements of {@code base}; what others reach is the whole buffer, and an access
     *     beyond its end an {@code ERR_RMA_RANGE}
     * @param dispUnit elements of {@code base} in a unit of displacement
     */
    public Win(Buffer base, int size, int dispUnit, Info info, Comm comm) throws MPIException {
        WindowMaker.create(this, base, size, dispUnit, info, comm);
    }

    /**
     * A window that brings its own memory. Collective. A direct {@code base} with room for {@code size} elements is
     * that memory; if it is null or has no element, the window allocates, and
     * {@code org.isthmus.comm.rma.WindowQuery} gives a buffer of it.
     *
     * @param size of the window, in elements of {@code base}; of a null one, in bytes
     * @param dispUnit elements of {@code base} in a unit of displacement
     * @param flavor {@link #FLAVOR_PRIVATE}, or {@link #FLAVOR_SHARED}: for ranks of one node
     */
    public Win(int size, int dispUnit, Info info, Comm comm, Buffer base, int flavor) throws MPIException {
        WindowMaker.allocate(this, size, dispUnit, info, comm, base, flavor);
    }

    /** A window without memory, for {@link #attach}; displacements are in bytes. Collective. */
    public Win(Info info, Comm comm) throws MPIException {
        WindowMaker.dynamic(this, info, comm);
    }

    /** The size that the program has given, where the window has another one. */
    void declare(long bytes) {
        declaredBytes = bytes;
    }

    /** Completes construction. */
    void open(Window made, Info hints) {
        this.window = made;
        this.info = hints;
        handle.open(made.communicator(), "a window of " + made.communicator().size() + " ranks");
    }

    /** The engine's side of this window. */
    Window window() {
        Window w = window;
        if (w == null) {
            throw new CommException(ErrorClass.WIN, "the window was freed: make a new one");
        }
        return w;
    }

    boolean hasLocks() {
        return !"true".equals(WindowMaker.hint(info, "no_locks"));
    }

    private interface Call<T> {
        T run(Window window) throws MPIException;
    }

    /** Runs a call in a session on a window that is not freed; errors go to the window's handler. */
    private <T> T call(Call<T> body) throws MPIException {
        Session.check();
        try {
            return body.run(window());
        } catch (CommException e) {
            throw Errors.raise(handle, e);
        }
    }

    /**
     * Adds {@code size} elements of {@code base} to a dynamic window of this process. The first buffer begins at
     * displacement 0, each further one at the next multiple of 64 behind all that are attached.
     */
    public void attach(Buffer base, int size) throws MPIException {
        OneSided.attach(this, base, size);
    }

    /** Takes memory away that was attached. */
    public void detach(Buffer base) throws MPIException {
        OneSided.detach(this, base);
    }

    /** The members. */
    public Group getGroup() throws MPIException {
        return call(w -> new Group(w.communicator().localWorldRanks()));
    }

    public void put(Buffer origin, int orgCount, Datatype orgType, int targetRank, int targetDisp, int targetCount,
            Datatype targetType) throws MPIException {
        OneSided.put(this, false, origin, orgCount, orgType, targetRank, targetDisp, targetCount, targetType);
    }

    public void get(Buffer origin, int orgCount, Datatype orgType, int targetRank, int targetDisp, int targetCount,
            Datatype targetType) throws MPIException {
        OneSided.get(this, false, origin, orgCount, orgType, targetRank, targetDisp, targetCount, targetType);
    }

    /** Combines the target's elements with the origin's: {@code target = origin op target}, each atomically. */
    public void accumulate(Buffer origin, int orgCount, Datatype orgType, int targetRank, int targetDisp,
            int targetCount, Datatype targetType, Op op) throws MPIException {
        OneSided.accumulate(this, false, origin, orgCount, orgType, targetRank, targetDisp, targetCount, targetType,
                op);
    }

    /**
     * Ends the access and exposure epochs of the last fence and begins new ones. Collective.
     *
     * @param assertion 0 or a sum of {@code MODE_NOSTORE}, {@code NOPUT}, {@code NOPRECEDE} and {@code NOSUCCEED};
     *     with the last no epoch begins
     */
    public void fence(int assertion) throws MPIException {
        OneSided.synchronize(this, "fence", assertion,
                w -> w.fence((assertion & Constant.MODE_NOSUCCEED) == 0));
    }

    /** Begins access to the members of {@code group}, once each has called {@link #post}. */
    public void start(Group group, int assertion) throws MPIException {
        OneSided.synchronize(this, "start", assertion, w -> w.start(OneSided.members(w, group)));
    }

    /** Ends the epoch of {@link #start}. */
    public void complete() throws MPIException {
        OneSided.synchronize(this, "complete", 0, Window::complete);
    }

    /** Opens this process's window to the members of {@code group}. */
    public void post(Group group, int assertion) throws MPIException {
        OneSided.synchronize(this, "post", assertion, w -> w.post(OneSided.members(w, group)));
    }

    /** Ends the exposure of {@link #post}, once all of its group have called {@link #complete}. */
    public void waitFor() throws MPIException {
        OneSided.synchronize(this, "waitFor", 0, Window::waitFor);
    }

    /** As {@link #waitFor}, without waiting; whether the exposure has ended. */
    public boolean test() throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            return window().test();
        } catch (CommException e) {
            throw Errors.raise(handle, e);
        } finally {
            engine.exit();
        }
    }

    /** Begins access to {@code rank}. @param lockType {@code MPI.LOCK_SHARED} or {@code MPI.LOCK_EXCLUSIVE} */
    public void lock(int lockType, int rank, int assertion) throws MPIException {
        OneSided.lock(this, lockType, rank, assertion);
    }

    /** Ends the epoch of {@link #lock}; everything done in it is complete at the target. */
    public void unlock(int rank) throws MPIException {
        OneSided.atTarget(this, "rank", rank, (w, target) -> w.unlock(target));
    }

    public void setErrhandler(Errhandler errhandler) throws MPIException {
        call(w -> {
            handle.setErrhandler(errhandler);
            return null;
        });
    }

    public Errhandler getErrhandler() throws MPIException {
        return call(w -> handle.getErrhandler());
    }

    /** Does what the error handler does with {@code errorCode}; with {@code ERRORS_RETURN} that is nothing. */
    public void callErrhandler(int errorCode) throws MPIException {
        call(w -> {
            handle.callErrhandler(errorCode);
            return null;
        });
    }

    public static int createKeyval() throws MPIException {
        Session.check();
        return KEYVALS.create();
    }

    public static void freeKeyval(int keyval) throws MPIException {
        Session.check();
        try {
            KEYVALS.free(keyval);
        } catch (CommException e) {
            throw Errors.raise(e);
        }
    }

    /** Attaches a serialized copy of {@code value}. */
    public void setAttr(int keyval, Object value) throws MPIException {
        call(w -> {
            KEYVALS.check(keyval);
            attributes.set(keyval, value);
            return null;
        });
    }

    /**
     * A copy of the attribute's value, null when it is not set. {@code MPI.WIN_BASE} is a Long, the address;
     * {@code WIN_SIZE} and {@code WIN_DISP_UNIT} are Integers, in bytes.
     */
    public Object getAttr(int keyval) throws MPIException {
        return call(w -> {
            int me = w.communicator().rank();
            return switch (keyval) {
                case Constant.WIN_BASE -> (Object) w.address();
                case Constant.WIN_SIZE -> Math.toIntExact(declaredBytes >= 0 ? declaredBytes : w.bytes(me));
                case Constant.WIN_DISP_UNIT -> w.unit(me);
                default -> {
                    KEYVALS.checkUse(keyval, attributes);
                    yield attributes.get(keyval);
                }
            };
        });
    }

    public void deleteAttr(int keyval) throws MPIException {
        call(w -> {
            KEYVALS.checkUse(keyval, attributes);
            attributes.delete(keyval);
            return null;
        });
    }

    /** Gives the window back, after all members have come here. Collective. */
    @Override
    public void free() throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            engine.windows().free(window());
            window = null;
            handle.open(null, "");
        } catch (CommException e) {
            throw Errors.raise(handle, e);
        } finally {
            engine.exit();
        }
    }

    /** The hints in use, to be freed by the caller. */
    public Info getInfo() throws MPIException {
        return call(w -> Info.copyOf(info));
    }

    /** Sets hints; see {@code docs/rma.md} for those that matter. Collective. */
    public void setInfo(Info info) throws MPIException {
        call(w -> {
            this.info = WindowMaker.hints(this.info, info);
            return null;
        });
    }

    // Request forms: in epochs of lock and lockAll. When the request is complete, the origin buffer of rPut and
    // rAccumulate may be used again; of the others the data is there.

    public Request rPut(Buffer origin_addr, int origin_count, Datatype origin_datatype, int target_rank,
            int target_disp, int target_count, Datatype target_datatype) throws MPIException {
        return OneSided.put(this, true, origin_addr, origin_count, origin_datatype, target_rank, target_disp,
                target_count, target_datatype);
    }

    public Request rGet(Buffer origin, int orgCount, Datatype orgType, int targetRank, int targetDisp, int targetCount,
            Datatype targetType) throws MPIException {
        return OneSided.get(this, true, origin, orgCount, orgType, targetRank, targetDisp, targetCount, targetType);
    }

    public Request rAccumulate(Buffer origin, int orgCount, Datatype orgType, int targetRank, int targetDisp,
            int targetCount, Datatype targetType, Op op) throws MPIException {
        return OneSided.accumulate(this, true, origin, orgCount, orgType, targetRank, targetDisp, targetCount,
                targetType, op);
    }

    /** As {@link #accumulate}; the elements as they were before go to {@code resultAddr}. */
    public void getAccumulate(Buffer origin, int orgCount, Datatype orgType, Buffer resultAddr, int resultCount,
            Datatype resultType, int targetRank, int targetDisp, int targetCount, Datatype targetType, Op op)
            throws MPIException {
        OneSided.getAccumulate(this, false, origin, orgCount, orgType, resultAddr, resultCount, resultType, targetRank,
                targetDisp, targetCount, targetType, op);
    }

    public Request rGetAccumulate(Buffer origin, int orgCount, Datatype orgType, Buffer resultAddr, int resultCount,
            Datatype resultType, int targetRank, int targetDisp, int targetCount, Datatype targetType, Op op)
            throws MPIException {
        return OneSided.getAccumulate(this, true, origin, orgCount, orgType, resultAddr, resultCount, resultType,
                targetRank, targetDisp, targetCount, targetType, op);
    }

    /** Begins access to all members, with shared locks. */
    public void lockAll(int assertion) throws MPIException {
        OneSided.synchronize(this, "lockAll", assertion, w -> {
            OneSided.checkLocks(this);
            w.lockAll();
        });
    }

    /** Ends the epoch of {@link #lockAll}. */
    public void unlockAll() throws MPIException {
        OneSided.synchronize(this, "unlockAll", 0, Window::unlockAll);
    }

    /** Lets loads and stores of this process and what others do to its window see each other. */
    public void sync() throws MPIException {
        call(w -> {
            w.sync();
            return null;
        });
    }

    /** Completes all operations on {@code targetRank}, at both sides. */
    public void flush(int targetRank) throws MPIException {
        OneSided.atTarget(this, "targetRank", targetRank, (w, target) -> w.flush(target));
    }

    public void flushAll() throws MPIException {
        OneSided.synchronize(this, "flushAll", 0, Window::flushAll);
    }

    /** Stores {@code origin}'s element if the target's equals {@code compareAddr}'s; the result is what was there. */
    public void compareAndSwap(Buffer origin, Buffer compareAddr, Buffer resultAddr, Datatype targetType,
            int targetRank, int targetDisp) throws MPIException {
        OneSided.compareAndSwap(this, origin, compareAddr, resultAddr, targetType, targetRank, targetDisp);
    }

    /** {@link #getAccumulate} of one element of a predefined type. */
    public void fetchAndOp(Buffer origin, Buffer resultAddr, Datatype dataType, int targetRank, int targetDisp, Op op)
            throws MPIException {
        OneSided.fetchAndOp(this, origin, resultAddr, dataType, targetRank, targetDisp, op);
    }

    /** Completes all operations on {@code targetRank} at this side: buffers may be used again. */
    public void flushLocal(int targetRank) throws MPIException {
        OneSided.atTarget(this, "targetRank", targetRank, (w, target) -> w.flushLocal(target));
    }

    public void flushLocalAll() throws MPIException {
        OneSided.synchronize(this, "flushLocalAll", 0, Window::flushLocalAll);
    }

    public String getName() throws MPIException {
        return call(w -> name);
    }

    /** Sets the name; beyond {@code MPI.MAX_OBJECT_NAME - 1} characters it is cut. */
    public void setName(String name) throws MPIException {
        call(w -> {
            this.name = Comm.cutName(name);
            return null;
        });
    }
}
