package org.isthmus.rdma.verbs;

import static org.isthmus.rdma.verbs.NativeCalls.B;
import static org.isthmus.rdma.verbs.NativeCalls.I;
import static org.isthmus.rdma.verbs.NativeCalls.L;
import static org.isthmus.rdma.verbs.NativeCalls.P;
import static org.isthmus.rdma.verbs.NativeCalls.check;
import static org.isthmus.rdma.verbs.NativeCalls.pointer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * libibverbs.so.1 apart from posting and polling, which are in {@link DataPathNative}. Objects of the library are
 * addresses. Any thread may call. To be used only after {@link VerbsAvailability} found the library.
 */
public final class VerbsNative {
    static final String FILE = "libibverbs.so.1";
    private static final NativeCalls V = NativeCalls.library(FILE);
    private static final MethodHandle GET_DEVICE_LIST = V.function("ibv_get_device_list", L, P);
    private static final MethodHandle FREE_DEVICE_LIST = V.procedure("ibv_free_device_list", L);
    private static final MethodHandle GET_DEVICE_NAME = V.function("ibv_get_device_name", L, L);
    private static final MethodHandle OPEN_DEVICE = V.function("ibv_open_device", L, L);
    private static final MethodHandle CLOSE_DEVICE = V.function("ibv_close_device", I, L);
    private static final MethodHandle QUERY_DEVICE = V.function("ibv_query_device", I, L, P);
    private static final MethodHandle QUERY_PORT = V.function("ibv_query_port", I, L, B, P);
    private static final MethodHandle QUERY_GID = V.function("ibv_query_gid", I, L, B, I, P);
    private static final MethodHandle ALLOC_PD = V.function("ibv_alloc_pd", L, L);
    private static final MethodHandle DEALLOC_PD = V.function("ibv_dealloc_pd", I, L);
    private static final MethodHandle REG_MR = V.function("ibv_reg_mr", L, L, L, L, I);
    private static final MethodHandle REG_DMABUF_MR = V.function("ibv_reg_dmabuf_mr", L, L, L, L, L, I, I);
    private static final MethodHandle DEREG_MR = V.function("ibv_dereg_mr", I, L);
    private static final MethodHandle CREATE_COMP_CHANNEL = V.function("ibv_create_comp_channel", L, L);
    private static final MethodHandle DESTROY_COMP_CHANNEL = V.function("ibv_destroy_comp_channel", I, L);
    private static final MethodHandle CREATE_CQ = V.function("ibv_create_cq", L, L, I, L, L, I);
    private static final MethodHandle DESTROY_CQ = V.function("ibv_destroy_cq", I, L);
    private static final MethodHandle GET_CQ_EVENT = V.function("ibv_get_cq_event", I, L, P, P);
    private static final MethodHandle ACK_CQ_EVENTS = V.procedure("ibv_ack_cq_events", L, I);
    private static final MethodHandle CREATE_SRQ = V.function("ibv_create_srq", L, L, P);
    private static final MethodHandle DESTROY_SRQ = V.function("ibv_destroy_srq", I, L);
    private static final MethodHandle MODIFY_QP = V.function("ibv_modify_qp", I, L, P, I);
    private static final MethodHandle QUERY_QP = V.function("ibv_query_qp", I, L, P, I, P);
    private static final MethodHandle WC_STATUS_STR = V.function("ibv_wc_status_str", L, I);

    private VerbsNative() {}

    /** A device of a {@link DeviceList}. */
    public record Device(long address, String name) {}

    /** The devices of this machine; those opened stay valid after the list is closed. */
    public static final class DeviceList implements AutoCloseable {
        private final long list;
        private final List<Device> devices = new ArrayList<>();

        public DeviceList() throws VerbsException {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment count = arena.allocate(I);
                list = pointer("ibv_get_device_list", "", errno -> (long) GET_DEVICE_LIST.invokeExact(errno, count));
                for (int i = 0; i < count.get(I, 0); i++) {
                    long device = StructAccess.getLong(list + (long) i * Long.BYTES, 0);
                    devices.add(new Device(device, deviceName(device)));
                }
            }
        }

        public List<Device> devices() {
            return List.copyOf(devices);
        }

        @Override
        public void close() {
            NativeCalls.run("ibv_free_device_list", errno -> { FREE_DEVICE_LIST.invokeExact(errno, list); });
        }
    }

    /** Name of the kernel, such as {@code mlx5_0}. */
    public static String deviceName(long device) throws VerbsException {
        return NativeCalls.text(pointer("ibv_get_device_name", "",
                errno -> (long) GET_DEVICE_NAME.invokeExact(errno, device)));
    }

    public static long openDevice(Device device) throws VerbsException {
        return pointer("ibv_open_device", device.name(), errno -> (long) OPEN_DEVICE.invokeExact(errno, device.address()));
    }

    public static void closeDevice(long context) throws VerbsException {
        check("ibv_close_device", "", errno -> (int) CLOSE_DEVICE.invokeExact(errno, context));
    }

    /** @param attributes a {@link DeviceAttributesDescriptor} */
    public static void queryDevice(long context, MemorySegment attributes) throws VerbsException {
        check("ibv_query_device", "", errno -> (int) QUERY_DEVICE.invokeExact(errno, context, attributes));
    }

    /** @param attributes a {@link PortAttributesDescriptor} */
    public static void queryPort(long context, int port, MemorySegment attributes) throws VerbsException {
        check("ibv_query_port", "port " + port,
                errno -> (int) QUERY_PORT.invokeExact(errno, context, (byte) port, attributes));
    }

    /** @param gid 16 bytes */
    public static void queryGid(long context, int port, int index, MemorySegment gid) throws VerbsException {
        check("ibv_query_gid", "port " + port + " index " + index,
                errno -> (int) QUERY_GID.invokeExact(errno, context, (byte) port, index, gid));
    }

    public static long allocPd(long context) throws VerbsException {
        return pointer("ibv_alloc_pd", "", errno -> (long) ALLOC_PD.invokeExact(errno, context));
    }

    public static void deallocPd(long pd) throws VerbsException {
        check("ibv_dealloc_pd", "", errno -> (int) DEALLOC_PD.invokeExact(errno, pd));
    }

    public static long regMr(long pd, long address, long length, int access) throws VerbsException {
        return pointer("ibv_reg_mr", length + " bytes at 0x" + Long.toHexString(address) + " with access 0x"
                + Integer.toHexString(access), errno -> (long) REG_MR.invokeExact(errno, pd, address, length, access));
    }

    /** @param descriptor of the dmabuf; {@code iova}: the address that requests will name for its first byte */
    public static long regDmabufMr(long pd, long offset, long length, long iova, int descriptor, int access)
            throws VerbsException {
        return pointer("ibv_reg_dmabuf_mr", length + " bytes at offset " + offset + " of descriptor " + descriptor,
                errno -> (long) REG_DMABUF_MR.invokeExact(errno, pd, offset, length, iova, descriptor, access));
    }

    public static void deregMr(long mr) throws VerbsException {
        check("ibv_dereg_mr", "", errno -> (int) DEREG_MR.invokeExact(errno, mr));
    }

    public static long createCompChannel(long context) throws VerbsException {
        return pointer("ibv_create_comp_channel", "", errno -> (long) CREATE_COMP_CHANNEL.invokeExact(errno, context));
    }

    /** Its completion queues must be gone. */
    public static void destroyCompChannel(long channel) throws VerbsException {
        check("ibv_destroy_comp_channel", "", errno -> (int) DESTROY_COMP_CHANNEL.invokeExact(errno, channel));
    }

    /** @param channel may be 0 */
    public static long createCq(long context, int entries, long channel, int vector) throws VerbsException {
        return pointer("ibv_create_cq", entries + " entries and vector " + vector,
                errno -> (long) CREATE_CQ.invokeExact(errno, context, entries, 0L, channel, vector));
    }

    public static void destroyCq(long cq) throws VerbsException {
        check("ibv_destroy_cq", "", errno -> (int) DESTROY_CQ.invokeExact(errno, cq));
    }

    /** Takes an event off the channel, waiting for one; each is to be acknowledged before its queue is destroyed. */
    public static long getCqEvent(long channel) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment cq = arena.allocate(L);
            MemorySegment user = arena.allocate(L);
            check("ibv_get_cq_event", "", errno -> (int) GET_CQ_EVENT.invokeExact(errno, channel, cq, user));
            return cq.get(L, 0);
        }
    }

    public static void ackCqEvents(long cq, int count) {
        NativeCalls.run("ibv_ack_cq_events", errno -> { ACK_CQ_EVENTS.invokeExact(errno, cq, count); });
    }

    /** @param request a {@link SharedReceiveQueueRequestDescriptor} */
    public static long createSrq(long pd, MemorySegment request) throws VerbsException {
        return pointer("ibv_create_srq", request.get(I, SharedReceiveQueueRequestDescriptor.MAX_WR_OFFSET) + " receives",
                errno -> (long) CREATE_SRQ.invokeExact(errno, pd, request));
    }

    public static void destroySrq(long srq) throws VerbsException {
        check("ibv_destroy_srq", "", errno -> (int) DESTROY_SRQ.invokeExact(errno, srq));
    }

    /** @param attributes a {@link QueuePairAttributesDescriptor} */
    public static void modifyQp(long qp, MemorySegment attributes, int mask) throws VerbsException {
        check("ibv_modify_qp", "", errno -> (int) MODIFY_QP.invokeExact(errno, qp, attributes, mask));
    }

    /** @param attributes a {@link QueuePairAttributesDescriptor}; {@code request} a {@link QueuePairRequestDescriptor} */
    public static void queryQp(long qp, MemorySegment attributes, int mask, MemorySegment request) throws VerbsException {
        check("ibv_query_qp", "", errno -> (int) QUERY_QP.invokeExact(errno, qp, attributes, mask, request));
    }

    /** What the library says of the status of a completion. */
    public static String statusText(int status) throws VerbsException {
        return NativeCalls.text(pointer("ibv_wc_status_str", "", errno -> (long) WC_STATUS_STR.invokeExact(errno, status)));
    }
}
