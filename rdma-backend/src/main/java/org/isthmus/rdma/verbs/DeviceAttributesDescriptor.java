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
 * {@code struct ibv_device_attr}: limits of a device. Fields nobody reads are gaps.
 *
 * <pre>
 *   0  fw_ver          64 characters
 *  64  node_guid       u64, big-endian
 *  80  max_mr_size     u64
 * 108  max_qp          u32
 * 112  max_qp_wr       u32
 * 120  max_sge         u32
 * 128  max_cq          u32
 * 132  max_cqe         u32
 * 136  max_mr          u32
 * 144  max_qp_rd_atom  u32
 * 164  atomic_cap      u32  0: none; 1: with those of the same device; 2: also with those of processors
 * 212  max_srq         u32
 * 216  max_srq_wr      u32
 * 220  max_srq_sge     u32
 * 227  phys_port_cnt   u8
 * 232
 * </pre>
 */
public final class DeviceAttributesDescriptor {
    public static final StructLayout LAYOUT = struct("ibv_device_attr", bytes("fw_ver", 64), u64("node_guid"), gap(8),
            u64("max_mr_size"), gap(20), u32("max_qp"), u32("max_qp_wr"), gap(4), u32("max_sge"), gap(4), u32("max_cq"),
            u32("max_cqe"), u32("max_mr"), gap(4), u32("max_qp_rd_atom"), gap(16), u32("atomic_cap"), gap(44),
            u32("max_srq"), u32("max_srq_wr"), u32("max_srq_sge"), gap(3), u8("phys_port_cnt"), gap(4));
    public static final long NODE_GUID_OFFSET = offset(LAYOUT, "node_guid");
    public static final long MAX_MR_SIZE_OFFSET = offset(LAYOUT, "max_mr_size");
    public static final long MAX_QP_OFFSET = offset(LAYOUT, "max_qp");
    public static final long MAX_QP_WR_OFFSET = offset(LAYOUT, "max_qp_wr");
    public static final long MAX_SGE_OFFSET = offset(LAYOUT, "max_sge");
    public static final long MAX_CQ_OFFSET = offset(LAYOUT, "max_cq");
    public static final long MAX_CQE_OFFSET = offset(LAYOUT, "max_cqe");
    public static final long MAX_MR_OFFSET = offset(LAYOUT, "max_mr");
    public static final long MAX_QP_RD_ATOM_OFFSET = offset(LAYOUT, "max_qp_rd_atom");
    public static final int NO_ATOMICS = 0;
    public static final int GLOBAL_ATOMICS = 2;

    public static final long ATOMIC_CAP_OFFSET = offset(LAYOUT, "atomic_cap");
    public static final long MAX_SRQ_OFFSET = offset(LAYOUT, "max_srq");
    public static final long MAX_SRQ_WR_OFFSET = offset(LAYOUT, "max_srq_wr");
    public static final long MAX_SRQ_SGE_OFFSET = offset(LAYOUT, "max_srq_sge");
    public static final long PHYS_PORT_CNT_OFFSET = offset(LAYOUT, "phys_port_cnt");
    public static final long BYTES = LAYOUT.byteSize();

    private DeviceAttributesDescriptor() {}
}
