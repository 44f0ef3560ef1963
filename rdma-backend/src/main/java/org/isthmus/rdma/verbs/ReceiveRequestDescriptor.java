package org.isthmus.rdma.verbs;

import static org.isthmus.rdma.verbs.StructLayouts.gap;
import static org.isthmus.rdma.verbs.StructLayouts.offset;
import static org.isthmus.rdma.verbs.StructLayouts.struct;
import static org.isthmus.rdma.verbs.StructLayouts.u32;
import static org.isthmus.rdma.verbs.StructLayouts.u64;

import java.lang.foreign.StructLayout;

/**
 * {@code struct ibv_recv_wr}: a receive, of a queue pair or of a shared receive queue.
 *
 * <pre>
 *   0  wr_id    u64
 *   8  next     pointer to the next one of the list, or 0
 *  16  sg_list  pointer to num_sge of {@link ScatterGatherDescriptor}
 *  24  num_sge  u32
 *  32
 * </pre>
 */
public final class ReceiveRequestDescriptor {
    public static final StructLayout LAYOUT = struct("ibv_recv_wr", u64("wr_id"), u64("next"), u64("sg_list"),
            u32("num_sge"), gap(4));
    public static final long WR_ID_OFFSET = offset(LAYOUT, "wr_id");
    public static final long NEXT_OFFSET = offset(LAYOUT, "next");
    public static final long SG_LIST_OFFSET = offset(LAYOUT, "sg_list");
    public static final long NUM_SGE_OFFSET = offset(LAYOUT, "num_sge");
    public static final long BYTES = LAYOUT.byteSize();

    private ReceiveRequestDescriptor() {}
}
