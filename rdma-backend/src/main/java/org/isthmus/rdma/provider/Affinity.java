package org.isthmus.rdma.provider;

import java.io.UncheckedIOException;
import org.isthmus.rdma.verbs.LibcNative;
import org.isthmus.rdma.verbs.VerbsException;

/**
 * What DiSNI's {@code NativeAffinity} does, for the calling thread. Public because the class that {@link AffinityClass}
 * defines calls it.
 */
public final class Affinity {
    private Affinity() {}

    /** @param mask bit 0 is processor 0; nothing happens if it is not positive, as in DiSNI */
    public static void set(long mask) {
        if (mask <= 0) {
            return;
        }
        try {
            LibcNative.setAffinity(mask);
        } catch (VerbsException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The mask of the calling thread. */
    public static long get() {
        try {
            return LibcNative.affinity();
        } catch (VerbsException e) {
            throw new UncheckedIOException(e);
        }
    }
}
