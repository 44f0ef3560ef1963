package org.isthmus.rdma.verbs;

import static org.isthmus.rdma.verbs.StructLayouts.offset;
import static org.isthmus.rdma.verbs.StructLayouts.struct;
import static org.isthmus.rdma.verbs.StructLayouts.u32;
import static org.isthmus.rdma.verbs.StructLayouts.u64;

import java.lang.foreign.StructLayout;

/**
 * {@code struct ibv_sge}: a piece of registered memory.
 *
 * <pre>
 *   0  addr    u64
 *   8  length  u32
 *  12  lkey    u32
 * </pre>
 */
public final class ScatterGatherDescriptor {
    public static final StructLayout LAYOUT = struct("ibv_sge", u64("addr"), u32("length"), u32("lkey"));
    public static final long ADDR_OFFSET = offset(LAYOUT, "addr");
    public static final long LENGTH_OFFSET = offset(LAYOUT, "length");
    public static final long LKEY_OFFSET = offset(LAYOUT, "lkey");
    public static final long BYTES = LAYOUT.byteSize();

    private ScatterGatherDescriptor() {}
}
