package org.isthmus.rdma.verbs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.StructLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every offset that the code uses, as literal numbers. */
class StructLayoutsTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
            ibv_sge, addr, 0
            ibv_sge, length, 8
            ibv_sge, lkey, 12
            ibv_send_wr, wr_id, 0
            ibv_send_wr, next, 8
            ibv_send_wr, sg_list, 16
            ibv_send_wr, num_sge, 24
            ibv_send_wr, opcode, 28
            ibv_send_wr, send_flags, 32
            ibv_send_wr, imm_data, 36
            ibv_send_wr, wr.rdma.remote_addr, 40
            ibv_send_wr, wr.rdma.rkey, 48
            ibv_send_wr, wr.atomic.remote_addr, 40
            ibv_send_wr, wr.atomic.compare_add, 48
            ibv_send_wr, wr.atomic.swap, 56
            ibv_send_wr, wr.atomic.rkey, 64
            ibv_send_wr, wr.ud.remote_qkey, 52
            ibv_send_wr, qp_type.xrc.remote_srqn, 72
            ibv_recv_wr, wr_id, 0
            ibv_recv_wr, next, 8
            ibv_recv_wr, sg_list, 16
            ibv_recv_wr, num_sge, 24
            ibv_wc, wr_id, 0
            ibv_wc, status, 8
            ibv_wc, opcode, 12
            ibv_wc, vendor_err, 16
            ibv_wc, byte_len, 20
            ibv_wc, imm_data, 24
            ibv_wc, qp_num, 28
            ibv_wc, src_qp, 32
            ibv_wc, wc_flags, 36
            ibv_wc, pkey_index, 40
            ibv_wc, slid, 42
            ibv_wc, sl, 44
            ibv_wc, dlid_path_bits, 45
            ibv_context, device, 0
            ibv_context, ops.poll_cq, 96
            ibv_context, ops.req_notify_cq, 104
            ibv_context, ops.post_srq_recv, 168
            ibv_context, ops.post_send, 208
            ibv_context, ops.post_recv, 216
            ibv_context, cmd_fd, 264
            ibv_context, num_comp_vectors, 272
            ibv_qp, handle, 48
            ibv_qp, qp_num, 52
            ibv_cq, handle, 24
            ibv_cq, cqe, 28
            ibv_comp_channel, fd, 8
            ibv_pd, handle, 8
            ibv_mr, handle, 32
            ibv_mr, lkey, 36
            ibv_mr, rkey, 40
            ibv_qp_init_attr, send_cq, 8
            ibv_qp_init_attr, recv_cq, 16
            ibv_qp_init_attr, srq, 24
            ibv_qp_init_attr, cap.max_send_wr, 32
            ibv_qp_init_attr, cap.max_recv_wr, 36
            ibv_qp_init_attr, cap.max_send_sge, 40
            ibv_qp_init_attr, cap.max_recv_sge, 44
            ibv_qp_init_attr, cap.max_inline_data, 48
            ibv_qp_init_attr, qp_type, 52
            ibv_qp_init_attr, sq_sig_all, 56
            ibv_qp_attr, qp_state, 0
            ibv_qp_attr, path_mtu, 8
            ibv_qp_attr, dest_qp_num, 28
            ibv_qp_attr, max_rd_atomic, 126
            ibv_qp_attr, rnr_retry, 132
            ibv_srq_init_attr, attr.max_wr, 8
            ibv_srq_init_attr, attr.max_sge, 12
            ibv_device_attr, node_guid, 64
            ibv_device_attr, max_mr_size, 80
            ibv_device_attr, max_qp, 108
            ibv_device_attr, max_qp_wr, 112
            ibv_device_attr, max_sge, 120
            ibv_device_attr, max_cq, 128
            ibv_device_attr, max_cqe, 132
            ibv_device_attr, max_mr, 136
            ibv_device_attr, max_qp_rd_atom, 144
            ibv_device_attr, atomic_cap, 164
            ibv_device_attr, max_srq, 212
            ibv_device_attr, max_srq_wr, 216
            ibv_device_attr, max_srq_sge, 220
            ibv_device_attr, phys_port_cnt, 227
            ibv_port_attr, state, 0
            ibv_port_attr, active_mtu, 8
            ibv_port_attr, gid_tbl_len, 12
            ibv_port_attr, lid, 34
            ibv_port_attr, link_layer, 46
            rdma_cm_id, verbs, 0
            rdma_cm_id, qp, 24
            rdma_cm_id, route.addr.src_addr, 32
            rdma_cm_id, route.addr.dst_addr, 160
            rdma_cm_id, ps, 344
            rdma_cm_id, port_num, 348
            rdma_cm_event, id, 0
            rdma_cm_event, listen_id, 8
            rdma_cm_event, event, 16
            rdma_cm_event, status, 20
            rdma_cm_event, param.conn.private_data, 24
            rdma_cm_event, param.conn.private_data_len, 32
            rdma_conn_param, private_data, 0
            rdma_conn_param, private_data_len, 8
            rdma_conn_param, responder_resources, 9
            rdma_conn_param, initiator_depth, 10
            rdma_conn_param, retry_count, 12
            rdma_conn_param, rnr_retry_count, 13
            rdma_event_channel, fd, 0
            sockaddr_in6, sin6_family, 0
            sockaddr_in6, sin6_port, 2
            sockaddr_in6, sin6_flowinfo, 4
            sockaddr_in6, sin6_addr, 8
            sockaddr_in6, sin6_scope_id, 24
            """)
    void fieldLiesAtItsOffset(String struct, String field, long offset) {
        assertEquals(offset, StructLayouts.offset(layout(struct), field));
    }

    @ParameterizedTest
    @CsvSource({"ibv_sge, 16", "ibv_send_wr, 128", "ibv_recv_wr, 32", "ibv_wc, 48", "ibv_comp_channel, 16",
            "ibv_pd, 16", "ibv_mr, 48", "ibv_qp_init_attr, 64", "ibv_qp_attr, 144", "ibv_srq_init_attr, 24",
            "ibv_device_attr, 232", "ibv_port_attr, 52", "rdma_cm_id, 416", "rdma_cm_event, 80",
            "rdma_conn_param, 24", "rdma_event_channel, 4", "sockaddr_in6, 28"})
    void structHasItsSize(String struct, long bytes) {
        assertEquals(bytes, layout(struct).byteSize());
    }

    @Test
    void eachStructIsListedOnce() {
        assertEquals(HeaderLayouts.ALL.size(),
                HeaderLayouts.ALL.stream().map(layout -> layout.name().orElseThrow()).distinct().count());
    }

    private static StructLayout layout(String struct) {
        return HeaderLayouts.ALL.stream().filter(layout -> layout.name().orElseThrow().equals(struct)).findFirst()
                .orElseThrow();
    }
}
