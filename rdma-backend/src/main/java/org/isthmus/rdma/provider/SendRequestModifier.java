package org.isthmus.rdma.provider;

import com.ibm.disni.verbs.SVCPostSend;
import java.lang.foreign.MemorySegment;
import org.isthmus.rdma.extension.SendModifier;
import org.isthmus.rdma.verbs.ScatterGatherDescriptor;
import org.isthmus.rdma.verbs.SendRequestDescriptor;

/** Reads and changes one request of a prepared list, in place. */
final class SendRequestModifier implements SendModifier, SVCPostSend.RdmaMod {
    private final MemorySegment memory;
    private final long at;
    private final Piece[] pieces;
    private int reserved;

    SendRequestModifier(MemorySegment memory, long at, long piecesAt, int count) {
        this.memory = memory;
        this.at = at;
        pieces = new Piece[count];
        for (int i = 0; i < count; i++) {
            pieces[i] = new Piece(piecesAt + i * ScatterGatherDescriptor.BYTES);
        }
    }

    private final class Piece implements SVCPostSend.SgeMod {
        private final long pieceAt;

        Piece(long pieceAt) {
            this.pieceAt = pieceAt;
        }

        @Override
        public void setAddr(long address) {
            memory.set(Requests.U64, pieceAt + ScatterGatherDescriptor.ADDR_OFFSET, address);
        }

        @Override
        public long getAddr() {
            return memory.get(Requests.U64, pieceAt + ScatterGatherDescriptor.ADDR_OFFSET);
        }

        @Override
        public void setLength(int length) {
            memory.set(Requests.U32, pieceAt + ScatterGatherDescriptor.LENGTH_OFFSET, length);
        }

        @Override
        public int getLength() {
            return memory.get(Requests.U32, pieceAt + ScatterGatherDescriptor.LENGTH_OFFSET);
        }

        @Override
        public void setLkey(int lkey) {
            memory.set(Requests.U32, pieceAt + ScatterGatherDescriptor.LKEY_OFFSET, lkey);
        }

        @Override
        public int getLkey() {
            return memory.get(Requests.U32, pieceAt + ScatterGatherDescriptor.LKEY_OFFSET);
        }
    }

    @Override
    public void setWr_id(long id) {
        memory.set(Requests.U64, at + SendRequestDescriptor.WR_ID_OFFSET, id);
    }

    @Override
    public long getWr_id() {
        return memory.get(Requests.U64, at + SendRequestDescriptor.WR_ID_OFFSET);
    }

    @Override
    public void setSend_flags(int flags) {
        memory.set(Requests.U32, at + SendRequestDescriptor.SEND_FLAGS_OFFSET, flags);
    }

    @Override
    public int getSend_flags() {
        return memory.get(Requests.U32, at + SendRequestDescriptor.SEND_FLAGS_OFFSET);
    }

    @Override
    public int getNum_sge() {
        return memory.get(Requests.U32, at + SendRequestDescriptor.NUM_SGE_OFFSET);
    }

    @Override
    public int getOpcode() {
        return memory.get(Requests.U32, at + SendRequestDescriptor.OPCODE_OFFSET);
    }

    @Override
    public void setOpcode(int opcode) {
        memory.set(Requests.U32, at + SendRequestDescriptor.OPCODE_OFFSET, opcode);
    }

    @Override
    public void setImmediate(int immediate) {
        memory.set(Requests.LITTLE_ENDIAN_INT, at + SendRequestDescriptor.IMM_DATA_OFFSET, immediate);
    }

    @Override
    public void setAtomic(long remoteAddress, int rkey, long compareAdd, long swap) {
        writeAtomic(memory, at, remoteAddress, rkey, compareAdd, swap);
    }

    static void writeAtomic(MemorySegment memory, long at, long remoteAddress, int rkey, long compareAdd, long swap) {
        memory.set(Requests.U64, at + SendRequestDescriptor.ATOMIC_REMOTE_ADDR_OFFSET, remoteAddress);
        memory.set(Requests.U64, at + SendRequestDescriptor.ATOMIC_COMPARE_ADD_OFFSET, compareAdd);
        memory.set(Requests.U64, at + SendRequestDescriptor.ATOMIC_SWAP_OFFSET, swap);
        memory.set(Requests.U32, at + SendRequestDescriptor.ATOMIC_RKEY_OFFSET, rkey);
    }

    @Override
    public SVCPostSend.RdmaMod getRdmaMod() {
        return this;
    }

    @Override
    public SVCPostSend.SgeMod getSgeMod(int index) {
        return pieces[index];
    }

    @Override
    public void setRemote_addr(long address) {
        memory.set(Requests.U64, at + SendRequestDescriptor.RDMA_REMOTE_ADDR_OFFSET, address);
    }

    @Override
    public long getRemote_addr() {
        return memory.get(Requests.U64, at + SendRequestDescriptor.RDMA_REMOTE_ADDR_OFFSET);
    }

    @Override
    public void setRkey(int rkey) {
        memory.set(Requests.U32, at + SendRequestDescriptor.RDMA_RKEY_OFFSET, rkey);
    }

    @Override
    public int getRkey() {
        return memory.get(Requests.U32, at + SendRequestDescriptor.RDMA_RKEY_OFFSET);
    }

    /** Kept for DiSNI's interface; the struct has no such field. */
    @Override
    public void setReserved(int value) {
        reserved = value;
    }

    @Override
    public int getReserved() {
        return reserved;
    }
}
