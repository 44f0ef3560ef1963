package org.isthmus.rdma.verbs;

import static org.isthmus.rdma.verbs.StructLayouts.gap;
import static org.isthmus.rdma.verbs.StructLayouts.offset;
import static org.isthmus.rdma.verbs.StructLayouts.struct;
import static org.isthmus.rdma.verbs.StructLayouts.u32;
import static org.isthmus.rdma.verbs.StructLayouts.u64;
import static org.isthmus.rdma.verbs.StructLayouts.u8;

import java.lang.foreign.StructLayout;

/**
 * {@code struct rdma_cm_event}: what happened to a connection.
 *
 * <pre>
 *   0  id         pointer to {@link CmIdDescriptor}
 *   8  listen_id  pointer, in a connect request
 *  16  event      u32  RdmaCmEvent.EventType
 *  20  status     u32  negative errno, or the reason of a rejection
 *  24  param.conn { 24 private_data pointer, 32 private_data_len u8 }
 *  80
 * </pre>
 */
public final class CmEventDescriptor {
    public static final StructLayout LAYOUT =
            struct("rdma_cm_event", u64("id"), u64("listen_id"), u32("event"), u32("status"),
            struct("param", struct("conn", u64("private_data"), u8("private_data_len"), gap(7)), gap(40)));
    public static final long ID_OFFSET = offset(LAYOUT, "id");
    public static final long LISTEN_ID_OFFSET = offset(LAYOUT, "listen_id");
    public static final long EVENT_OFFSET = offset(LAYOUT, "event");
    public static final long STATUS_OFFSET = offset(LAYOUT, "status");
    public static final long PRIVATE_DATA_OFFSET = offset(LAYOUT, "param.conn.private_data");
    public static final long PRIVATE_DATA_LEN_OFFSET = offset(LAYOUT, "param.conn.private_data_len");
    public static final long BYTES = LAYOUT.byteSize();

    private CmEventDescriptor() {}
}
