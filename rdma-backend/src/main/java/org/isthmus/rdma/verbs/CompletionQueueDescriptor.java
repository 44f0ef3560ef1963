package org.isthmus.rdma.verbs;

import static org.isthmus.rdma.verbs.StructLayouts.offset;
import static org.isthmus.rdma.verbs.StructLayouts.struct;
import static org.isthmus.rdma.verbs.StructLayouts.u32;
import static org.isthmus.rdma.verbs.StructLayouts.u64;

import java.lang.foreign.StructLayout;

/**
 * {@code struct ibv_cq}: a completion queue of the library.
 *
 * <pre>
 *   0  context     pointer to {@link ContextDescriptor}
 *   8  channel     pointer, or 0
 *  16  cq_context  u64
 *  24  handle      u32
 *  28  cqe         u32  entries that were granted
 *  32              the library's own, of another size on each processor
 * </pre>
 */
public final class CompletionQueueDescriptor {
    public static final StructLayout LAYOUT = struct("ibv_cq", u64("context"), u64("channel"), u64("cq_context"),
            u32("handle"), u32("cqe"));
    public static final long HANDLE_OFFSET = offset(LAYOUT, "handle");
    public static final long CQE_OFFSET = offset(LAYOUT, "cqe");

    private CompletionQueueDescriptor() {}
}
