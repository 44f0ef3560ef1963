package org.isthmus.comm.device;

import java.lang.foreign.MemorySegment;
import java.util.BitSet;

/**
 * The part of the node's data segment that devices copy from and to: registered with the driver, a superpage at a time
 * at its first use, so that copies of it run beside the program. Where the driver refuses that, copies are right all
 * the same, but the driver makes them by way of memory of its own.
 *
 * <p>Assumption: the kernel takes no page of the segment back while it is registered (setting
 * {@code isthmus.allocator.release.batch}). Not safe for threads.
 */
final class PinnedSegment {
    /** The heaps' superpages: the driver takes no copy that lies in two registrations. */
    private static final int PIECE_SHIFT = 21;
    /** {@code CU_MEMHOSTREGISTER_PORTABLE}: for all contexts. */
    private static final long PORTABLE = 1;
    private static final System.Logger LOG = System.getLogger(PinnedSegment.class.getName());

    private final CudaNative cuda;
    private final long start;
    private final long end;
    private final BitSet registered = new BitSet();
    private final BitSet refused = new BitSet();

    PinnedSegment(CudaNative cuda, MemorySegment memory) {
        this.cuda = cuda;
        this.start = memory.address();
        this.end = start + memory.byteSize();
    }

    /** How many of {@code length} bytes at {@code address} one call may copy; registers them. */
    long piece(long address, long length) {
        if (address < start || address >= end) {
            return length;
        }
        int index = (int) (address - start >> PIECE_SHIFT);
        if (!registered.get(index) && !refused.get(index)) {
            register(index);
        }
        return Math.min(length, Math.min(pieceStart(index + 1), end) - address);
    }

    /** Pieces that are registered. */
    int count() {
        return registered.cardinality();
    }

    private void register(int index) {
        long bytes = Math.min(pieceStart(index + 1), end) - pieceStart(index);
        int result = cuda.call(CudaFunction.HOST_REGISTER, pieceStart(index), bytes, PORTABLE);
        if (result == CudaErrors.SUCCESS) {
            registered.set(index);
            return;
        }
        if (refused.isEmpty()) {
            LOG.log(System.Logger.Level.WARNING, "memory of the node segment is not pinned for devices, so copies are "
                    + "slower: " + cuda.failure(CudaFunction.HOST_REGISTER, result).getMessage());
        }
        refused.set(index);
    }

    private long pieceStart(int index) {
        return start + ((long) index << PIECE_SHIFT);
    }

    /** Ends all registrations, unless the driver has gone. */
    void close() {
        for (int i = registered.nextSetBit(0); i >= 0; i = registered.nextSetBit(i + 1)) {
            int result = cuda.call(CudaFunction.HOST_UNREGISTER, pieceStart(i));
            if (CudaErrors.isGone(result)) {
                return;
            }
            cuda.check(CudaFunction.HOST_UNREGISTER, result);
        }
        registered.clear();
    }
}
