package org.isthmus.rdma.verbs;

import static org.isthmus.rdma.verbs.StructLayouts.offset;
import static org.isthmus.rdma.verbs.StructLayouts.struct;
import static org.isthmus.rdma.verbs.StructLayouts.u32;
import static org.isthmus.rdma.verbs.StructLayouts.u64;

import java.lang.foreign.StructLayout;

/**
 * {@code struct ibv_comp_channel}: where completion queues announce completions.
 *
 * <pre>
 *   0  context  pointer to {@link ContextDescriptor}
 *   8  fd       u32  readable when an event waits
 *  12  refcnt   u32
 *  16
 * </pre>
 */
public final class CompletionChannelDescriptor {
    public static final StructLayout LAYOUT = struct("ibv_comp_channel", u64("context"), u32("fd"), u32("refcnt"));
    public static final long FD_OFFSET = offset(LAYOUT, "fd");
    public static final long BYTES = LAYOUT.byteSize();

    private CompletionChannelDescriptor() {}
}
