package org.isthmus.rdma.provider;

import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.SVCPostSend;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.isthmus.rdma.verbs.DataPathNative;
import org.isthmus.rdma.verbs.ScatterGatherDescriptor;
import org.isthmus.rdma.verbs.SendRequestDescriptor;

/**
 * A prepared list of sends.
 *
 * <pre>
 *   n of {@link SendRequestDescriptor} | all their {@link ScatterGatherDescriptor} | u64 address of the refused request
 * </pre>
 */
final class PostSendCall extends SVCPostSend {
    private final QueuePair qp;
    private final VerbsCall call;
    private final SendRequestModifier[] modifiers;
    private final long bad;

    PostSendCall(QueuePair qp, List<IbvSendWR> requests) throws IOException {
        if (requests.isEmpty()) {
            throw new IOException("postSend of an empty list: give at least one request");
        }
        this.qp = qp;
        long pieces = requests.stream().mapToLong(request -> request.getSg_list().size()).sum();
        long piecesAt = requests.size() * SendRequestDescriptor.BYTES;
        long badAt = piecesAt + pieces * ScatterGatherDescriptor.BYTES;
        call = new VerbsCall("postSend", badAt + Long.BYTES);
        bad = call.address() + badAt;
        modifiers = new SendRequestModifier[requests.size()];
        long pieceAt = piecesAt;
        for (int i = 0; i < modifiers.length; i++) {
            IbvSendWR request = requests.get(i);
            long at = i * SendRequestDescriptor.BYTES;
            write(at, pieceAt, request, i == modifiers.length - 1);
            modifiers[i] = new SendRequestModifier(call.memory(), at, pieceAt, request.getSg_list().size());
            pieceAt += request.getSg_list().size() * ScatterGatherDescriptor.BYTES;
        }
    }

    private void write(long at, long pieceAt, IbvSendWR request, boolean last) {
        MemorySegment memory = call.memory();
        memory.set(Requests.U64, at + SendRequestDescriptor.WR_ID_OFFSET, request.getWr_id());
        memory.set(Requests.U64, at + SendRequestDescriptor.NEXT_OFFSET,
                last ? 0 : call.address() + at + SendRequestDescriptor.BYTES);
        memory.set(Requests.U64, at + SendRequestDescriptor.SG_LIST_OFFSET, call.address() + pieceAt);
        memory.set(Requests.U32, at + SendRequestDescriptor.NUM_SGE_OFFSET, request.getSg_list().size());
        memory.set(Requests.U32, at + SendRequestDescriptor.OPCODE_OFFSET, request.getOpcode());
        memory.set(Requests.U32, at + SendRequestDescriptor.SEND_FLAGS_OFFSET, request.getSend_flags());
        memory.set(Requests.LITTLE_ENDIAN_INT, at + SendRequestDescriptor.IMM_DATA_OFFSET, request.getImm_data());
        Requests.writePieces(memory, pieceAt, request.getSg_list());
        if (request.getOpcode() == IbvSendWR.IBV_WR_ATOMIC_CMP_AND_SWP
                || request.getOpcode() == IbvSendWR.IBV_WR_ATOMIC_FETCH_AND_ADD) {
            IbvSendWR.Atomic atomic = request.getAtomic();
            SendRequestModifier.writeAtomic(memory, at, atomic.getRemote_addr(), atomic.getRkey(),
                    atomic.getCompare_add(), atomic.getSwap());
        } else {
            memory.set(Requests.U64, at + SendRequestDescriptor.RDMA_REMOTE_ADDR_OFFSET,
                    request.getRdma().getRemote_addr());
            memory.set(Requests.U32, at + SendRequestDescriptor.RDMA_RKEY_OFFSET, request.getRdma().getRkey());
        }
    }

    @Override
    public SVCPostSend execute() throws IOException {
        call.requireValid(qp.isOpen());
        call.requirePosted(DataPathNative.post(qp.device.postSend, qp.address(), call.address(), bad));
        return this;
    }

    @Override
    public SendWRMod getWrMod(int index) throws IOException {
        return modifiers[index];
    }

    @Override
    public boolean isValid() {
        return call.isValid();
    }

    @Override
    public SVCPostSend free() {
        call.free();
        return this;
    }
}
