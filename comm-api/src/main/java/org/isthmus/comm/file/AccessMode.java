package org.isthmus.comm.file;

import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/**
 * How a file is opened: the bits of an access mode (MPI 3.1, section 13.2.1) with the numbers of Open MPI.
 *
 * @param bits a combination that {@link #of} accepted
 */
public record AccessMode(int bits) {
    public static final int CREATE = 1;
    public static final int RDONLY = 2;
    public static final int WRONLY = 4;
    public static final int RDWR = 8;
    public static final int DELETE_ON_CLOSE = 16;
    public static final int UNIQUE_OPEN = 32;
    public static final int EXCL = 64;
    public static final int APPEND = 128;
    public static final int SEQUENTIAL = 256;

    private static final int ALL = 511;

    /** @throws CommException {@code AMODE} when the bits do not go together. */
    public static AccessMode of(int bits) {
        if ((bits & ~ALL) != 0 || bits < 0) {
            throw wrong(bits, "it has bits that are no MPI.MODE_ constant");
        }
        if (Integer.bitCount(bits & (RDONLY | WRONLY | RDWR)) != 1) {
            throw wrong(bits, "it must have exactly one of MPI.MODE_RDONLY, MODE_WRONLY and MODE_RDWR");
        }
        if ((bits & RDONLY) != 0 && (bits & (CREATE | EXCL)) != 0) {
            throw wrong(bits, "MPI.MODE_CREATE and MODE_EXCL do not go with MODE_RDONLY");
        }
        if ((bits & RDWR) != 0 && (bits & SEQUENTIAL) != 0) {
            throw wrong(bits, "MPI.MODE_SEQUENTIAL goes with MODE_RDONLY or MODE_WRONLY, not with MODE_RDWR");
        }
        return new AccessMode(bits);
    }

    private static CommException wrong(int bits, String why) {
        return new CommException(ErrorClass.AMODE, "amode is " + bits + ": " + why);
    }

    boolean reads() {
        return (bits & WRONLY) == 0;
    }

    boolean writes() {
        return (bits & RDONLY) == 0;
    }

    boolean has(int bit) {
        return (bits & bit) != 0;
    }

    /** How the operating system is asked: the rank that is first creates, the others find what it made. */
    Set<OpenOption> options(boolean first) {
        Set<OpenOption> options = new HashSet<>();
        if (reads()) {
            options.add(StandardOpenOption.READ);
        }
        if (writes()) {
            options.add(StandardOpenOption.WRITE);
        }
        if (first && has(CREATE)) {
            options.add(has(EXCL) ? StandardOpenOption.CREATE_NEW : StandardOpenOption.CREATE);
        }
        return options;
    }
}
