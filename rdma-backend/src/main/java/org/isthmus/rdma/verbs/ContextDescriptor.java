package org.isthmus.rdma.verbs;

import static org.isthmus.rdma.verbs.StructLayouts.gap;
import static org.isthmus.rdma.verbs.StructLayouts.offset;
import static org.isthmus.rdma.verbs.StructLayouts.struct;
import static org.isthmus.rdma.verbs.StructLayouts.u32;
import static org.isthmus.rdma.verbs.StructLayouts.u64;

import java.lang.foreign.StructLayout;

/**
 * {@code struct ibv_context}: an open device. Posting and polling are inline functions in C that call through the
 * pointers here, so Java reads the same pointers.
 *
 * <pre>
 *   0  device            pointer
 *   8  ops               pointers to the functions of the device's driver:
 *        96  poll_cq        (cq, count, completions) -> how many, or negative
 *       104  req_notify_cq  (cq, solicited only) -> errno
 *       168  post_srq_recv  (srq, list, pointer to the bad one) -> errno
 *       208  post_send      (qp, list, pointer to the bad one) -> errno
 *       216  post_recv      (qp, list, pointer to the bad one) -> errno
 * 264  cmd_fd            u32
 * 268  async_fd          u32
 * 272  num_comp_vectors  u32
 * 280                    the library's own, of another size on each processor
 * </pre>
 */
public final class ContextDescriptor {
    public static final StructLayout LAYOUT = struct("ibv_context", u64("device"),
            struct("ops", gap(88), u64("poll_cq"), u64("req_notify_cq"), gap(56), u64("post_srq_recv"), gap(32),
                    u64("post_send"), u64("post_recv"), gap(40)),
            u32("cmd_fd"), u32("async_fd"), u32("num_comp_vectors"), gap(4));
    public static final long DEVICE_OFFSET = offset(LAYOUT, "device");
    public static final long POLL_CQ_OFFSET = offset(LAYOUT, "ops.poll_cq");
    public static final long REQ_NOTIFY_CQ_OFFSET = offset(LAYOUT, "ops.req_notify_cq");
    public static final long POST_SRQ_RECV_OFFSET = offset(LAYOUT, "ops.post_srq_recv");
    public static final long POST_SEND_OFFSET = offset(LAYOUT, "ops.post_send");
    public static final long POST_RECV_OFFSET = offset(LAYOUT, "ops.post_recv");
    public static final long CMD_FD_OFFSET = offset(LAYOUT, "cmd_fd");
    public static final long NUM_COMP_VECTORS_OFFSET = offset(LAYOUT, "num_comp_vectors");

    private ContextDescriptor() {}
}
