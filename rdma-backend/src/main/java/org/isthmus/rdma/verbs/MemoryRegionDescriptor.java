package org.isthmus.rdma.verbs;

import static org.isthmus.rdma.verbs.StructLayouts.offset;
import static org.isthmus.rdma.verbs.StructLayouts.struct;
import static org.isthmus.rdma.verbs.StructLayouts.gap;
import static org.isthmus.rdma.verbs.StructLayouts.u32;
import static org.isthmus.rdma.verbs.StructLayouts.u64;

import java.lang.foreign.StructLayout;

/**
 * {@code struct ibv_mr}: registered memory.
 *
 * <pre>
 *   0  context  pointer to {@link ContextDescriptor}
 *   8  pd       pointer
 *  16  addr     pointer
 *  24  length   u64
 *  32  handle   u32
 *  36  lkey     u32
 *  40  rkey     u32
 *  48
 * </pre>
 */
public final class MemoryRegionDescriptor {
    public static final StructLayout LAYOUT = struct("ibv_mr", u64("context"), u64("pd"), u64("addr"), u64("length"),
            u32("handle"), u32("lkey"), u32("rkey"), gap(4));
    public static final long HANDLE_OFFSET = offset(LAYOUT, "handle");
    public static final long LKEY_OFFSET = offset(LAYOUT, "lkey");
    public static final long RKEY_OFFSET = offset(LAYOUT, "rkey");
    public static final long BYTES = LAYOUT.byteSize();

    private MemoryRegionDescriptor() {}
}
