package org.isthmus.rdma.verbs;

import static org.isthmus.rdma.verbs.StructLayouts.gap;
import static org.isthmus.rdma.verbs.StructLayouts.offset;
import static org.isthmus.rdma.verbs.StructLayouts.struct;
import static org.isthmus.rdma.verbs.StructLayouts.u32;
import static org.isthmus.rdma.verbs.StructLayouts.u64;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct ibv_send_wr}: a request of the send queue.
 *
 * <pre>
 *   0  wr_id       u64
 *   8  next        pointer to the next one of the list, or 0
 *  16  sg_list     pointer to num_sge of {@link ScatterGatherDescriptor}
 *  24  num_sge     u32
 *  28  opcode      u32  IbvSendWR.IBV_WR_*
 *  32  send_flags  u32  IbvSendWR.IBV_SEND_*
 *  36  imm_data    u32  goes out as it lies here, see {@link #IMM_DATA_OFFSET}
 *  40  wr          one of: rdma   { 40 remote_addr u64, 48 rkey u32 }
 *                          atomic { 40 remote_addr u64, 48 compare_add u64, 56 swap u64, 64 rkey u32 }
 *                          ud     { 40 ah pointer, 48 remote_qpn u32, 52 remote_qkey u32 }
 *  72  qp_type     xrc { 72 remote_srqn u32 }
 *  80              memory windows and segmentation: unused here
 * 128
 * </pre>
 */
public final class SendRequestDescriptor {
    public static final StructLayout LAYOUT = struct("ibv_send_wr", u64("wr_id"), u64("next"), u64("sg_list"),
            u32("num_sge"), u32("opcode"), u32("send_flags"), u32("imm_data"),
            MemoryLayout.unionLayout(
                    struct("rdma", u64("remote_addr"), u32("rkey"), gap(4)),
                    struct("atomic", u64("remote_addr"), u64("compare_add"), u64("swap"), u32("rkey"), gap(4)),
                    struct("ud", u64("ah"), u32("remote_qpn"), u32("remote_qkey"))).withName("wr"),
            struct("qp_type", struct("xrc", u32("remote_srqn"))), gap(4), gap(48));
    public static final long WR_ID_OFFSET = offset(LAYOUT, "wr_id");
    public static final long NEXT_OFFSET = offset(LAYOUT, "next");
    public static final long SG_LIST_OFFSET = offset(LAYOUT, "sg_list");
    public static final long NUM_SGE_OFFSET = offset(LAYOUT, "num_sge");
    public static final long OPCODE_OFFSET = offset(LAYOUT, "opcode");
    public static final long SEND_FLAGS_OFFSET = offset(LAYOUT, "send_flags");
    /** Little-endian, whatever the host: so both sides read one number, as DiSNI's own provider does on x86. */
    public static final long IMM_DATA_OFFSET = offset(LAYOUT, "imm_data");
    public static final long RDMA_REMOTE_ADDR_OFFSET = offset(LAYOUT, "wr.rdma.remote_addr");
    public static final long RDMA_RKEY_OFFSET = offset(LAYOUT, "wr.rdma.rkey");
    public static final long ATOMIC_REMOTE_ADDR_OFFSET = offset(LAYOUT, "wr.atomic.remote_addr");
    public static final long ATOMIC_COMPARE_ADD_OFFSET = offset(LAYOUT, "wr.atomic.compare_add");
    public static final long ATOMIC_SWAP_OFFSET = offset(LAYOUT, "wr.atomic.swap");
    public static final long ATOMIC_RKEY_OFFSET = offset(LAYOUT, "wr.atomic.rkey");
    public static final long BYTES = LAYOUT.byteSize();

    private SendRequestDescriptor() {}
}
