package org.isthmus.rdma.verbs;

import static org.isthmus.rdma.verbs.StructLayouts.offset;
import static org.isthmus.rdma.verbs.StructLayouts.struct;
import static org.isthmus.rdma.verbs.StructLayouts.u32;
import static org.isthmus.rdma.verbs.StructLayouts.u64;

import java.lang.foreign.StructLayout;

/**
 * {@code struct ibv_qp}: a queue pair of the library.
 *
 * <pre>
 *   0  context     pointer to {@link ContextDescriptor}
 *   8  qp_context  u64
 *  16  pd          pointer
 *  24  send_cq     pointer
 *  32  recv_cq     pointer
 *  40  srq         pointer, or 0
 *  48  handle      u32
 *  52  qp_num      u32
 *  56  state       u32  of the last change made through the library
 *  60  qp_type     u32
 *  64              the library's own, of another size on each processor
 * </pre>
 */
public final class QueuePairDescriptor {
    public static final StructLayout LAYOUT = struct("ibv_qp", u64("context"), u64("qp_context"), u64("pd"),
            u64("send_cq"), u64("recv_cq"), u64("srq"), u32("handle"), u32("qp_num"), u32("state"), u32("qp_type"));
    public static final long HANDLE_OFFSET = offset(LAYOUT, "handle");
    public static final long QP_NUM_OFFSET = offset(LAYOUT, "qp_num");

    private QueuePairDescriptor() {}
}
