package org.isthmus.comm.coll;

import org.isthmus.comm.buffer.UserBuffer;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.op.ReduceOp;
import org.isthmus.comm.progress.Progress;

/**
 * Reductions of buffers in memory of devices: operands are copied to memory of the host, where operations work, and
 * results back. Everything else, and every call without such a buffer, passes through. Owned by the engine thread.
 */
public final class DeviceReductions extends ForwardingCollectives {
    private final Progress progress;
    private final int rank;
    private final int ranks;

    /**
     * @param messages what does the calls
     * @param rank of this process, and {@code ranks}: of the own group
     */
    public DeviceReductions(Collectives messages, Progress progress, int rank, int ranks) {
        super(messages);
        this.progress = progress;
        this.rank = rank;
        this.ranks = ranks;
    }

    /** A collective between copies. */
    private interface Call<R> {
        R on(HostCopy send, HostCopy receive);
    }

    private static boolean areOnHost(Object sendBase, Object recvBase) {
        return !UserBuffer.isOnDevice(sendBase) && !UserBuffer.isOnDevice(recvBase);
    }

    /** The receive side's copy; it has the elements if they are the input, or are to stay. */
    private static HostCopy receiving(boolean filled, Object base, long offset, int count, TypeMap type) {
        return filled ? HostCopy.of(base, offset, count, type) : HostCopy.forResult(base, offset, count, type);
    }

    private static void run(HostCopy send, HostCopy receive, Call<Void> call) {
        try {
            send.load();
            receive.load();
            Void nothing = call.on(send, receive);
            receive.store();
        } finally {
            send.release();
            receive.release();
        }
    }

    private CollectiveRequest start(HostCopy send, HostCopy receive, Call<CollectiveRequest> call) {
        CollectiveRequest inner;
        try {
            send.load();
            receive.load();
            inner = call.on(send, receive);
        } catch (RuntimeException e) {
            send.release();
            receive.release();
            throw e;
        }
        Request request = new Request(inner, send, receive);
        if (request.progress() >= 0) {
            progress.register(request);
        }
        return request;
    }

    /** Done when the collective is, and its result has been copied back. */
    private static final class Request extends CollectiveRequest {
        private final CollectiveRequest inner;
        private final HostCopy send;
        private final HostCopy receive;

        Request(CollectiveRequest inner, HostCopy send, HostCopy receive) {
            this.inner = inner;
            this.send = send;
            this.receive = receive;
        }

        @Override
        public int progress() {
            if (!inner.isDone()) {
                return 0;
            }
            if (inner.errorClass != ErrorClass.SUCCESS) {
                fail(inner.errorClass, inner.errorMessage);
            }
            try {
                receive.store();
            } catch (CommException e) {
                fail(e.errorClass(), e.getMessage());
            }
            send.release();
            receive.release();
            done = true;
            return -1;
        }

        @Override
        public CommException problem() {
            return inner.problem();
        }
    }

    @Override
    public void reduce(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count, TypeMap type,
            ReduceOp op, int root) {
        if (areOnHost(sendBase, recvBase)) {
            messages.reduce(sendBase, sendOffset, recvBase, recvOffset, count, type, op, root);
            return;
        }
        run(HostCopy.of(sendBase, sendOffset, count, type),
                receiving(sendBase == null, recvBase, recvOffset, count, type), (s, r) -> {
                    messages.reduce(s.base(), s.offset(), r.base(), r.offset(), count, type, op, root);
                    return null;
                });
    }

    @Override
    public CollectiveRequest ireduce(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count,
            TypeMap type, ReduceOp op, int root) {
        if (areOnHost(sendBase, recvBase)) {
            return messages.ireduce(sendBase, sendOffset, recvBase, recvOffset, count, type, op, root);
        }
        return start(HostCopy.of(sendBase, sendOffset, count, type),
                receiving(sendBase == null, recvBase, recvOffset, count, type), (s, r) ->
                        messages.ireduce(s.base(), s.offset(), r.base(), r.offset(), count, type, op, root));
    }

    @Override
    public void allreduce(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count, TypeMap type,
            ReduceOp op) {
        if (areOnHost(sendBase, recvBase)) {
            messages.allreduce(sendBase, sendOffset, recvBase, recvOffset, count, type, op);
            return;
        }
        run(HostCopy.of(sendBase, sendOffset, count, type),
                receiving(sendBase == null, recvBase, recvOffset, count, type), (s, r) -> {
                    messages.allreduce(s.base(), s.offset(), r.base(), r.offset(), count, type, op);
                    return null;
                });
    }

    @Override
    public CollectiveRequest iallreduce(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count,
            TypeMap type, ReduceOp op) {
        if (areOnHost(sendBase, recvBase)) {
            return messages.iallreduce(sendBase, sendOffset, recvBase, recvOffset, count, type, op);
        }
        return start(HostCopy.of(sendBase, sendOffset, count, type),
                receiving(sendBase == null, recvBase, recvOffset, count, type), (s, r) ->
                        messages.iallreduce(s.base(), s.offset(), r.base(), r.offset(), count, type, op));
    }

    @Override
    public void reduceScatter(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int[] recvCounts,
            TypeMap type, ReduceOp op) {
        if (areOnHost(sendBase, recvBase)) {
            messages.reduceScatter(sendBase, sendOffset, recvBase, recvOffset, recvCounts, type, op);
            return;
        }
        int all = total(recvCounts);
        run(HostCopy.of(sendBase, sendOffset, all, type), receiving(sendBase == null, recvBase, recvOffset,
                sendBase == null ? all : recvCounts[rank], type), (s, r) -> {
                    messages.reduceScatter(s.base(), s.offset(), r.base(), r.offset(), recvCounts, type, op);
                    return null;
                });
    }

    @Override
    public CollectiveRequest ireduceScatter(Object sendBase, long sendOffset, Object recvBase, long recvOffset,
            int[] recvCounts, TypeMap type, ReduceOp op) {
        if (areOnHost(sendBase, recvBase)) {
            return messages.ireduceScatter(sendBase, sendOffset, recvBase, recvOffset, recvCounts, type, op);
        }
        int all = total(recvCounts);
        return start(HostCopy.of(sendBase, sendOffset, all, type), receiving(sendBase == null, recvBase, recvOffset,
                sendBase == null ? all : recvCounts[rank], type), (s, r) ->
                        messages.ireduceScatter(s.base(), s.offset(), r.base(), r.offset(), recvCounts, type, op));
    }

    private static int total(int[] counts) {
        int total = 0;
        for (int count : counts) {
            total = Math.addExact(total, count);
        }
        return total;
    }

    @Override
    public void reduceScatterBlock(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int recvCount,
            TypeMap type, ReduceOp op) {
        if (areOnHost(sendBase, recvBase)) {
            messages.reduceScatterBlock(sendBase, sendOffset, recvBase, recvOffset, recvCount, type, op);
            return;
        }
        int all = Math.multiplyExact(ranks, recvCount);
        run(HostCopy.of(sendBase, sendOffset, all, type), receiving(sendBase == null, recvBase, recvOffset,
                sendBase == null ? all : recvCount, type), (s, r) -> {
                    messages.reduceScatterBlock(s.base(), s.offset(), r.base(), r.offset(), recvCount, type, op);
                    return null;
                });
    }

    @Override
    public CollectiveRequest ireduceScatterBlock(Object sendBase, long sendOffset, Object recvBase, long recvOffset,
            int recvCount, TypeMap type, ReduceOp op) {
        if (areOnHost(sendBase, recvBase)) {
            return messages.ireduceScatterBlock(sendBase, sendOffset, recvBase, recvOffset, recvCount, type, op);
        }
        int all = Math.multiplyExact(ranks, recvCount);
        return start(HostCopy.of(sendBase, sendOffset, all, type), receiving(sendBase == null, recvBase, recvOffset,
                sendBase == null ? all : recvCount, type), (s, r) ->
                        messages.ireduceScatterBlock(s.base(), s.offset(), r.base(), r.offset(), recvCount, type, op));
    }

    @Override
    public void scan(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count, TypeMap type,
            ReduceOp op) {
        if (areOnHost(sendBase, recvBase)) {
            messages.scan(sendBase, sendOffset, recvBase, recvOffset, count, type, op);
            return;
        }
        run(HostCopy.of(sendBase, sendOffset, count, type),
                receiving(sendBase == null, recvBase, recvOffset, count, type), (s, r) -> {
                    messages.scan(s.base(), s.offset(), r.base(), r.offset(), count, type, op);
                    return null;
                });
    }

    @Override
    public CollectiveRequest iscan(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count,
            TypeMap type, ReduceOp op) {
        if (areOnHost(sendBase, recvBase)) {
            return messages.iscan(sendBase, sendOffset, recvBase, recvOffset, count, type, op);
        }
        return start(HostCopy.of(sendBase, sendOffset, count, type),
                receiving(sendBase == null, recvBase, recvOffset, count, type), (s, r) ->
                        messages.iscan(s.base(), s.offset(), r.base(), r.offset(), count, type, op));
    }

    @Override
    public void exscan(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count, TypeMap type,
            ReduceOp op) {
        if (areOnHost(sendBase, recvBase)) {
            messages.exscan(sendBase, sendOffset, recvBase, recvOffset, count, type, op);
            return;
        }
        run(HostCopy.of(sendBase, sendOffset, count, type), receiving(sendBase == null || rank == 0, recvBase,
                recvOffset, count, type), (s, r) -> {
                    messages.exscan(s.base(), s.offset(), r.base(), r.offset(), count, type, op);
                    return null;
                });
    }

    @Override
    public CollectiveRequest iexscan(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count,
            TypeMap type, ReduceOp op) {
        if (areOnHost(sendBase, recvBase)) {
            return messages.iexscan(sendBase, sendOffset, recvBase, recvOffset, count, type, op);
        }
        return start(HostCopy.of(sendBase, sendOffset, count, type), receiving(sendBase == null || rank == 0, recvBase,
                recvOffset, count, type), (s, r) ->
                        messages.iexscan(s.base(), s.offset(), r.base(), r.offset(), count, type, op));
    }
}
