package org.isthmus.comm.device;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A CUDA context of the program and what is kept for it: a lane for each direction, events, the kernels. The context
 * itself is the program's, or a device's primary one; it must live until {@code MPI.Finalize}.
 *
 * <p>Not safe for threads; the lock of {@link CudaDevices} covers it.
 */
final class CudaContext {
    /** Bytes of pinned host memory by which copies from and to Java arrays go. */
    static final int BOUNCE_BYTES = 256 * 1024;

    private static final long NO_TIMING = 2; // CU_EVENT_DISABLE_TIMING
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG;

    private final CudaNative cuda;
    private final long handle;
    private final MemorySegment result = Arena.ofAuto().allocate(WORD);
    private final long[] kernels = new long[2 * GatherKernels.WIDTHS];
    private final CudaLane out;
    private final CudaLane in;
    private long[] events = new long[8];
    private int eventCount;
    private long module;
    private MemorySegment bounce;

    CudaContext(CudaNative cuda, long handle, PinnedSegment pinned) {
        this.cuda = cuda;
        this.handle = handle;
        this.out = new CudaLane(cuda, this, pinned);
        this.in = new CudaLane(cuda, this, pinned);
    }

    /** From the device to the host. */
    CudaLane out() {
        return out;
    }

    /** From the host to the device. */
    CudaLane in() {
        return in;
    }

    /** Makes it the calling thread's context; the one that was, for {@link #leave}. */
    long enter() {
        cuda.check(CudaFunction.CONTEXT_GET, cuda.call(CudaFunction.CONTEXT_GET, result.address()));
        long previous = result.get(WORD, 0);
        if (previous != handle) {
            cuda.check(CudaFunction.CONTEXT_SET, cuda.call(CudaFunction.CONTEXT_SET, handle));
        }
        return previous;
    }

    void leave(long previous) {
        if (previous != handle) {
            cuda.check(CudaFunction.CONTEXT_SET, cuda.call(CudaFunction.CONTEXT_SET, previous));
        }
    }

    /** An event behind all that the lane has been given so far. */
    long mark(CudaLane lane) {
        long event;
        if (eventCount > 0) {
            event = events[--eventCount];
        } else {
            cuda.check(CudaFunction.EVENT_CREATE, cuda.call(CudaFunction.EVENT_CREATE, result.address(), NO_TIMING));
            event = result.get(WORD, 0);
        }
        cuda.check(CudaFunction.EVENT_RECORD, cuda.call(CudaFunction.EVENT_RECORD, event, lane.stream()));
        return event;
    }

    /** Whether what is before a mark is done; then the mark is gone. */
    boolean isDone(long event) {
        int answer = cuda.call(CudaFunction.EVENT_QUERY, event);
        if (answer == CudaErrors.NOT_READY) {
            return false;
        }
        cuda.check(CudaFunction.EVENT_QUERY, answer);
        keep(event);
        return true;
    }

    /** Waits for what is before a mark; the mark is gone. */
    void await(long event) {
        cuda.check(CudaFunction.EVENT_SYNCHRONIZE, cuda.call(CudaFunction.EVENT_SYNCHRONIZE, event));
        keep(event);
    }

    private void keep(long event) {
        if (eventCount == events.length) {
            events = Arrays.copyOf(events, 2 * eventCount);
        }
        events[eventCount++] = event;
    }

    /** Memory of the device. */
    long allocate(long bytes) {
        cuda.check(CudaFunction.ALLOCATE, cuda.call(CudaFunction.ALLOCATE, result.address(), bytes));
        return result.get(WORD, 0);
    }

    /** @param address 0: nothing */
    void free(long address) {
        if (address != 0) {
            cuda.check(CudaFunction.FREE, cuda.call(CudaFunction.FREE, address));
        }
    }

    /** @param shift of the unit's width */
    long kernel(boolean gather, int shift) {
        int index = 2 * shift + (gather ? 1 : 0);
        if (kernels[index] == 0) {
            try (Arena arena = Arena.ofConfined()) {
                if (module == 0) {
                    cuda.check(CudaFunction.MODULE_LOAD, cuda.call(CudaFunction.MODULE_LOAD, result.address(),
                            arena.allocateFrom(GatherKernels.text()).address()));
                    module = result.get(WORD, 0);
                }
                cuda.check(CudaFunction.MODULE_FUNCTION, cuda.call(CudaFunction.MODULE_FUNCTION, result.address(),
                        module, arena.allocateFrom(GatherKernels.name(gather, shift)).address()));
                kernels[index] = result.get(WORD, 0);
            }
        }
        return kernels[index];
    }

    /** Pinned host memory for a copy that is waited for, {@link #BOUNCE_BYTES} long. */
    MemorySegment bounce() {
        if (bounce == null) {
            cuda.check(CudaFunction.HOST_ALLOCATE,
                    cuda.call(CudaFunction.HOST_ALLOCATE, result.address(), BOUNCE_BYTES));
            bounce = CudaNative.memory(result.get(WORD, 0), BOUNCE_BYTES);
        }
        return bounce;
    }

    /** Gives all back, unless the program has ended the context or CUDA. */
    void close() {
        int answer = cuda.call(CudaFunction.CONTEXT_SET, handle);
        if (CudaErrors.isGone(answer)) {
            return;
        }
        cuda.check(CudaFunction.CONTEXT_SET, answer);
        out.close();
        in.close();
        for (int i = 0; i < eventCount; i++) {
            cuda.check(CudaFunction.EVENT_DESTROY, cuda.call(CudaFunction.EVENT_DESTROY, events[i]));
        }
        if (module != 0) {
            cuda.check(CudaFunction.MODULE_UNLOAD, cuda.call(CudaFunction.MODULE_UNLOAD, module));
        }
        if (bounce != null) {
            cuda.check(CudaFunction.HOST_FREE, cuda.call(CudaFunction.HOST_FREE, bounce.address()));
        }
    }
}
