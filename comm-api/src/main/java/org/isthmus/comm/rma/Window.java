package org.isthmus.comm.rma;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.isthmus.comm.buffer.UserBuffer;
import org.isthmus.comm.coll.CollectiveRequest;
import org.isthmus.comm.coll.Collectives;
import org.isthmus.comm.datatype.Packer;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.op.AtomicReduction;
import org.isthmus.comm.op.PredefinedOp;

/**
 * A window of memory that its members read and change without the owner's help (MPI 3.1, chapter 11), without argument
 * checks beyond epochs and addresses: the others are the API layer's.
 *
 * <p>A target whose memory this process reaches {@link #isDirect directly} costs loads, stores and atomic instructions
 * and no message; operations on it are complete when the call returns. Memory in another node's segment is reached
 * through the network card where that can do it ({@link FarMemory}). For everything else a message asks the target for
 * it ({@link RemoteTarget}, {@link TargetService}); both are complete after a flush or the end of the epoch.
 *
 * <p>Buffers are pairs of base and offset as in {@code PointToPoint}. Calls hold the engine lock, except operations on
 * direct targets, which need none and may come from several threads at once.
 */
public final class Window {
    private static final int FIRST_REPLY_TAG = 16;

    private final Communicator comm;
    private final Collectives collectives;
    private final WindowLayout layout;
    private final WindowMemory[] direct;
    private final RemoteTarget[] remote;
    private final AttachedMemory attached;
    private final LockWords locks;
    private final FarMemoryMaker farMemory;
    private final TargetService service;
    private final Epochs epochs;
    private final GroupNotices notices;
    private int replyTag = FIRST_REPLY_TAG;
    private volatile boolean closed;

    /** Makes what reaches memory of a member on another node; atomic operations too if {@code atomics}. */
    interface FarMemoryMaker {
        FarMemory make(int worldRank, boolean atomics);
    }

    /** @param collectives of {@code comm}, which is this window's own */
    Window(Communicator comm, Collectives collectives, WindowLayout layout, LockWords locks, FarMemoryMaker farMemory) {
        this.farMemory = farMemory;
        this.comm = comm;
        this.collectives = collectives;
        this.layout = layout;
        this.direct = layout.direct();
        this.remote = new RemoteTarget[comm.size()];
        this.attached = layout.isDynamic() ? new AttachedMemory() : null;
        this.locks = locks;
        this.epochs = new Epochs(comm.size());
        this.notices = new GroupNotices(comm);
        this.service = layout.isServed()
                ? new TargetService(comm, this::ownMemory, locks, layout.lockIndex(comm.rank())) : null;
    }

    /** The members, on a context of the window's own. */
    public Communicator communicator() {
        return comm;
    }

    /** Whether operations on {@code target} are done here, without the engine. */
    public boolean isDirect(int target) {
        WindowMemory memory = direct[target];
        return memory != null && memory.isShared();
    }

    /** Whether others need this process's help, so that it must make progress even while it computes. */
    boolean isServed() {
        return service != null;
    }

    /** Bytes of the window of {@code rank}. */
    public long bytes(int rank) {
        return layout.bytes(rank);
    }

    /** Bytes of a unit of displacement of {@code rank}. */
    public int unit(int rank) {
        return layout.unit(rank);
    }

    /** Address of this process's memory, 0 for a dynamic window. */
    public long address() {
        return attached != null ? 0 : direct[comm.rank()].address();
    }

    /** The memory of {@code rank}: this process's own, or any one's of a window of flavor SHARED. */
    MemorySegment memoryOf(int rank) {
        if (layout.isDynamic() || rank != comm.rank() && !layout.isShared()) {
            throw new CommException(ErrorClass.RMA_FLAVOR, "the window is "
                    + (layout.isDynamic() ? "dynamic: it has no memory of its own"
                            : "not of flavor Win.FLAVOR_SHARED: only this process's own memory can be asked for"));
        }
        return direct[rank].segment();
    }

    boolean isClosed() {
        return closed;
    }

    // Operations

    public void put(Object base, long offset, int count, TypeMap type, int target, long disp, int targetCount,
            TypeMap targetType) {
        epochs.access(target);
        WindowMemory memory = memory(target, disp);
        if (memory != null) {
            memory.put(base, offset, count, type, memory.at(disp, targetCount, targetType), targetCount, targetType);
        } else {
            layout.check(target, disp, targetCount, targetType);
            remote(target).put(base, offset, count, type, disp, targetCount, targetType);
        }
    }

    /** The result, null for direct targets, is done when the data has arrived. */
    public CollectiveRequest get(Object base, long offset, int count, TypeMap type, int target, long disp,
            int targetCount, TypeMap targetType) {
        epochs.access(target);
        WindowMemory memory = memory(target, disp);
        if (memory != null) {
            memory.get(base, offset, count, type, memory.at(disp, targetCount, targetType), targetCount, targetType);
            return null;
        }
        layout.check(target, disp, targetCount, targetType);
        return remote(target).get(base, offset, count, type, disp, targetCount, targetType);
    }

    public void accumulate(PredefinedOp op, Object base, long offset, int count, TypeMap type, int target, long disp,
            int targetCount, TypeMap targetType) {
        epochs.access(target);
        WindowMemory memory = memory(target, disp);
        if (memory != null) {
            combine(memory, op, base, offset, count, type, null, 0, 0, null,
                    memory.at(disp, targetCount, targetType), targetCount, targetType);
        } else {
            layout.check(target, disp, targetCount, targetType);
            remote(target).accumulate(op, base, offset, count, type, disp, targetCount, targetType);
        }
    }

    /**
     * The result, null for direct targets, is done when the former elements have arrived.
     *
     * @param base null for NO_OP without an origin buffer
     */
    public CollectiveRequest getAccumulate(PredefinedOp op, Object base, long offset, int count, TypeMap type,
            Object resultBase, long resultOffset, int resultCount, TypeMap resultType, int target, long disp,
            int targetCount, TypeMap targetType) {
        epochs.access(target);
        WindowMemory memory = memory(target, disp);
        if (memory != null) {
            combine(memory, op, base, offset, count, type, resultBase, resultOffset, resultCount, resultType,
                    memory.at(disp, targetCount, targetType), targetCount, targetType);
            return null;
        }
        layout.check(target, disp, targetCount, targetType);
        return remote(target).getAccumulate(op, base, offset, count, type, resultBase, resultOffset, resultCount,
                resultType, disp, targetCount, targetType);
    }

    /** One element; {@code type} is predefined. */
    public void fetchAndOp(PredefinedOp op, Object base, long offset, Object resultBase, long resultOffset,
            TypeMap type, int target, long disp) {
        WindowMemory memory = direct[target];
        if (memory != null && memory.isShared()) {
            epochs.access(target);
            long at = memory.at(disp, 1, type);
            if (memory.isAtomic(type, at)) {
                Primitive primitive = type.base();
                long operand = base == null ? 0 : AtomicReduction.load(primitive, UserBuffer.bytes(base), offset);
                AtomicReduction.store(primitive, UserBuffer.bytes(resultBase), resultOffset,
                        memory.fetch(op, primitive, at, operand));
                return;
            }
        }
        getAccumulate(op, base, offset, 1, type, resultBase, resultOffset, 1, type, target, disp, 1, type);
    }

    /** One element of an integer type. */
    public void compareAndSwap(Object base, long offset, Object compareBase, long compareOffset, Object resultBase,
            long resultOffset, TypeMap type, int target, long disp) {
        epochs.access(target);
        WindowMemory memory = memory(target, disp);
        if (memory != null) {
            memory.compareAndSwap(UserBuffer.bytes(compareBase), compareOffset, UserBuffer.bytes(base), offset,
                    memory.at(disp, 1, type), type, UserBuffer.bytes(resultBase), resultOffset);
        } else {
            layout.check(target, disp, 1, type);
            remote(target).compareAndSwap(base, offset, compareBase, compareOffset, resultBase, resultOffset, type,
                    disp);
        }
    }

    private static void combine(WindowMemory memory, PredefinedOp op, Object base, long offset, int count, TypeMap type,
            Object resultBase, long resultOffset, int resultCount, TypeMap resultType, long at, int targetCount,
            TypeMap targetType) {
        long length = targetType.size() * targetCount;
        boolean packed = (base == null || type.isContiguous()) && (resultBase == null || resultType.isContiguous());
        if (packed) {
            memory.accumulate(op, base == null ? null : UserBuffer.bytes(base), offset, at, targetCount, targetType, 0,
                    length, resultBase == null ? null : UserBuffer.bytes(resultBase), resultOffset);
            return;
        }
        MemorySegment operand = base == null ? null : MemorySegment.ofArray(new byte[Chunks.BYTES]);
        MemorySegment result = resultBase == null ? null : MemorySegment.ofArray(new byte[Chunks.BYTES]);
        for (long done = 0; done < length; done += Chunks.BYTES) {
            long n = Math.min(Chunks.BYTES, length - done);
            if (base != null) {
                Packer.pack(base, offset, count, type, done, operand, 0, n);
            }
            memory.accumulate(op, operand, 0, at, targetCount, targetType, done, n, result, 0);
            if (resultBase != null) {
                Packer.unpack(result, 0, resultBase, resultOffset, resultCount, resultType, done, n);
            }
        }
    }

    /** The memory of {@code target} at {@code disp} as far as this process reaches it, else null. */
    private WindowMemory memory(int target, long disp) {
        return attached != null && target == comm.rank() ? attached.at(disp) : direct[target];
    }

    private WindowMemory ownMemory(long disp) {
        return memory(comm.rank(), disp);
    }

    private RemoteTarget remote(int target) {
        if (remote[target] == null) {
            long start = layout.far()[target];
            FarMemory far = start < 0 ? null : farMemory.make(comm.worldRank(target), layout.farAtomics()[target]);
            remote[target] = new RemoteTarget(comm, target, this::nextReplyTag, far, start, layout.unit(target));
        }
        return remote[target];
    }

    private int nextReplyTag() {
        int tag = replyTag;
        replyTag = tag == Integer.MAX_VALUE ? FIRST_REPLY_TAG : tag + 1;
        return tag;
    }

    // Dynamic memory

    /** Attaches memory, whose {@code owner} is kept reachable until it is detached; returns its displacement. */
    public long attach(MemorySegment memory, long offset, long bytes, Object owner) {
        return dynamic("attach").attach(memory, offset, bytes, owner);
    }

    public void detach(MemorySegment memory, long offset) {
        dynamic("detach").detach(memory, offset);
    }

    private AttachedMemory dynamic(String call) {
        if (attached == null) {
            throw new CommException(ErrorClass.RMA_FLAVOR, call
                    + " is for dynamic windows: make the window with new Win(info, comm)");
        }
        return attached;
    }

    // Active target synchronization

    /** Collective. @param opens whether an epoch begins with it */
    public void fence(boolean opens) {
        epochs.checkFence();
        try {
            completeAll();
        } finally {
            collectives.barrier(); // also after an error: the others are on their way here
            VarHandle.fullFence();
            epochs.fence(opens);
        }
    }

    /** @param targets members, each once */
    public void start(int[] targets) {
        epochs.checkNew("start");
        notices.start(targets);
        VarHandle.fullFence();
        epochs.start(targets);
    }

    public void complete() {
        epochs.checkComplete();
        try {
            completeAll();
        } finally {
            notices.complete(); // also after an error: the targets wait for it
            epochs.complete();
        }
    }

    /** @param origins members, each once */
    public void post(int[] origins) {
        epochs.checkPost();
        VarHandle.fullFence();
        notices.post(origins);
        epochs.expose(true);
    }

    /** Waits for the completes of all to whom the window was posted. */
    public void waitFor() {
        epochs.checkExposed("waitFor");
        notices.awaitCompletes();
        VarHandle.fullFence();
        epochs.expose(false);
    }

    /** As {@link #waitFor} without waiting; whether they have all come. */
    public boolean test() {
        epochs.checkExposed("test");
        if (!notices.haveCompletesCome()) {
            return false;
        }
        waitFor();
        return true;
    }

    // Passive target synchronization

    public void lock(int target, boolean exclusive) {
        boolean first = epochs.checkLock(target);
        int index = layout.lockIndex(target);
        if (index >= 0) {
            locks.lock(index, exclusive, first);
        } else {
            remote(target).startLock(exclusive, first).await();
        }
        epochs.lock(target, exclusive);
    }

    public void unlock(int target) {
        epochs.checkUnlock(target);
        epochs.unlock(target);
        release(target, epochs.isExclusive(target));
    }

    public void lockAll() {
        epochs.checkNew("lockAll");
        // Here in order of rank, so that no two wait for each other; elsewhere all at once, so nobody waits in line.
        for (int target = 0; target < comm.size(); target++) {
            if (layout.lockIndex(target) >= 0) {
                locks.lock(layout.lockIndex(target), false, true);
            }
        }
        List<PendingReply> replies = new ArrayList<>();
        for (int target = 0; target < comm.size(); target++) {
            if (layout.lockIndex(target) < 0) {
                replies.add(remote(target).startLock(false, false));
            }
        }
        replies.forEach(PendingReply::await);
        epochs.lockAll();
    }

    public void unlockAll() {
        epochs.checkUnlockAll();
        epochs.unlockAll();
        startCompletion();
        try {
            awaitCompletion();
        } finally {
            for (int target = 0; target < comm.size(); target++) {
                release(target, false);
            }
        }
    }

    private void release(int target, boolean exclusive) {
        int index = layout.lockIndex(target);
        if (index < 0) {
            remote(target).startUnlock(exclusive);
            remote(target).awaitAll();
            return;
        }
        try {
            complete(target);
        } finally {
            locks.unlock(index, exclusive);
        }
    }

    public void flush(int target) {
        epochs.checkPassive(target);
        complete(target);
    }

    public void flushAll() {
        epochs.checkPassive();
        completeAll();
    }

    /** Origin buffers may be used again; data that was asked for has arrived. */
    public void flushLocal(int target) {
        epochs.checkPassive(target);
        if (remote[target] != null) {
            remote[target].awaitAll();
        }
    }

    public void flushLocalAll() {
        epochs.checkPassive();
        awaitCompletion();
    }

    /** Makes what others did to this process's memory visible to it, and the reverse. */
    public void sync() {
        VarHandle.fullFence();
    }

    private void complete(int target) {
        if (remote[target] != null) {
            remote[target].startFlush();
            remote[target].awaitAll();
        }
        VarHandle.fullFence();
    }

    private void completeAll() {
        startCompletion();
        awaitCompletion();
        VarHandle.fullFence();
    }

    private void startCompletion() {
        for (RemoteTarget target : remote) {
            if (target != null) {
                target.startFlush();
            }
        }
    }

    private void awaitCompletion() {
        for (RemoteTarget target : remote) {
            if (target != null) {
                target.awaitAll();
            }
        }
    }

    /** Collective; no epoch but an unused fence's is open. The communicator is the caller's to free. */
    void close() {
        epochs.checkFree();
        completeAll();
        collectives.barrier();
        closed = true;
        if (service != null) {
            service.close();
        }
    }
}
