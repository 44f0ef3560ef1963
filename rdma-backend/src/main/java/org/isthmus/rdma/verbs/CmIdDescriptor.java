package org.isthmus.rdma.verbs;

import static org.isthmus.rdma.verbs.StructLayouts.bytes;
import static org.isthmus.rdma.verbs.StructLayouts.gap;
import static org.isthmus.rdma.verbs.StructLayouts.offset;
import static org.isthmus.rdma.verbs.StructLayouts.struct;
import static org.isthmus.rdma.verbs.StructLayouts.u32;
import static org.isthmus.rdma.verbs.StructLayouts.u64;
import static org.isthmus.rdma.verbs.StructLayouts.u8;

import java.lang.foreign.StructLayout;

/**
 * {@code struct rdma_cm_id}: one end of a connection, or a listener.
 *
 * <pre>
 *   0  verbs     pointer to {@link ContextDescriptor}, 0 until an address gave a device
 *   8  channel   pointer
 *  16  context   u64
 *  24  qp        pointer to {@link QueuePairDescriptor}, or 0
 *  32  route.addr { 32 src_addr, 160 dst_addr: {@link SocketAddressDescriptor} in 128 bytes each }
 * 344  ps        u32
 * 348  port_num  u8
 * 416
 * </pre>
 */
public final class CmIdDescriptor {
    public static final StructLayout LAYOUT = struct("rdma_cm_id", u64("verbs"), u64("channel"), u64("context"),
            u64("qp"),
            struct("route", struct("addr", bytes("src_addr", 16), gap(112), bytes("dst_addr", 16), gap(152)), gap(16)),
            u32("ps"), u8("port_num"), gap(67));
    public static final long VERBS_OFFSET = offset(LAYOUT, "verbs");
    public static final long QP_OFFSET = offset(LAYOUT, "qp");
    public static final long SRC_ADDR_OFFSET = offset(LAYOUT, "route.addr.src_addr");
    public static final long DST_ADDR_OFFSET = offset(LAYOUT, "route.addr.dst_addr");
    public static final long PORT_NUM_OFFSET = offset(LAYOUT, "port_num");
    public static final long BYTES = LAYOUT.byteSize();

    private CmIdDescriptor() {}
}
