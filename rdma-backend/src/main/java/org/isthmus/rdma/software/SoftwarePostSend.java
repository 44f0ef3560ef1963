package org.isthmus.rdma.software;

import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.SVCPostSend;
import java.io.IOException;
import java.util.List;
import org.isthmus.rdma.extension.SendModifier;

/** A prepared list of sends, whose fields can be changed between executions. */
final class SoftwarePostSend extends SVCPostSend {
    private final SoftwareFabric fabric;
    private final SoftwareQp qp;
    private final Modifier[] requests;
    private boolean valid = true;

    SoftwarePostSend(SoftwareFabric fabric, SoftwareQp qp, List<IbvSendWR> list) throws IOException {
        this.fabric = fabric;
        this.qp = qp;
        this.requests = new Modifier[list.size()];
        for (int i = 0; i < requests.length; i++) {
            requests[i] = new Modifier(list.get(i));
        }
    }

    /** One send of the list. */
    private static final class Modifier implements SendModifier, RdmaMod {
        private final WorkRequest request = new WorkRequest();
        private final Piece[] pieces;

        Modifier(IbvSendWR from) throws IOException {
            int count = from.getNum_sge();
            if (count > SoftwareLimits.MAX_SGE || from.getOpcode() > IbvSendWR.IBV_WR_ATOMIC_FETCH_AND_ADD) {
                throw SoftwareProvider.refused("postSend", count + " pieces, opcode " + from.getOpcode() + ": at most "
                        + SoftwareLimits.MAX_SGE + " pieces and opcodes to 6 are known");
            }
            request.wrId = from.getWr_id();
            request.opcode = from.getOpcode();
            request.flags = from.getSend_flags();
            request.immediate = from.getImm_data();
            request.pieces = count;
            if (request.opcode >= IbvSendWR.IBV_WR_ATOMIC_CMP_AND_SWP) {
                IbvSendWR.Atomic atomic = from.getAtomic();
                setAtomic(atomic.getRemote_addr(), atomic.getRkey(), atomic.getCompare_add(), atomic.getSwap());
            } else {
                request.remoteAddress = from.getRdma().getRemote_addr();
                request.remoteKey = from.getRdma().getRkey();
            }
            pieces = new Piece[count];
            for (int i = 0; i < count; i++) {
                IbvSge sge = from.getSge(i);
                request.addresses[i] = sge.getAddr();
                request.lengths[i] = sge.getLength();
                request.keys[i] = sge.getLkey();
                pieces[i] = new Piece(request, i);
            }
        }

        @Override
        public void setWr_id(long wrId) {
            request.wrId = wrId;
        }

        @Override
        public long getWr_id() {
            return request.wrId;
        }

        @Override
        public void setSend_flags(int flags) {
            request.flags = flags;
        }

        @Override
        public int getSend_flags() {
            return request.flags;
        }

        @Override
        public int getNum_sge() {
            return request.pieces;
        }

        @Override
        public int getOpcode() {
            return request.opcode;
        }

        @Override
        public void setOpcode(int opcode) {
            request.opcode = opcode;
        }

        @Override
        public void setImmediate(int immediate) {
            request.immediate = immediate;
        }

        @Override
        public void setAtomic(long remoteAddress, int rkey, long compareAdd, long swap) {
            request.remoteAddress = remoteAddress;
            request.remoteKey = rkey;
            request.compareAdd = compareAdd;
            request.swap = swap;
        }

        @Override
        public RdmaMod getRdmaMod() {
            return this;
        }

        @Override
        public SgeMod getSgeMod(int index) {
            return pieces[index];
        }

        @Override
        public void setRemote_addr(long address) {
            request.remoteAddress = address;
        }

        @Override
        public long getRemote_addr() {
            return request.remoteAddress;
        }

        @Override
        public void setRkey(int rkey) {
            request.remoteKey = rkey;
        }

        @Override
        public int getRkey() {
            return request.remoteKey;
        }

        @Override
        public void setReserved(int reserved) {
            if (reserved != 0) {
                throw new IllegalArgumentException("reserved = " + reserved + ": must be 0");
            }
        }

        @Override
        public int getReserved() {
            return 0;
        }
    }

    /** One piece of memory of a send. */
    private record Piece(WorkRequest request, int index) implements SgeMod {
        @Override
        public void setAddr(long address) {
            request.addresses[index] = address;
        }

        @Override
        public long getAddr() {
            return request.addresses[index];
        }

        @Override
        public void setLength(int length) {
            request.lengths[index] = length;
        }

        @Override
        public int getLength() {
            return request.lengths[index];
        }

        @Override
        public void setLkey(int lkey) {
            request.keys[index] = lkey;
        }

        @Override
        public int getLkey() {
            return request.keys[index];
        }
    }

    @Override
    public SVCPostSend execute() throws IOException {
        fabric.lock();
        try {
            for (Modifier modifier : requests) {
                qp.postSend(modifier.request);
                fabric.progress(qp);
            }
        } finally {
            fabric.unlock();
        }
        return this;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public SVCPostSend free() {
        valid = false;
        return this;
    }

    @Override
    public SendWRMod getWrMod(int index) {
        return requests[index];
    }
}
