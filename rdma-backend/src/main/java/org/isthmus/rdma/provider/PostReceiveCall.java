package org.isthmus.rdma.provider;

import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.SVCPostRecv;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import org.isthmus.rdma.verbs.DataPathNative;
import org.isthmus.rdma.verbs.ReceiveRequestDescriptor;
import org.isthmus.rdma.verbs.ScatterGatherDescriptor;

/**
 * A prepared list of receives.
 *
 * <pre>
 *   n of {@link ReceiveRequestDescriptor}
 *   all their {@link ScatterGatherDescriptor}
 *   u64 address of the refused request
 * </pre>
 */
final class PostReceiveCall extends SVCPostRecv {
    private final QueuePair qp;
    private final VerbsCall call;
    private final int count;
    private final long bad;

    PostReceiveCall(QueuePair qp, List<IbvRecvWR> requests) throws IOException {
        if (requests.isEmpty()) {
            throw new IOException("postRecv of an empty list: give at least one request");
        }
        this.qp = qp;
        count = requests.size();
        long pieces = requests.stream().mapToLong(request -> request.getSg_list().size()).sum();
        long piecesAt = count * ReceiveRequestDescriptor.BYTES;
        long badAt = piecesAt + pieces * ScatterGatherDescriptor.BYTES;
        call = new VerbsCall("postRecv", badAt + Long.BYTES);
        bad = call.address() + badAt;
        MemorySegment memory = call.memory();
        long pieceAt = piecesAt;
        for (int i = 0; i < count; i++) {
            IbvRecvWR request = requests.get(i);
            long at = i * ReceiveRequestDescriptor.BYTES;
            memory.set(Requests.U64, at + ReceiveRequestDescriptor.WR_ID_OFFSET, request.getWr_id());
            memory.set(Requests.U64, at + ReceiveRequestDescriptor.NEXT_OFFSET,
                    i == count - 1 ? 0 : call.address() + at + ReceiveRequestDescriptor.BYTES);
            memory.set(Requests.U64, at + ReceiveRequestDescriptor.SG_LIST_OFFSET, call.address() + pieceAt);
            memory.set(Requests.U32, at + ReceiveRequestDescriptor.NUM_SGE_OFFSET, request.getSg_list().size());
            Requests.writePieces(memory, pieceAt, request.getSg_list());
            pieceAt += request.getSg_list().size() * ScatterGatherDescriptor.BYTES;
        }
    }

    @Override
    public SVCPostRecv execute() throws IOException {
        call.requireValid(qp.isOpen());
        call.requirePosted(DataPathNative.post(qp.device.postReceive, qp.address(), call.address(), bad));
        return this;
    }

    @Override
    public RecvWRMod getWrMod(int index) throws IOException {
        long at = Objects.checkIndex(index, count) * ReceiveRequestDescriptor.BYTES;
        return () -> call.memory().get(Requests.U64, at + ReceiveRequestDescriptor.WR_ID_OFFSET);
    }

    @Override
    public boolean isValid() {
        return call.isValid();
    }

    @Override
    public SVCPostRecv free() {
        call.free();
        return this;
    }
}
