package org.isthmus.rdma.provider;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.isthmus.rdma.extension.SharedReceiveQueue;
import org.isthmus.rdma.verbs.DataPathNative;
import org.isthmus.rdma.verbs.ReceiveRequestDescriptor;
import org.isthmus.rdma.verbs.ScatterGatherDescriptor;
import org.isthmus.rdma.verbs.VerbsNative;

/** A shared receive queue of the device, with one prepared request that every post fills in. */
final class NativeSharedReceiveQueue implements SharedReceiveQueue {
    private static final long PIECE_AT = ReceiveRequestDescriptor.BYTES;
    private static final long BAD_AT = PIECE_AT + ScatterGatherDescriptor.BYTES;
    private static final int EINVAL = 22;

    private final Context context;
    private final long address;
    private final VerbsCall request = new VerbsCall("a receive of a shared queue", BAD_AT + Long.BYTES);
    private boolean open = true;

    NativeSharedReceiveQueue(Context context, long address) {
        this.context = context;
        this.address = address;
        MemorySegment memory = request.memory();
        memory.set(Requests.U64, ReceiveRequestDescriptor.SG_LIST_OFFSET, request.address() + PIECE_AT);
        memory.set(Requests.U32, ReceiveRequestDescriptor.NUM_SGE_OFFSET, 1);
    }

    @Override
    public int post(long wrId, long piece, int length, int lkey) {
        if (!open) {
            return EINVAL;
        }
        MemorySegment memory = request.memory();
        memory.set(Requests.U64, ReceiveRequestDescriptor.WR_ID_OFFSET, wrId);
        memory.set(Requests.U64, PIECE_AT + ScatterGatherDescriptor.ADDR_OFFSET, piece);
        memory.set(Requests.U32, PIECE_AT + ScatterGatherDescriptor.LENGTH_OFFSET, length);
        memory.set(Requests.U32, PIECE_AT + ScatterGatherDescriptor.LKEY_OFFSET, lkey);
        return DataPathNative.post(context.postSharedReceive, address, request.address(), request.address() + BAD_AT);
    }

    long address() throws IOException {
        Handles.open(NativeSharedReceiveQueue.class, this, open);
        return address;
    }

    @Override
    public void close() throws IOException {
        if (open) {
            VerbsNative.destroySrq(address);
            open = false;
        }
    }

    static NativeSharedReceiveQueue of(SharedReceiveQueue srq) throws IOException {
        return Handles.open(NativeSharedReceiveQueue.class, srq, true);
    }
}
