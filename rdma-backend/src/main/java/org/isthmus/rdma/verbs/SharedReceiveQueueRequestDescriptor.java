package org.isthmus.rdma.verbs;

import static org.isthmus.rdma.verbs.StructLayouts.gap;
import static org.isthmus.rdma.verbs.StructLayouts.offset;
import static org.isthmus.rdma.verbs.StructLayouts.struct;
import static org.isthmus.rdma.verbs.StructLayouts.u32;
import static org.isthmus.rdma.verbs.StructLayouts.u64;

import java.lang.foreign.StructLayout;

/**
 * {@code struct ibv_srq_init_attr}: the shared receive queue that is wanted.
 *
 * <pre>
 *   0  srq_context  u64
 *   8  attr  { 8 max_wr u32, 12 max_sge u32, 16 srq_limit u32 }
 *  24
 * </pre>
 */
public final class SharedReceiveQueueRequestDescriptor {
    public static final StructLayout LAYOUT = struct("ibv_srq_init_attr", u64("srq_context"),
            struct("attr", u32("max_wr"), u32("max_sge"), u32("srq_limit")), gap(4));
    public static final long MAX_WR_OFFSET = offset(LAYOUT, "attr.max_wr");
    public static final long MAX_SGE_OFFSET = offset(LAYOUT, "attr.max_sge");
    public static final long BYTES = LAYOUT.byteSize();

    private SharedReceiveQueueRequestDescriptor() {}
}
