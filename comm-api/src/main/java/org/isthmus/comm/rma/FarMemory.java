package org.isthmus.comm.rma;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.isthmus.allocator.heap.RankHeap;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.comm.coll.CollectiveRequest;
import org.isthmus.comm.datatype.Kind;
import org.isthmus.comm.datatype.Packer;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.op.PredefinedOp;
import org.isthmus.comm.progress.Progress;
import org.isthmus.node.endpoint.OneSidedRecordDescriptor;
import org.isthmus.node.endpoint.OneSidedRequests;
import org.isthmus.node.endpoint.RankEndpoint;

/**
 * Window memory in another node's segment, as the origin uses it without the target's help: its multiplexer writes,
 * reads and changes it through the network card. Addresses {@code at} are offsets in that segment, of bytes that lie
 * together.
 *
 * <p>Data passes through blocks of {@link #PIECE} bytes of this rank, so an origin's buffer is free at once; what is
 * read into a buffer that lies in the node's segment itself goes straight there. Used under the engine lock; calls may
 * wait for room and make progress meanwhile.
 */
final class FarMemory {
    private static final int PIECE = 256 << 10;
    private static final int MOST_UNDER_WAY = 64;
    /** Leaves message blocks to others. */
    private static final long MOST_BYTES_UNDER_WAY = 2 << 20;
    private static final int NO_SITE = (int) RankHeap.NO_SITE;

    private final RankEndpoint endpoint;
    private final MemorySegment memory;
    private final RankHeap heap;
    private final OneSidedRequests requests;
    private final Progress progress;
    private final int target;
    private final boolean atomics;
    private int underWay;
    private long bytesUnderWay;
    private int atomicsUnderWay;

    /**
     * @param target rank in the job
     * @param atomics whether atomic operations may be done so
     */
    FarMemory(RankEndpoint endpoint, OneSidedRequests requests, Progress progress, int target, boolean atomics) {
        this.endpoint = endpoint;
        this.memory = endpoint.memory();
        this.heap = endpoint.heap();
        this.requests = requests;
        this.progress = progress;
        this.target = target;
        this.atomics = atomics;
    }

    /** Some bytes that are asked for, until they are in the origin's buffer. */
    private static final class Fetch extends CollectiveRequest {
        private int parts;
        private boolean complete;

        @Override
        public boolean mayBeFreed() {
            return true;
        }

        private void begin() {
            parts++;
        }

        private void end() {
            parts--;
            done = complete && parts == 0;
        }

        private Fetch complete() {
            complete = true;
            done = parts == 0;
            return this;
        }

        @Override
        public int progress() {
            return done ? -1 : 0; // what completes it comes as a record
        }
    }

    void put(Object base, long offset, int count, TypeMap type, long at) {
        long length = type.size() * count;
        for (long done = 0; done < length; done += PIECE) {
            int n = (int) Math.min(PIECE, length - done);
            long block = block(n);
            Packer.pack(base, offset, count, type, done, memory, heap.offset(block), n);
            start(OneSidedRecordDescriptor.WRITE, heap.offset(block), n, at + done, 0, 0, () -> heap.free(block));
        }
    }

    /** The data is in the buffer once the result is done. */
    CollectiveRequest get(Object base, long offset, int count, TypeMap type, long at) {
        Fetch fetch = new Fetch();
        long length = type.size() * count;
        boolean straight = base == memory && type.isContiguous();
        for (long done = 0; done < length; done += PIECE) {
            int n = (int) Math.min(PIECE, length - done);
            long position = done;
            fetch.begin();
            if (straight) {
                start(OneSidedRecordDescriptor.READ, offset + done, n, at + done, 0, 0, fetch::end);
                continue;
            }
            long block = block(n);
            start(OneSidedRecordDescriptor.READ, heap.offset(block), n, at + done, 0, 0, () -> {
                Packer.unpack(memory, heap.offset(block), base, offset, count, type, position, n);
                heap.free(block);
                fetch.end();
            });
        }
        return fetch.complete();
    }

    /** Whether {@link #fetchAdd} does what {@code op} says with one element of {@code type} there. */
    boolean adds(PredefinedOp op, TypeMap type, int count, long at) {
        return isWord(type, at) && count == 1 && (op == PredefinedOp.SUM || op == PredefinedOp.NO_OP);
    }

    /** Whether {@code type} at {@code at} is a word that atomic operations may be done on. */
    boolean isWord(TypeMap type, long at) {
        return atomics && type.kind() == Kind.PRIMITIVE && type.base() == Primitive.LONG && (at & Long.BYTES - 1) == 0;
    }

    /** @param resultBase null for no result */
    CollectiveRequest fetchAdd(long add, Object resultBase, long resultOffset, TypeMap resultType, long at) {
        return atomic(OneSidedRecordDescriptor.FETCH_ADD, at, add, 0, resultBase, resultOffset, resultType);
    }

    CollectiveRequest compareAndSwap(long expected, long value, Object resultBase, long resultOffset,
            TypeMap resultType, long at) {
        return atomic(OneSidedRecordDescriptor.COMPARE_SWAP, at, expected, value, resultBase, resultOffset, resultType);
    }

    private CollectiveRequest atomic(int operation, long at, long first, long second, Object resultBase,
            long resultOffset, TypeMap resultType) {
        Fetch fetch = new Fetch();
        fetch.begin();
        long block = block(Long.BYTES);
        atomicsUnderWay++;
        start(operation, heap.offset(block), Long.BYTES, at, first, second, () -> {
            if (resultBase != null) {
                Packer.unpack(memory, heap.offset(block), resultBase, resultOffset, 1, resultType, 0, Long.BYTES);
            }
            heap.free(block);
            atomicsUnderWay--;
            fetch.end();
        });
        return fetch.complete();
    }

    /** The one element of a packed operand. */
    static long word(Object base, long offset, TypeMap type) {
        MemorySegment word = MemorySegment.ofArray(new long[1]);
        Packer.pack(base, offset, 1, type, 0, word, 0, Long.BYTES);
        return word.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
    }

    /** Waits until all atomic operations are complete. */
    void awaitAtomics() {
        if (atomicsUnderWay > 0) {
            progress.await(() -> atomicsUnderWay == 0);
        }
    }

    /** Waits until everything is complete, there and here. */
    void awaitAll() {
        if (underWay > 0) {
            progress.await(() -> underWay == 0);
        }
    }

    private long block(int bytes) {
        long[] block = {endpoint.allocateBlock(bytes, NO_SITE)};
        if (block[0] == Handle.NONE) {
            progress.await(() -> {
                block[0] = block[0] == Handle.NONE ? endpoint.allocateBlock(bytes, NO_SITE) : block[0];
                return block[0] != Handle.NONE;
            });
        }
        return block[0];
    }

    private void start(int operation, long here, int bytes, long at, long first, long second, Runnable onDone) {
        Runnable ended = () -> {
            underWay--;
            bytesUnderWay -= bytes;
            onDone.run();
        };
        boolean[] started = {tryStart(operation, here, bytes, at, first, second, ended)};
        if (!started[0]) {
            progress.await(() -> {
                started[0] = started[0] || tryStart(operation, here, bytes, at, first, second, ended);
                return started[0];
            });
        }
        endpoint.counters().oneSided(bytes);
    }

    private boolean tryStart(int operation, long here, int bytes, long at, long first, long second, Runnable ended) {
        if (underWay == MOST_UNDER_WAY || bytesUnderWay >= MOST_BYTES_UNDER_WAY
                || !requests.tryStart(target, operation, here, bytes, at, first, second, ended)) {
            return false;
        }
        underWay++;
        bytesUnderWay += bytes;
        return true;
    }
}
