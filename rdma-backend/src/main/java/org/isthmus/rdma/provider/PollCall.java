package org.isthmus.rdma.provider;

import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.SVCPollCq;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.isthmus.rdma.verbs.CompletionDescriptor;
import org.isthmus.rdma.verbs.DataPathNative;

/** A prepared poll of a completion queue. Also failed completions carry the number of their queue pair. */
final class PollCall extends SVCPollCq {
    private static final int SUCCESS = 0;

    private final CompletionQueue cq;
    private final IbvWC[] completions;
    private final int most;
    private final VerbsCall call;
    private int polled;

    PollCall(CompletionQueue cq, IbvWC[] completions, int most) throws IOException {
        if (most < 1 || most > completions.length) {
            throw new IOException("poll of " + most + " completions into an array of " + completions.length
                    + ": the number must be 1 to that");
        }
        this.cq = cq;
        this.completions = completions;
        this.most = most;
        call = new VerbsCall("poll", most * CompletionDescriptor.BYTES);
    }

    @Override
    public SVCPollCq execute() throws IOException {
        polled = 0;
        call.requireValid(cq.isOpen());
        int count = DataPathNative.poll(cq.device.pollCq, cq.address(), most, call.address());
        if (count < 0) {
            throw new IOException("poll_cq failed with " + count
                    + ": the completion queue overran or its device is gone");
        }
        for (int i = 0; i < count; i++) {
            read(i * CompletionDescriptor.BYTES, completions[i]);
        }
        polled = count;
        return this;
    }

    private void read(long at, IbvWC completion) {
        MemorySegment memory = call.memory();
        int status = memory.get(Requests.U32, at + CompletionDescriptor.STATUS_OFFSET);
        completion.setWr_id(memory.get(Requests.U64, at + CompletionDescriptor.WR_ID_OFFSET));
        completion.setStatus(status);
        completion.setVendor_err(memory.get(Requests.U32, at + CompletionDescriptor.VENDOR_ERR_OFFSET));
        completion.setQp_num(memory.get(Requests.U32, at + CompletionDescriptor.QP_NUM_OFFSET));
        completion.setOpcode(memory.get(Requests.U32, at + CompletionDescriptor.OPCODE_OFFSET));
        if (status != SUCCESS) {
            return;
        }
        completion.setByte_len(memory.get(Requests.U32, at + CompletionDescriptor.BYTE_LEN_OFFSET));
        completion.setImm_data(memory.get(Requests.LITTLE_ENDIAN_INT, at + CompletionDescriptor.IMM_DATA_OFFSET));
        completion.setSrc_qp(memory.get(Requests.U32, at + CompletionDescriptor.SRC_QP_OFFSET));
        completion.setWc_flags(memory.get(Requests.U32, at + CompletionDescriptor.WC_FLAGS_OFFSET));
        completion.setPkey_index(memory.get(ValueLayout.JAVA_SHORT, at + CompletionDescriptor.PKEY_INDEX_OFFSET));
        completion.setSlid(memory.get(ValueLayout.JAVA_SHORT, at + CompletionDescriptor.SLID_OFFSET));
        completion.setSl((short) (memory.get(ValueLayout.JAVA_BYTE, at + CompletionDescriptor.SL_OFFSET) & 0xff));
        completion.setDlid_path_bits(
                (short) (memory.get(ValueLayout.JAVA_BYTE, at + CompletionDescriptor.DLID_PATH_BITS_OFFSET) & 0xff));
    }

    @Override
    public int getPolls() {
        return polled;
    }

    @Override
    public boolean isValid() {
        return call.isValid();
    }

    @Override
    public SVCPollCq free() {
        call.free();
        return this;
    }
}
