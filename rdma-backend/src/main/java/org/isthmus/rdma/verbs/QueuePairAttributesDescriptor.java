package org.isthmus.rdma.verbs;

import static org.isthmus.rdma.verbs.StructLayouts.gap;
import static org.isthmus.rdma.verbs.StructLayouts.offset;
import static org.isthmus.rdma.verbs.StructLayouts.struct;
import static org.isthmus.rdma.verbs.StructLayouts.u32;
import static org.isthmus.rdma.verbs.StructLayouts.u8;

import java.lang.foreign.StructLayout;

/**
 * {@code struct ibv_qp_attr}: the changeable side of a queue pair. The connection manager sets most of it; here its
 * state is read and set, and what the connection agreed on can be read.
 *
 * <pre>
 *   0  qp_state            u32
 *   8  path_mtu            u32  1 to 5: 256 to 4096 bytes
 *  28  dest_qp_num         u32
 * 126  max_rd_atomic       u8   reads and atomics under way at a time
 * 127  max_dest_rd_atomic  u8   of the peer
 * 130  timeout             u8   4.096 microseconds times 2 to this power
 * 131  retry_cnt           u8
 * 132  rnr_retry           u8   7: without end
 * 144
 * </pre>
 */
public final class QueuePairAttributesDescriptor {
    public static final StructLayout LAYOUT = struct("ibv_qp_attr", u32("qp_state"), u32("cur_qp_state"),
            u32("path_mtu"), gap(16), u32("dest_qp_num"), gap(94), u8("max_rd_atomic"), u8("max_dest_rd_atomic"),
            u8("min_rnr_timer"), u8("port_num"), u8("timeout"), u8("retry_cnt"), u8("rnr_retry"), gap(11));
    public static final long QP_STATE_OFFSET = offset(LAYOUT, "qp_state");
    public static final long PATH_MTU_OFFSET = offset(LAYOUT, "path_mtu");
    public static final long DEST_QP_NUM_OFFSET = offset(LAYOUT, "dest_qp_num");
    public static final long MAX_RD_ATOMIC_OFFSET = offset(LAYOUT, "max_rd_atomic");
    public static final long BYTES = LAYOUT.byteSize();
    /** In the mask of fields that are set or asked for. */
    public static final int STATE_MASK = 1;

    private QueuePairAttributesDescriptor() {}
}
