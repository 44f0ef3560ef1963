package org.isthmus.comm.device;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import org.isthmus.comm.buffer.DeviceBuffer;
import org.isthmus.comm.buffer.DeviceMemory;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/**
 * Tells buffers in memory of CUDA devices from all others, and keeps what is made once for each context. Managed memory
 * counts as the host's, which may touch it. Any thread may call; this object's lock is held for every use of a context.
 */
public final class CudaDevices implements DeviceMemory {
    private static final System.Logger LOG = System.getLogger(CudaDevices.class.getName());
    private static final ValueLayout.OfInt NUMBER = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG;
    /** {@code CU_POINTER_ATTRIBUTE_} MEMORY_TYPE, CONTEXT, IS_MANAGED, DEVICE_ORDINAL. */
    private static final int[] ATTRIBUTES = {2, 1, 8, 9};
    private static final int TYPE = 0;
    private static final int CONTEXT = 1;
    private static final int MANAGED = 2;
    private static final int ORDINAL = 3;
    /** {@code CU_MEMORYTYPE_DEVICE}. */
    private static final int DEVICE = 2;
    private static final int INVALID_VALUE = 1;

    private final CudaNative cuda;
    private final PinnedSegment pinned;
    private final Map<Long, CudaContext> contexts = new HashMap<>();
    /** By device, those that are retained here for memory without a context; they are among all contexts. */
    private final Map<Integer, CudaContext> primaries = new HashMap<>();
    /** Numbers of the attributes, places for their values, addresses of those. */
    private final MemorySegment query = Arena.ofAuto().allocate(WORD, 3L * ATTRIBUTES.length);
    private final long values = query.address() + (long) ATTRIBUTES.length * Long.BYTES;
    private final long places = values + (long) ATTRIBUTES.length * Long.BYTES;

    private CudaDevices(CudaNative cuda, MemorySegment memory) {
        this.cuda = cuda;
        this.pinned = new PinnedSegment(cuda, memory);
        for (int i = 0; i < ATTRIBUTES.length; i++) {
            query.setAtIndex(NUMBER, i, ATTRIBUTES[i]);
            query.setAtIndex(WORD, 2L * ATTRIBUTES.length + i, values + (long) i * Long.BYTES);
        }
    }

    /**
     * Takes the node's driver into use, by a restricted call.
     *
     * @param library see {@link CudaNative#load}
     * @param memory the node's data segment
     * @throws CommException if the library or one of its functions is missing, or the driver does not start
     */
    public static CudaDevices open(String library, MemorySegment memory) {
        if (!CudaDevices.class.getModule().isNativeAccessEnabled()) {
            throw new CommException(ErrorClass.OTHER, "isthmus.cuda is on, but this program has no native access: "
                    + "start java with --enable-native-access=ALL-UNNAMED, or run with -Disthmus.cuda=off");
        }
        CudaNative cuda = CudaNative.load(library);
        cuda.check(CudaFunction.INIT, cuda.call(CudaFunction.INIT, 0));
        return new CudaDevices(cuda, memory);
    }

    /** The same without starting the driver, which the program does if it uses it; null without a usable library. */
    public static CudaDevices openIfThere(String library, MemorySegment memory) {
        try {
            return new CudaDevices(CudaNative.load(library), memory);
        } catch (CommException e) {
            LOG.log(System.Logger.Level.DEBUG, "no memory of CUDA devices: " + e.getMessage());
            return null;
        }
    }

    @Override
    public synchronized DeviceBuffer find(MemorySegment segment) {
        long address = segment.address();
        int answer = cuda.call(CudaFunction.POINTER_ATTRIBUTES, ATTRIBUTES.length, query.address(), places, address);
        if (answer == INVALID_VALUE || answer == CudaErrors.NOT_INITIALIZED || CudaErrors.isGone(answer)) {
            return null; // memory that the driver does not know
        }
        cuda.check(CudaFunction.POINTER_ATTRIBUTES, answer);
        if (number(TYPE) != DEVICE || number(MANAGED) != 0) {
            return null;
        }
        return new CudaBuffer(this, context(), address);
    }

    private int number(int attribute) {
        return query.get(NUMBER, (long) (ATTRIBUTES.length + attribute) * Long.BYTES);
    }

    /** The context of the pointer last asked for; memory of pools has none, and is its device's. */
    private CudaContext context() {
        long handle = query.get(WORD, (long) (ATTRIBUTES.length + CONTEXT) * Long.BYTES);
        return handle != 0 ? context(handle) : primaries.computeIfAbsent(number(ORDINAL), this::primary);
    }

    private CudaContext context(long handle) {
        return contexts.computeIfAbsent(handle, key -> new CudaContext(cuda, key, pinned));
    }

    private CudaContext primary(int device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = arena.allocate(WORD);
            cuda.check(CudaFunction.PRIMARY_CONTEXT_RETAIN,
                    cuda.call(CudaFunction.PRIMARY_CONTEXT_RETAIN, handle.address(), device));
            return context(handle.get(WORD, 0));
        }
    }

    /** Pieces of the node's segment that are pinned; for tests. */
    synchronized int pinnedPieces() {
        return pinned.count();
    }

    @Override
    public synchronized void close() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment current = arena.allocate(WORD);
            int answer = cuda.call(CudaFunction.CONTEXT_GET, current.address());
            if (!contexts.isEmpty() && !CudaErrors.isGone(answer)) {
                cuda.check(CudaFunction.CONTEXT_GET, answer);
                contexts.values().forEach(CudaContext::close);
                pinned.close();
                cuda.check(CudaFunction.CONTEXT_SET, cuda.call(CudaFunction.CONTEXT_SET, current.get(WORD, 0)));
                for (int device : primaries.keySet()) {
                    cuda.check(CudaFunction.PRIMARY_CONTEXT_RELEASE,
                            cuda.call(CudaFunction.PRIMARY_CONTEXT_RELEASE, device));
                }
            }
        } catch (CommException e) {
            LOG.log(System.Logger.Level.WARNING, "what was taken from CUDA devices did not all go back: "
                    + e.getMessage());
        }
        contexts.clear();
        primaries.clear();
    }
}
