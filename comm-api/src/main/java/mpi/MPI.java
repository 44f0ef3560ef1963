package mpi;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import org.isthmus.comm.Engine;
import org.isthmus.comm.buffer.UserBuffer;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.file.AccessMode;
import org.isthmus.comm.file.ParallelFile;
import org.isthmus.comm.op.PredefinedOp;

/**
 * The environment (MPI 3.1, chapter 8) and the constants of the API.
 *
 * <p>Between {@link #Init} (or {@link #InitThread}) and {@link #Finalize} a process is a rank of its job; both are
 * called once, by the same thread. Most calls outside that time throw an {@link MPIException}. Constants have the
 * values of Open MPI 4.1.
 *
 * <p>The file is long because of its constants and its overloads for each buffer type.
 */
public final class MPI {
    /** All ranks of the job; this process alone. */
    public static final Intracomm COMM_WORLD = new Intracomm(null), COMM_SELF = new Intracomm(null);

    /** Thread levels (section 12.4.3). */
    public static final int THREAD_SINGLE, THREAD_FUNNELED, THREAD_SERIALIZED, THREAD_MULTIPLE;

    /** Kinds of topology. */
    public static final int CART, GRAPH, DIST_GRAPH;

    /** Wildcards of receives and probes, the rank of nobody, the root of an intercommunicator's own group. */
    public static final int ANY_SOURCE, ANY_TAG, PROC_NULL, ROOT;

    /** A result that has no value. */
    public static final int UNDEFINED;

    /** Results of comparisons. */
    public static final int IDENT, CONGRUENT, SIMILAR, UNEQUAL;

    /** Keys of predefined attributes. */
    public static final int TAG_UB, HOST, IO, WTIME_IS_GLOBAL, APPNUM, LASTUSEDCODE, UNIVERSE_SIZE, WIN_BASE, WIN_SIZE,
            WIN_DISP_UNIT, KEYVAL_INVALID;

    /** Version of the standard. */
    public static final int VERSION, SUBVERSION;

    /** Bytes that a buffered send needs beyond its data. */
    public static final int BSEND_OVERHEAD;

    /** Longest names. */
    public static final int MAX_OBJECT_NAME, MAX_PORT_NAME, MAX_DATAREP_STRING, MAX_INFO_KEY, MAX_INFO_VAL;

    /** Array orders and distributions. */
    public static final int ORDER_C, ORDER_FORTRAN, DISTRIBUTE_BLOCK, DISTRIBUTE_CYCLIC, DISTRIBUTE_NONE,
            DISTRIBUTE_DFLT_DARG;

    /** File access modes and positions. */
    public static final int MODE_CREATE, MODE_RDONLY, MODE_WRONLY, MODE_RDWR, MODE_DELETE_ON_CLOSE, MODE_UNIQUE_OPEN,
            MODE_EXCL, MODE_APPEND, MODE_SEQUENTIAL, DISPLACEMENT_CURRENT, SEEK_SET, SEEK_CUR, SEEK_END;

    /** Assertions and locks of one-sided communication. */
    public static final int MODE_NOCHECK, MODE_NOPRECEDE, MODE_NOPUT, MODE_NOSTORE, MODE_NOSUCCEED, LOCK_EXCLUSIVE,
            LOCK_SHARED;

    /** Error classes (section 8.4). */
    public static final int SUCCESS, ERR_BUFFER, ERR_COUNT, ERR_TYPE, ERR_TAG, ERR_COMM, ERR_RANK, ERR_REQUEST,
            ERR_ROOT, ERR_GROUP, ERR_OP, ERR_TOPOLOGY, ERR_DIMS, ERR_ARG, ERR_UNKNOWN, ERR_TRUNCATE, ERR_OTHER,
            ERR_INTERN, ERR_IN_STATUS, ERR_PENDING, ERR_ACCESS, ERR_AMODE, ERR_ASSERT, ERR_BAD_FILE, ERR_BASE,
            ERR_CONVERSION, ERR_DISP, ERR_DUP_DATAREP, ERR_FILE_EXISTS, ERR_FILE_IN_USE, ERR_FILE, ERR_INFO_KEY,
            ERR_INFO_NOKEY, ERR_INFO_VALUE, ERR_INFO, ERR_IO, ERR_KEYVAL, ERR_LOCKTYPE, ERR_NAME, ERR_NO_MEM,
            ERR_NOT_SAME, ERR_NO_SPACE, ERR_NO_SUCH_FILE, ERR_PORT, ERR_QUOTA, ERR_READ_ONLY, ERR_RMA_CONFLICT,
            ERR_RMA_SYNC, ERR_SERVICE, ERR_SIZE, ERR_SPAWN, ERR_UNSUPPORTED_DATAREP, ERR_UNSUPPORTED_OPERATION, ERR_WIN,
            ERR_PROC_ABORTED, ERR_LASTCODE, ERR_SYSRESOURCE;

    /** Reduction operations (sections 5.9.2 and 11.3.4). */
    public static final Op MAX = new Op(PredefinedOp.MAX), MIN = new Op(PredefinedOp.MIN),
            SUM = new Op(PredefinedOp.SUM), PROD = new Op(PredefinedOp.PROD), LAND = new Op(PredefinedOp.LAND),
            BAND = new Op(PredefinedOp.BAND), LOR = new Op(PredefinedOp.LOR), BOR = new Op(PredefinedOp.BOR),
            LXOR = new Op(PredefinedOp.LXOR), BXOR = new Op(PredefinedOp.BXOR),
            MINLOC = new Op(PredefinedOp.MINLOC), MAXLOC = new Op(PredefinedOp.MAXLOC),
            REPLACE = new Op(PredefinedOp.REPLACE), NO_OP = new Op(PredefinedOp.NO_OP);

    /** The null datatype. */
    public static final Datatype DATATYPE_NULL = Datatype.nullHandle();

    /** Java's primitive types, and packed data. A byte is unsigned where that matters: in MAX and MIN. */
    public static final Datatype BYTE = Datatype.predefined(Primitive.BYTE), CHAR = Datatype.predefined(Primitive.CHAR),
            SHORT = Datatype.predefined(Primitive.SHORT), BOOLEAN = Datatype.predefined(Primitive.BOOLEAN),
            INT = Datatype.predefined(Primitive.INT), LONG = Datatype.predefined(Primitive.LONG),
            FLOAT = Datatype.predefined(Primitive.FLOAT), DOUBLE = Datatype.predefined(Primitive.DOUBLE),
            PACKED = Datatype.predefined(Primitive.PACKED);

    /** Complex numbers: real and imaginary part in two elements of a float or double array. */
    public static final Datatype FLOAT_COMPLEX = Datatype.predefined(TypeMap.FLOAT_COMPLEX, "MPI_FLOAT_COMPLEX"),
            DOUBLE_COMPLEX = Datatype.predefined(TypeMap.DOUBLE_COMPLEX, "MPI_DOUBLE_COMPLEX");

    /** Pairs of a value and an int index for MINLOC and MAXLOC, in a byte array or byte buffer as C lays them out. */
    public static final Datatype INT2 = Datatype.predefined(TypeMap.INT2, "MPI_INT2"),
            SHORT_INT = Datatype.predefined(TypeMap.SHORT_INT, "MPI_SHORT_INT"),
            LONG_INT = Datatype.predefined(TypeMap.LONG_INT, "MPI_LONG_INT"),
            FLOAT_INT = Datatype.predefined(TypeMap.FLOAT_INT, "MPI_FLOAT_INT"),
            DOUBLE_INT = Datatype.predefined(TypeMap.DOUBLE_INT, "MPI_DOUBLE_INT");

    /** The same pairs as structs, which lay views over buffers. */
    public static final Int2 int2 = new Int2(4, 4);
    public static final ShortInt shortInt = new ShortInt(2, 4, 4);
    public static final LongInt longInt = new LongInt(8, 8, 4);
    public static final FloatInt floatInt = new FloatInt(4, 4);
    public static final DoubleInt doubleInt = new DoubleInt(8, 4);

    public static final Request REQUEST_NULL = new Request();
    public static final Group GROUP_EMPTY = Group.EMPTY;

    /** How this process was started; filled by {@link #Init}. */
    public static final Info INFO_ENV = new Info(Environment.emptyInfo());

    public static final Info INFO_NULL = new Info(null);

    /** Error handlers: the first two end the job, the third makes calls throw. */
    public static final Errhandler ERRORS_ARE_FATAL = Errhandler.ARE_FATAL, ERRORS_ABORT = Errhandler.ABORT,
            ERRORS_RETURN = Errhandler.RETURN;

    // Assigned here and not where they are declared: so they are no compile-time constants, which would be copied into
    // the programs that are compiled against them.
    static {
        THREAD_SINGLE = Constant.THREAD_SINGLE;
        THREAD_FUNNELED = Constant.THREAD_FUNNELED;
        THREAD_SERIALIZED = Constant.THREAD_SERIALIZED;
        THREAD_MULTIPLE = Constant.THREAD_MULTIPLE;
        CART = 1;
        GRAPH = 2;
        DIST_GRAPH = 3;
        ANY_SOURCE = Constant.ANY_SOURCE;
        ANY_TAG = Constant.ANY_TAG;
        PROC_NULL = Constant.PROC_NULL;
        ROOT = Constant.ROOT;
        UNDEFINED = Constant.UNDEFINED;
        IDENT = Constant.IDENT;
        CONGRUENT = Constant.CONGRUENT;
        SIMILAR = Constant.SIMILAR;
        UNEQUAL = Constant.UNEQUAL;
        TAG_UB = Constant.TAG_UB;
        HOST = Constant.HOST;
        IO = Constant.IO;
        WTIME_IS_GLOBAL = Constant.WTIME_IS_GLOBAL;
        APPNUM = Constant.APPNUM;
        LASTUSEDCODE = Constant.LASTUSEDCODE;
        UNIVERSE_SIZE = Constant.UNIVERSE_SIZE;
        WIN_BASE = Constant.WIN_BASE;
        WIN_SIZE = Constant.WIN_SIZE;
        WIN_DISP_UNIT = Constant.WIN_DISP_UNIT;
        KEYVAL_INVALID = Constant.KEYVAL_INVALID;
        VERSION = Constant.VERSION;
        SUBVERSION = Constant.SUBVERSION;
        BSEND_OVERHEAD = Constant.BSEND_OVERHEAD;
        MAX_OBJECT_NAME = Constant.MAX_OBJECT_NAME;
        MAX_PORT_NAME = 1024;
        MAX_DATAREP_STRING = 128;
        MAX_INFO_KEY = Constant.MAX_INFO_KEY;
        MAX_INFO_VAL = Constant.MAX_INFO_VAL;
        ORDER_C = 0;
        ORDER_FORTRAN = 1;
        DISTRIBUTE_BLOCK = 0;
        DISTRIBUTE_CYCLIC = 1;
        DISTRIBUTE_NONE = 2;
        DISTRIBUTE_DFLT_DARG = -1;
        MODE_CREATE = AccessMode.CREATE;
        MODE_RDONLY = AccessMode.RDONLY;
        MODE_WRONLY = AccessMode.WRONLY;
        MODE_RDWR = AccessMode.RDWR;
        MODE_DELETE_ON_CLOSE = AccessMode.DELETE_ON_CLOSE;
        MODE_UNIQUE_OPEN = AccessMode.UNIQUE_OPEN;
        MODE_EXCL = AccessMode.EXCL;
        MODE_APPEND = AccessMode.APPEND;
        MODE_SEQUENTIAL = AccessMode.SEQUENTIAL;
        DISPLACEMENT_CURRENT = (int) ParallelFile.DISPLACEMENT_CURRENT;
        SEEK_SET = ParallelFile.SEEK_SET;
        SEEK_CUR = ParallelFile.SEEK_CUR;
        SEEK_END = ParallelFile.SEEK_END;
        MODE_NOCHECK = Constant.MODE_NOCHECK;
        MODE_NOPRECEDE = Constant.MODE_NOPRECEDE;
        MODE_NOPUT = Constant.MODE_NOPUT;
        MODE_NOSTORE = Constant.MODE_NOSTORE;
        MODE_NOSUCCEED = Constant.MODE_NOSUCCEED;
        LOCK_EXCLUSIVE = Constant.LOCK_EXCLUSIVE;
        LOCK_SHARED = Constant.LOCK_SHARED;
        SUCCESS = ErrorClass.SUCCESS;
        ERR_BUFFER = ErrorClass.BUFFER;
        ERR_COUNT = ErrorClass.COUNT;
        ERR_TYPE = ErrorClass.TYPE;
        ERR_TAG = ErrorClass.TAG;
        ERR_COMM = ErrorClass.COMM;
        ERR_RANK = ErrorClass.RANK;
        ERR_REQUEST = ErrorClass.REQUEST;
        ERR_ROOT = ErrorClass.ROOT;
        ERR_GROUP = ErrorClass.GROUP;
        ERR_OP = ErrorClass.OP;
        ERR_TOPOLOGY = ErrorClass.TOPOLOGY;
        ERR_DIMS = ErrorClass.DIMS;
        ERR_ARG = ErrorClass.ARG;
        ERR_UNKNOWN = ErrorClass.UNKNOWN;
        ERR_TRUNCATE = ErrorClass.TRUNCATE;
        ERR_OTHER = ErrorClass.OTHER;
        ERR_INTERN = ErrorClass.INTERN;
        ERR_IN_STATUS = ErrorClass.IN_STATUS;
        ERR_PENDING = ErrorClass.PENDING;
        ERR_ACCESS = ErrorClass.ACCESS;
        ERR_AMODE = ErrorClass.AMODE;
        ERR_ASSERT = ErrorClass.ASSERT;
        ERR_BAD_FILE = ErrorClass.BAD_FILE;
        ERR_BASE = ErrorClass.BASE;
        ERR_CONVERSION = ErrorClass.CONVERSION;
        ERR_DISP = ErrorClass.DISP;
        ERR_DUP_DATAREP = ErrorClass.DUP_DATAREP;
        ERR_FILE_EXISTS = ErrorClass.FILE_EXISTS;
        ERR_FILE_IN_USE = ErrorClass.FILE_IN_USE;
        ERR_FILE = ErrorClass.FILE;
        ERR_INFO_KEY = ErrorClass.INFO_KEY;
        ERR_INFO_NOKEY = ErrorClass.INFO_NOKEY;
        ERR_INFO_VALUE = ErrorClass.INFO_VALUE;
        ERR_INFO = ErrorClass.INFO;
        ERR_IO = ErrorClass.IO;
        ERR_KEYVAL = ErrorClass.KEYVAL;
        ERR_LOCKTYPE = ErrorClass.LOCKTYPE;
        ERR_NAME = ErrorClass.NAME;
        ERR_NO_MEM = ErrorClass.NO_MEM;
        ERR_NOT_SAME = ErrorClass.NOT_SAME;
        ERR_NO_SPACE = ErrorClass.NO_SPACE;
        ERR_NO_SUCH_FILE = ErrorClass.NO_SUCH_FILE;
        ERR_PORT = ErrorClass.PORT;
        ERR_QUOTA = ErrorClass.QUOTA;
        ERR_READ_ONLY = ErrorClass.READ_ONLY;
        ERR_RMA_CONFLICT = ErrorClass.RMA_CONFLICT;
        ERR_RMA_SYNC = ErrorClass.RMA_SYNC;
        ERR_SERVICE = ErrorClass.SERVICE;
        ERR_SIZE = ErrorClass.SIZE;
        ERR_SPAWN = ErrorClass.SPAWN;
        ERR_UNSUPPORTED_DATAREP = ErrorClass.UNSUPPORTED_DATAREP;
        ERR_UNSUPPORTED_OPERATION = ErrorClass.UNSUPPORTED_OPERATION;
        ERR_WIN = ErrorClass.WIN;
        ERR_PROC_ABORTED = ErrorClass.PROC_ABORTED;
        ERR_LASTCODE = ErrorClass.LASTCODE;
        ERR_SYSRESOURCE = 0;
    }

    private static volatile JobGuard guard;

    /** Public because the API has it so; there is nothing to make an instance for. */
    public MPI() {}

    /** Joins the job, for use by one thread; returns the arguments. */
    public static String[] Init(String[] args) throws MPIException {
        InitThread(args, Constant.THREAD_SINGLE);
        return args == null ? new String[0] : args;
    }

    /**
     * Joins the job.
     *
     * @param required the thread level that the program needs
     * @return the level that it gets: always the required one
     */
    public static synchronized int InitThread(String[] args, int required) throws MPIException {
        try {
            Session.checkFresh();
            if (required < Constant.THREAD_SINGLE || required > Constant.THREAD_MULTIPLE) {
                throw Checks.arg("required is " + required + "; it must be from MPI.THREAD_SINGLE ("
                        + Constant.THREAD_SINGLE + ") to MPI.THREAD_MULTIPLE (" + Constant.THREAD_MULTIPLE + ")");
            }
            Engine engine = Engine.start(required == Constant.THREAD_MULTIPLE);
            start(engine, required);
            guard = JobGuard.install(engine);
            DynamicCalls.joinParent(engine);
            return required;
        } catch (CommException e) {
            throw Errors.exception(e);
        }
    }

    /** Whether the failure of another rank is about to end this one. */
    static boolean isEnding() {
        JobGuard g = guard;
        return g != null && g.isEnding();
    }

    /** Begins the session on an engine that has joined its job. */
    static void start(Engine engine, int threadLevel) {
        COMM_WORLD.open(engine.world(), "MPI_COMM_WORLD");
        COMM_SELF.open(engine.self(), "MPI_COMM_SELF");
        Environment.fill(INFO_ENV, System.getenv(), System.getProperty("sun.java.command"), engine.world().size(),
                threadLevel);
        Session.start(engine, threadLevel);
    }

    /** The thread level. */
    public static int queryThread() throws MPIException {
        Session.check();
        return Session.threadLevel();
    }

    /** Whether this thread called {@link #Init}. */
    public static boolean isThreadMain() throws MPIException {
        Session.check();
        return Session.isMainThread();
    }

    /** Leaves the job, after buffered sends have left. Collective over the job. */
    public static synchronized void Finalize() throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            Messaging.BSEND.drain(engine);
            engine.finish();
        } catch (CommException e) {
            throw Errors.raise(e);
        } finally {
            engine.exit();
        }
        Session.finish();
        if (guard != null) {
            guard.onFinalize();
        }
    }

    /** Seconds since some time in the past. */
    public static double wtime() throws MPIException {
        Session.check();
        return System.nanoTime() * 1e-9;
    }

    /** Resolution of {@link #wtime} in seconds. */
    public static double wtick() throws MPIException {
        Session.check();
        return 1e-9;
    }

    /** The version of the standard. */
    public static Version getVersion() {
        return new Version(Constant.VERSION, Constant.SUBVERSION);
    }

    /** Name and version of this implementation. */
    public static String getLibVersion() {
        return Environment.libraryVersion();
    }

    /** The host's name. */
    public static String getProcessorName() throws MPIException {
        Session.check();
        return Environment.hostName();
    }

    public static boolean isInitialized() throws MPIException {
        return Session.isInitialized();
    }

    public static boolean isFinalized() throws MPIException {
        return Session.isFinalized();
    }

    /** Gives {@code buffer} to buffered sends; it must not be touched until it is detached. */
    public static void attachBuffer(byte[] buffer) throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            Messaging.BSEND.attach(buffer);
        } catch (CommException e) {
            throw Errors.raise(e);
        } finally {
            engine.exit();
        }
    }

    /** Waits until all buffered sends have left the buffer and returns it; {@code ERR_BUFFER} when none is attached. */
    public static byte[] detachBuffer() throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            return Messaging.BSEND.detach(engine);
        } catch (CommException e) {
            throw Errors.raise(e);
        } finally {
            engine.exit();
        }
    }

    /**
     * Counts this rank's messages and collectives: calls, bytes and seconds (MPI 3.1, section 14.2.4). Needs no
     * session; any thread. A collective's bytes are those of the first buffer it describes; waiting for requests is not
     * timed.
     *
     * @param level 0 stops, 1 starts, 2 prints a table on {@code System.err} and begins it anew, 3 lets
     *     Finalize print this rank's counters ({@code docs/counters.md}) there; others do nothing
     * @param obj with level 2 a title for the table, or null
     */
    public static void pControl(int level, Object obj) {
        if (level == 0 || level == 1) {
            CallStatistics.setCounting(level == 1);
            Session.watch();
        } else if (level == 2) {
            Engine engine = Session.engineOrNull();
            String who = engine == null ? "" : "rank " + engine.world().rank() + ": ";
            System.err.print(CallStatistics.takeReport(who + (obj == null ? "calls counted by pControl" : obj)));
        } else if (level == 3) {
            Session.printCountersAtEnd();
        }
    }

    // New buffers: zeroed memory of the node's segment in native byte order, which senders do not copy. Capacity is in
    // elements. Before Init and after Finalize the memory is the process's own.

    public static ByteBuffer newByteBuffer(int capacity) {
        return newBuffer(capacity, 1);
    }

    public static CharBuffer newCharBuffer(int capacity) {
        return newBuffer(capacity, 2).asCharBuffer();
    }

    public static ShortBuffer newShortBuffer(int capacity) {
        return newBuffer(capacity, 2).asShortBuffer();
    }

    public static IntBuffer newIntBuffer(int capacity) {
        return newBuffer(capacity, 4).asIntBuffer();
    }

    public static LongBuffer newLongBuffer(int capacity) {
        return newBuffer(capacity, 8).asLongBuffer();
    }

    public static FloatBuffer newFloatBuffer(int capacity) {
        return newBuffer(capacity, 4).asFloatBuffer();
    }

    public static DoubleBuffer newDoubleBuffer(int capacity) {
        return newBuffer(capacity, 8).asDoubleBuffer();
    }

    private static ByteBuffer newBuffer(int capacity, int elementBytes) {
        if (capacity < 0 || capacity > Integer.MAX_VALUE / elementBytes) {
            throw new IllegalArgumentException("capacity is " + capacity + "; it must be from 0 to "
                    + Integer.MAX_VALUE / elementBytes);
        }
        int bytes = capacity * elementBytes;
        Engine engine = Session.engineOrNull();
        if (engine == null) {
            return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
        }
        engine.enter();
        try {
            return engine.allocateMessageBuffer(bytes).order(ByteOrder.nativeOrder());
        } finally {
            engine.exit();
        }
    }

    // Slices: the part of a buffer or array from element offset on, for messages that do not begin at element 0. They
    // clear position and limit of the buffer that they are taken of, then set its position to offset. A datatype with
    // displacements below 0 reaches the elements before them.

    private static <T extends Buffer> T sliced(T whole, T slice) {
        if (whole.isDirect()) {
            UserBuffer.noteSlice(slice, whole, whole.position());
        }
        return slice;
    }

    public static ByteBuffer slice(ByteBuffer buf, int offset) {
        buf.clear().position(offset);
        return sliced(buf, buf.slice().order(ByteOrder.nativeOrder()));
    }

    public static ByteBuffer slice(byte[] buf, int offset) {
        return ByteBuffer.wrap(buf, offset, buf.length - offset).slice().order(ByteOrder.nativeOrder());
    }

    public static CharBuffer slice(CharBuffer buf, int offset) {
        buf.clear().position(offset);
        return sliced(buf, buf.slice());
    }

    public static CharBuffer slice(char[] buf, int offset) {
        return CharBuffer.wrap(buf, offset, buf.length - offset).slice();
    }

    public static ShortBuffer slice(ShortBuffer buf, int offset) {
        buf.clear().position(offset);
        return sliced(buf, buf.slice());
    }

    public static ShortBuffer slice(short[] buf, int offset) {
        return ShortBuffer.wrap(buf, offset, buf.length - offset).slice();
    }

    public static IntBuffer slice(IntBuffer buf, int offset) {
        buf.clear().position(offset);
        return sliced(buf, buf.slice());
    }

    public static IntBuffer slice(int[] buf, int offset) {
        return IntBuffer.wrap(buf, offset, buf.length - offset).slice();
    }

    public static LongBuffer slice(LongBuffer buf, int offset) {
        buf.clear().position(offset);
        return sliced(buf, buf.slice());
    }

    public static LongBuffer slice(long[] buf, int offset) {
        return LongBuffer.wrap(buf, offset, buf.length - offset).slice();
    }

    public static FloatBuffer slice(FloatBuffer buf, int offset) {
        buf.clear().position(offset);
        return sliced(buf, buf.slice());
    }

    public static FloatBuffer slice(float[] buf, int offset) {
        return FloatBuffer.wrap(buf, offset, buf.length - offset).slice();
    }

    public static DoubleBuffer slice(DoubleBuffer buf, int offset) {
        buf.clear().position(offset);
        return sliced(buf, buf.slice());
    }

    public static DoubleBuffer slice(double[] buf, int offset) {
        return DoubleBuffer.wrap(buf, offset, buf.length - offset).slice();
    }
}
