package org.isthmus.comm.device;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.isthmus.comm.datatype.PackedLayout;
import org.isthmus.comm.datatype.TypeMap;

/**
 * Copies of one context in one direction: a stream, and what bytes with gaps need, a slot of device memory for the
 * packed bytes and the table of the last datatype. All of it is made once. The stream does one thing after the other,
 * so the slot is free again for whatever comes next on it.
 *
 * <p>Assumption: the context is the calling thread's, and nobody else uses it (the lock of {@link CudaDevices}).
 */
final class CudaLane {
    /** Packed bytes that one kernel moves at most; pieces of messages are smaller. */
    static final long SLOT_BYTES = 1 << 20;

    private static final long NON_BLOCKING = 1; // CU_STREAM_NON_BLOCKING
    private static final int THREADS = 256;
    private static final int MOST_BLOCKS = 4096;
    private static final int PARAMETERS = GatherKernels.Parameter.values().length;
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG;

    private final CudaNative cuda;
    private final CudaContext context;
    private final PinnedSegment pinned;
    private final MemorySegment parameters = Arena.ofAuto().allocate(WORD, 2L * PARAMETERS);
    private final MemorySegment result = Arena.ofAuto().allocate(WORD);
    private long stream;
    private long slot;
    private long table;
    private long tableBytes;
    private TypeMap tabled;
    private PackedLayout layout;

    CudaLane(CudaNative cuda, CudaContext context, PinnedSegment pinned) {
        this.cuda = cuda;
        this.context = context;
        this.pinned = pinned;
        for (int i = 0; i < PARAMETERS; i++) {
            parameters.setAtIndex(WORD, PARAMETERS + i, parameters.address() + (long) i * Long.BYTES);
        }
    }

    /** Its stream, made at the first call. */
    long stream() {
        if (stream == 0) {
            cuda.check(CudaFunction.STREAM_CREATE,
                    cuda.call(CudaFunction.STREAM_CREATE, result.address(), NON_BLOCKING));
            stream = result.get(WORD, 0);
        }
        return stream;
    }

    /** Enqueues the packing of a slice of elements of {@code type} at {@code buffer} into host memory. */
    void pack(long buffer, TypeMap type, long position, long host, long length) {
        if (type.isContiguous()) {
            copyToHost(buffer + position, host, length);
            return;
        }
        prepare(type);
        for (long done = 0; done < length; done += SLOT_BYTES) {
            long bytes = Math.min(SLOT_BYTES, length - done);
            launch(true, buffer, position + done, bytes);
            copyToHost(slot, host + done, bytes);
        }
    }

    /** Enqueues the reverse. */
    void unpack(long host, long buffer, TypeMap type, long position, long length) {
        if (type.isContiguous()) {
            copyToDevice(host, buffer + position, length);
            return;
        }
        prepare(type);
        for (long done = 0; done < length; done += SLOT_BYTES) {
            long bytes = Math.min(SLOT_BYTES, length - done);
            copyToDevice(host + done, slot, bytes);
            launch(false, buffer, position + done, bytes);
        }
    }

    /** Enqueues a copy inside the device's memory. */
    void copyOnDevice(long source, long target, long length) {
        cuda.check(CudaFunction.COPY_ON_DEVICE,
                cuda.call(CudaFunction.COPY_ON_DEVICE, target, source, length, stream()));
    }

    private void copyToHost(long device, long host, long length) {
        for (long done = 0; done < length;) {
            long bytes = pinned.piece(host + done, length - done);
            cuda.check(CudaFunction.COPY_TO_HOST,
                    cuda.call(CudaFunction.COPY_TO_HOST, host + done, device + done, bytes, stream()));
            done += bytes;
        }
    }

    private void copyToDevice(long host, long device, long length) {
        for (long done = 0; done < length;) {
            long bytes = pinned.piece(host + done, length - done);
            cuda.check(CudaFunction.COPY_TO_DEVICE,
                    cuda.call(CudaFunction.COPY_TO_DEVICE, device + done, host + done, bytes, stream()));
            done += bytes;
        }
    }

    /** Has the type's table in the device's memory. */
    private void prepare(TypeMap type) {
        if (slot == 0) {
            slot = context.allocate(SLOT_BYTES);
        }
        if (type == tabled) {
            return;
        }
        tabled = null;
        layout = PackedLayout.of(type);
        int blocks = layout.starts().length;
        long bytes = 2L * Long.BYTES * blocks;
        if (bytes > tableBytes) {
            synchronize();
            context.free(table);
            table = 0;
            tableBytes = 0;
            table = context.allocate(bytes);
            tableBytes = bytes;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment words = arena.allocate(WORD, 2L * blocks);
            for (int i = 0; i < blocks; i++) {
                words.setAtIndex(WORD, 2L * i, layout.starts()[i]);
                words.setAtIndex(WORD, 2L * i + 1, layout.offsets()[i]);
            }
            copyToDevice(words.address(), table, bytes);
            synchronize();
        }
        tabled = type;
    }

    private void launch(boolean gather, long buffer, long position, long bytes) {
        long bits = buffer | position | bytes | layout.alignment();
        int shift = Math.min(GatherKernels.WIDTHS - 1, Long.numberOfTrailingZeros(bits));
        long units = bytes >> shift;
        set(GatherKernels.Parameter.PACKED, slot);
        set(GatherKernels.Parameter.BUFFER, buffer);
        set(GatherKernels.Parameter.TABLE, table);
        set(GatherKernels.Parameter.BLOCKS, layout.starts().length);
        set(GatherKernels.Parameter.TILE_BYTES, layout.tileBytes());
        set(GatherKernels.Parameter.STRIDE, layout.stride());
        set(GatherKernels.Parameter.ELEMENT_BYTES, layout.elementBytes());
        set(GatherKernels.Parameter.EXTENT, layout.extent());
        set(GatherKernels.Parameter.POSITION, position);
        set(GatherKernels.Parameter.UNITS, units);
        int blocks = (int) Math.min(MOST_BLOCKS, (units + THREADS - 1) / THREADS);
        cuda.check(CudaFunction.LAUNCH_KERNEL, cuda.launch(context.kernel(gather, shift), blocks, THREADS, stream(),
                parameters.address() + (long) PARAMETERS * Long.BYTES));
    }

    private void set(GatherKernels.Parameter parameter, long value) {
        parameters.setAtIndex(WORD, parameter.ordinal(), value);
    }

    /** Waits for all that was enqueued. */
    void synchronize() {
        cuda.check(CudaFunction.STREAM_SYNCHRONIZE, cuda.call(CudaFunction.STREAM_SYNCHRONIZE, stream()));
    }

    /**
     * An enqueueing call has failed: waits for what was enqueued before, so that nothing uses memory of the host any
     * more. Its own answer is the same error, or none.
     */
    void settle() {
        if (stream != 0) {
            int ignored = cuda.call(CudaFunction.STREAM_SYNCHRONIZE, stream);
        }
    }

    /** Gives all back; the context is the calling thread's. */
    void close() {
        if (stream != 0) {
            synchronize();
            context.free(slot);
            context.free(table);
            cuda.check(CudaFunction.STREAM_DESTROY, cuda.call(CudaFunction.STREAM_DESTROY, stream));
            stream = 0;
        }
    }
}
