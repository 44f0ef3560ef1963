package org.isthmus.rdma.verbs;

import static org.isthmus.rdma.verbs.StructLayouts.gap;
import static org.isthmus.rdma.verbs.StructLayouts.offset;
import static org.isthmus.rdma.verbs.StructLayouts.struct;
import static org.isthmus.rdma.verbs.StructLayouts.u32;
import static org.isthmus.rdma.verbs.StructLayouts.u64;
import static org.isthmus.rdma.verbs.StructLayouts.u8;

import java.lang.foreign.StructLayout;

/**
 * {@code struct rdma_conn_param}: how to connect or accept.
 *
 * <pre>
 *   0  private_data         pointer
 *   8  private_data_len     u8
 *   9  responder_resources  u8  reads and atomics that this side answers at a time; 255: all the device can
 *  10  initiator_depth      u8  reads and atomics that this side starts at a time; 255: all the device can
 *  11  flow_control         u8
 *  12  retry_count          u8
 *  13  rnr_retry_count      u8  7: without end
 *  14  srq                  u8
 *  16  qp_num               u32
 *  24
 * </pre>
 */
public final class ConnectionParametersDescriptor {
    public static final StructLayout LAYOUT = struct("rdma_conn_param", u64("private_data"), u8("private_data_len"),
            u8("responder_resources"), u8("initiator_depth"), u8("flow_control"), u8("retry_count"),
            u8("rnr_retry_count"), u8("srq"), gap(1), u32("qp_num"), gap(4));
    public static final long PRIVATE_DATA_OFFSET = offset(LAYOUT, "private_data");
    public static final long PRIVATE_DATA_LEN_OFFSET = offset(LAYOUT, "private_data_len");
    public static final long RESPONDER_RESOURCES_OFFSET = offset(LAYOUT, "responder_resources");
    public static final long INITIATOR_DEPTH_OFFSET = offset(LAYOUT, "initiator_depth");
    public static final long RETRY_COUNT_OFFSET = offset(LAYOUT, "retry_count");
    public static final long RNR_RETRY_COUNT_OFFSET = offset(LAYOUT, "rnr_retry_count");
    public static final long BYTES = LAYOUT.byteSize();
    /** For {@code responder_resources} and {@code initiator_depth}. */
    public static final byte ALL_OF_DEVICE = (byte) 255;

    private ConnectionParametersDescriptor() {}
}
