package org.isthmus.rdma.software;

import com.ibm.disni.verbs.IbvWC;

/**
 * An entry of a completion queue.
 *
 * @param qp whose it is
 * @param sendNumber number of the send that it completes, and by that all before it; -1 for a receive
 */
record Completion(SoftwareQp qp, long sendNumber, long wrId, int status, int opcode, int bytes, int immediate,
        int flags, int vendorError) {
    static final int FLAG_IMMEDIATE = 2;

    static final int SUCCESS = 0;
    static final int LOC_LEN_ERR = 1;
    static final int LOC_PROT_ERR = 4;
    static final int WR_FLUSH_ERR = 5;
    static final int REM_INV_REQ_ERR = 9;
    static final int REM_ACCESS_ERR = 10;
    static final int REM_OP_ERR = 11;
    static final int RETRY_EXC_ERR = 12;
    static final int RNR_RETRY_EXC_ERR = 13;

    static final int OP_RECV = 128;
    static final int OP_RECV_RDMA_WITH_IMM = 129;

    void writeTo(IbvWC wc) {
        wc.setWr_id(wrId);
        wc.setStatus(status);
        wc.setOpcode(opcode);
        wc.setVendor_err(vendorError);
        wc.setByte_len(bytes);
        wc.setImm_data(immediate);
        wc.setQp_num(qp.number());
        wc.setWc_flags(flags);
    }
}
