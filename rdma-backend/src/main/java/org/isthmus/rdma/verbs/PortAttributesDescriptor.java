package org.isthmus.rdma.verbs;

import static org.isthmus.rdma.verbs.StructLayouts.gap;
import static org.isthmus.rdma.verbs.StructLayouts.offset;
import static org.isthmus.rdma.verbs.StructLayouts.struct;
import static org.isthmus.rdma.verbs.StructLayouts.u16;
import static org.isthmus.rdma.verbs.StructLayouts.u32;
import static org.isthmus.rdma.verbs.StructLayouts.u8;

import java.lang.foreign.StructLayout;

/**
 * {@code struct ibv_port_attr}: state of a port.
 *
 * <pre>
 *   0  state        u32  4: active
 *   4  max_mtu      u32  1 to 5: 256 to 4096 bytes
 *   8  active_mtu   u32
 *  12  gid_tbl_len  u32
 *  34  lid          u16
 *  46  link_layer   u8   2: Ethernet
 *  52
 * </pre>
 */
public final class PortAttributesDescriptor {
    public static final StructLayout LAYOUT = struct("ibv_port_attr", u32("state"), u32("max_mtu"), u32("active_mtu"),
            u32("gid_tbl_len"), gap(18), u16("lid"), gap(7), u8("active_width"), u8("active_speed"), gap(1),
            u8("link_layer"), gap(5));
    public static final long STATE_OFFSET = offset(LAYOUT, "state");
    public static final long ACTIVE_MTU_OFFSET = offset(LAYOUT, "active_mtu");
    public static final long GID_TBL_LEN_OFFSET = offset(LAYOUT, "gid_tbl_len");
    public static final long LID_OFFSET = offset(LAYOUT, "lid");
    public static final long LINK_LAYER_OFFSET = offset(LAYOUT, "link_layer");
    public static final long BYTES = LAYOUT.byteSize();
    public static final int ACTIVE = 4;
    public static final int ETHERNET = 2;

    private PortAttributesDescriptor() {}
}
