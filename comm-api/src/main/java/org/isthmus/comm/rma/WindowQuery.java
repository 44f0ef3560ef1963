package org.isthmus.comm.rma;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.isthmus.comm.error.CommException;

/**
 * What a program may ask of an {@code mpi.Win} beyond the API of package {@code mpi}, which has no such calls
 * (MPI_Win_shared_query, MPI 3.1, section 11.2.3). Any thread.
 */
public final class WindowQuery {
    private static final Map<Object, Window> WINDOWS = Collections.synchronizedMap(new WeakHashMap<>());

    private WindowQuery() {}

    /** Tells which engine's window is behind an {@code mpi.Win}; called when it is made. */
    public static void register(Object win, Window window) {
        WINDOWS.put(win, window);
    }

    /**
     * The memory that {@code rank} has in {@code win}, as a buffer in native byte order for loads and stores; those of
     * several ranks become visible to each other by {@code win.sync()} and a synchronization of the ranks.
     *
     * @param win an {@code mpi.Win} of flavor {@code FLAVOR_SHARED}; of any flavor for this process's own rank
     * @throws IllegalArgumentException when {@code win} is no window, was freed, or does not share its memory, or
     *     {@code rank} is none of its ranks
     */
    public static ByteBuffer memory(Object win, int rank) {
        return segment(win, rank).asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /** Bytes of a unit of displacement at {@code rank}. */
    public static int displacementUnit(Object win, int rank) {
        return checked(win, rank).unit(rank);
    }

    private static MemorySegment segment(Object win, int rank) {
        try {
            return checked(win, rank).memoryOf(rank);
        } catch (CommException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static Window checked(Object win, int rank) {
        Window window = WINDOWS.get(win);
        if (window == null || window.isClosed()) {
            throw new IllegalArgumentException("win is " + (window == null ? "no mpi.Win" : "freed"));
        }
        int size = window.communicator().size();
        if (rank < 0 || rank >= size) {
            throw new IllegalArgumentException("rank is " + rank + "; it must be from 0 to " + (size - 1));
        }
        return window;
    }
}
