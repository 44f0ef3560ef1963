package org.isthmus.rdma.verbs;

import static org.isthmus.rdma.verbs.StructLayouts.gap;
import static org.isthmus.rdma.verbs.StructLayouts.offset;
import static org.isthmus.rdma.verbs.StructLayouts.struct;
import static org.isthmus.rdma.verbs.StructLayouts.u16;
import static org.isthmus.rdma.verbs.StructLayouts.u32;
import static org.isthmus.rdma.verbs.StructLayouts.u64;
import static org.isthmus.rdma.verbs.StructLayouts.u8;

import java.lang.foreign.StructLayout;

/**
 * {@code struct ibv_wc}: a completion. With a status other than 0 only wr_id, status, vendor_err and qp_num mean
 * anything.
 *
 * <pre>
 *   0  wr_id           u64
 *   8  status          u32  0 is success
 *  12  opcode          u32  128 and above: a receive
 *  16  vendor_err      u32
 *  20  byte_len        u32  of a receive
 *  24  imm_data        u32  as in {@link SendRequestDescriptor#IMM_DATA_OFFSET}
 *  28  qp_num          u32
 *  32  src_qp          u32
 *  36  wc_flags        u32  2: imm_data is there
 *  40  pkey_index      u16
 *  42  slid            u16
 *  44  sl              u8
 *  45  dlid_path_bits  u8
 *  48
 * </pre>
 */
public final class CompletionDescriptor {
    public static final StructLayout LAYOUT = struct("ibv_wc", u64("wr_id"), u32("status"), u32("opcode"),
            u32("vendor_err"), u32("byte_len"), u32("imm_data"), u32("qp_num"), u32("src_qp"), u32("wc_flags"),
            u16("pkey_index"), u16("slid"), u8("sl"), u8("dlid_path_bits"), gap(2));
    public static final long WR_ID_OFFSET = offset(LAYOUT, "wr_id");
    public static final long STATUS_OFFSET = offset(LAYOUT, "status");
    public static final long OPCODE_OFFSET = offset(LAYOUT, "opcode");
    public static final long VENDOR_ERR_OFFSET = offset(LAYOUT, "vendor_err");
    public static final long BYTE_LEN_OFFSET = offset(LAYOUT, "byte_len");
    public static final long IMM_DATA_OFFSET = offset(LAYOUT, "imm_data");
    public static final long QP_NUM_OFFSET = offset(LAYOUT, "qp_num");
    public static final long SRC_QP_OFFSET = offset(LAYOUT, "src_qp");
    public static final long WC_FLAGS_OFFSET = offset(LAYOUT, "wc_flags");
    public static final long PKEY_INDEX_OFFSET = offset(LAYOUT, "pkey_index");
    public static final long SLID_OFFSET = offset(LAYOUT, "slid");
    public static final long SL_OFFSET = offset(LAYOUT, "sl");
    public static final long DLID_PATH_BITS_OFFSET = offset(LAYOUT, "dlid_path_bits");
    public static final long BYTES = LAYOUT.byteSize();

    private CompletionDescriptor() {}
}
