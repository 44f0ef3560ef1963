package org.isthmus.rdma.verbs;

import static org.isthmus.rdma.verbs.StructLayouts.gap;
import static org.isthmus.rdma.verbs.StructLayouts.offset;
import static org.isthmus.rdma.verbs.StructLayouts.struct;
import static org.isthmus.rdma.verbs.StructLayouts.u32;
import static org.isthmus.rdma.verbs.StructLayouts.u64;

import java.lang.foreign.StructLayout;

/**
 * {@code struct ibv_qp_init_attr}: the queue pair that is wanted; the library writes what it granted into {@code cap}.
 *
 * <pre>
 *   0  qp_context  u64
 *   8  send_cq     pointer
 *  16  recv_cq     pointer
 *  24  srq         pointer, or 0
 *  32  cap  { 32 max_send_wr u32, 36 max_recv_wr u32, 40 max_send_sge u32, 44 max_recv_sge u32,
 *         48 max_inline_data u32 }
 *  52  qp_type     u32
 *  56  sq_sig_all  u32  not 0: every send completes with a completion
 *  64
 * </pre>
 */
public final class QueuePairRequestDescriptor {
    public static final StructLayout LAYOUT = struct("ibv_qp_init_attr", u64("qp_context"), u64("send_cq"),
            u64("recv_cq"), u64("srq"),
            struct("cap", u32("max_send_wr"), u32("max_recv_wr"), u32("max_send_sge"), u32("max_recv_sge"),
                    u32("max_inline_data")),
            u32("qp_type"), u32("sq_sig_all"), gap(4));
    public static final long QP_CONTEXT_OFFSET = offset(LAYOUT, "qp_context");
    public static final long SEND_CQ_OFFSET = offset(LAYOUT, "send_cq");
    public static final long RECV_CQ_OFFSET = offset(LAYOUT, "recv_cq");
    public static final long SRQ_OFFSET = offset(LAYOUT, "srq");
    public static final long MAX_SEND_WR_OFFSET = offset(LAYOUT, "cap.max_send_wr");
    public static final long MAX_RECV_WR_OFFSET = offset(LAYOUT, "cap.max_recv_wr");
    public static final long MAX_SEND_SGE_OFFSET = offset(LAYOUT, "cap.max_send_sge");
    public static final long MAX_RECV_SGE_OFFSET = offset(LAYOUT, "cap.max_recv_sge");
    public static final long MAX_INLINE_DATA_OFFSET = offset(LAYOUT, "cap.max_inline_data");
    public static final long QP_TYPE_OFFSET = offset(LAYOUT, "qp_type");
    public static final long SQ_SIG_ALL_OFFSET = offset(LAYOUT, "sq_sig_all");
    public static final long BYTES = LAYOUT.byteSize();

    private QueuePairRequestDescriptor() {}
}
