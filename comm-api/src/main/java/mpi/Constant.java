package mpi;

import org.isthmus.comm.coll.Collectives;

/**
 * Values of the API's constants as Open MPI 4.1 has them. Compile-time constants for use in this package; those in
 * {@link MPI} are not, so that programs read them at run time.
 */
final class Constant {
    static final int ANY_SOURCE = -1;
    static final int ANY_TAG = -1;
    static final int PROC_NULL = -2;
    static final int ROOT = Collectives.ROOT;
    static final int UNDEFINED = -32766;
    static final int KEYVAL_INVALID = -1;

    static final int THREAD_SINGLE = 0;
    static final int THREAD_FUNNELED = 1;
    static final int THREAD_SERIALIZED = 2;
    static final int THREAD_MULTIPLE = 3;

    static final int IDENT = 0;
    static final int CONGRUENT = 1;
    static final int SIMILAR = 2;
    static final int UNEQUAL = 3;

    static final int TAG_UB = 0;
    static final int HOST = 1;
    static final int IO = 2;
    static final int WTIME_IS_GLOBAL = 3;
    static final int APPNUM = 4;
    static final int LASTUSEDCODE = 5;
    static final int UNIVERSE_SIZE = 6;
    static final int WIN_BASE = 7;
    static final int WIN_SIZE = 8;
    static final int WIN_DISP_UNIT = 9;

    static final int MODE_NOCHECK = 1;
    static final int MODE_NOPRECEDE = 2;
    static final int MODE_NOPUT = 4;
    static final int MODE_NOSTORE = 8;
    static final int MODE_NOSUCCEED = 16;
    static final int LOCK_EXCLUSIVE = 1;
    static final int LOCK_SHARED = 2;

    static final int VERSION = 3;
    static final int SUBVERSION = 1;
    static final int BSEND_OVERHEAD = 128;
    static final int MAX_OBJECT_NAME = 64;
    static final int MAX_INFO_KEY = 36;
    static final int MAX_INFO_VAL = 256;

    /** Largest tag: the value of attribute {@code TAG_UB}. */
    static final int MAX_TAG = Integer.MAX_VALUE;

    private Constant() {}
}
