package org.isthmus.rdma.verbs;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * libibverbs.so.1 apart from posting and polling, which are in {@link DataPathNative}. Objects of the library are
 * addresses. Any thread may call. To be used only after {@link VerbsAvailability} found the library.
 */
public final class VerbsNative {
    static final String FILE = "libibverbs.so.1";
    private static final SymbolLookup V = NativeFunction.library(FILE);
    private static final NativeFunction GET_DEVICE_LIST = new NativeFunction(V, "ibv_get_device_list");
    private static final NativeFunction FREE_DEVICE_LIST = new NativeFunction(V, "ibv_free_device_list");
    private static final NativeFunction GET_DEVICE_NAME = new NativeFunction(V, "ibv_get_device_name");
    private static final NativeFunction OPEN_DEVICE = new NativeFunction(V, "ibv_open_device");
    private static final NativeFunction CLOSE_DEVICE = new NativeFunction(V, "ibv_close_device");
    private static final NativeFunction QUERY_DEVICE = new NativeFunction(V, "ibv_query_device");
    private static final NativeFunction QUERY_PORT = new NativeFunction(V, "ibv_query_port");
    private static final NativeFunction QUERY_GID = new NativeFunction(V, "ibv_query_gid");
    private static final NativeFunction ALLOC_PD = new NativeFunction(V, "ibv_alloc_pd");
    private static final NativeFunction DEALLOC_PD = new NativeFunction(V, "ibv_dealloc_pd");
    private static final NativeFunction REG_MR = new NativeFunction(V, "ibv_reg_mr");
    private static final NativeFunction REG_DMABUF_MR = new NativeFunction(V, "ibv_reg_dmabuf_mr");
    private static final NativeFunction DEREG_MR = new NativeFunction(V, "ibv_dereg_mr");
    private static final NativeFunction CREATE_COMP_CHANNEL = new NativeFunction(V, "ibv_create_comp_channel");
    private static final NativeFunction DESTROY_COMP_CHANNEL = new NativeFunction(V, "ibv_destroy_comp_channel");
    private static final NativeFunction CREATE_CQ = new NativeFunction(V, "ibv_create_cq");
    private static final NativeFunction DESTROY_CQ = new NativeFunction(V, "ibv_destroy_cq");
    private static final NativeFunction GET_CQ_EVENT = new NativeFunction(V, "ibv_get_cq_event");
    private static final NativeFunction ACK_CQ_EVENTS = new NativeFunction(V, "ibv_ack_cq_events");
    private static final NativeFunction CREATE_SRQ = new NativeFunction(V, "ibv_create_srq");
    private static final NativeFunction DESTROY_SRQ = new NativeFunction(V, "ibv_destroy_srq");
    private static final NativeFunction MODIFY_QP = new NativeFunction(V, "ibv_modify_qp");
    private static final NativeFunction QUERY_QP = new NativeFunction(V, "ibv_query_qp");
    private static final NativeFunction WC_STATUS_STR = new NativeFunction(V, "ibv_wc_status_str");

    private VerbsNative() {}

    /** A device of a {@link DeviceList}. */
    public record Device(long address, String name) {}

    /** The devices of this machine; those opened stay valid after the list is closed. */
    public static final class DeviceList implements AutoCloseable {
        private final long list;
        private final List<Device> devices = new ArrayList<>();

        public DeviceList() throws VerbsException {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
                list = GET_DEVICE_LIST.pointer("", count.address());
                for (int i = 0; i < count.get(ValueLayout.JAVA_INT, 0); i++) {
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
            FREE_DEVICE_LIST.run(list);
        }
    }

    /** Name of the kernel, such as {@code mlx5_0}. */
    public static String deviceName(long device) throws VerbsException {
        return GET_DEVICE_NAME.text(device);
    }

    public static long openDevice(Device device) throws VerbsException {
        return OPEN_DEVICE.pointer(device.name(), device.address());
    }

    public static void closeDevice(long context) throws VerbsException {
        CLOSE_DEVICE.check("", context);
    }

    /** @param attributes a {@link DeviceAttributesDescriptor} */
    public static void queryDevice(long context, MemorySegment attributes) throws VerbsException {
        QUERY_DEVICE.check("", context, attributes.address());
    }

    /** @param attributes a {@link PortAttributesDescriptor} */
    public static void queryPort(long context, int port, MemorySegment attributes) throws VerbsException {
        QUERY_PORT.check("port " + port, context, port, attributes.address());
    }

    /** @param gid 16 bytes */
    public static void queryGid(long context, int port, int index, MemorySegment gid) throws VerbsException {
        QUERY_GID.check("port " + port + " index " + index, context, port, index, gid.address());
    }

    public static long allocPd(long context) throws VerbsException {
        return ALLOC_PD.pointer("", context);
    }

    public static void deallocPd(long pd) throws VerbsException {
        DEALLOC_PD.check("", pd);
    }

    public static long regMr(long pd, long address, long length, int access) throws VerbsException {
        return REG_MR.pointer(length + " bytes at 0x" + Long.toHexString(address) + " with access 0x"
                + Integer.toHexString(access), pd, address, length, access);
    }

    /** @param descriptor of the dmabuf; {@code iova}: the address that requests will name for its first byte */
    public static long regDmabufMr(long pd, long offset, long length, long iova, int descriptor, int access)
            throws VerbsException {
        return REG_DMABUF_MR.pointer(length + " bytes at offset " + offset + " of descriptor " + descriptor,
                pd, offset, length, iova, descriptor, access);
    }

    public static void deregMr(long mr) throws VerbsException {
        DEREG_MR.check("", mr);
    }

    public static long createCompChannel(long context) throws VerbsException {
        return CREATE_COMP_CHANNEL.pointer("", context);
    }

    /** Its completion queues must be gone. */
    public static void destroyCompChannel(long channel) throws VerbsException {
        DESTROY_COMP_CHANNEL.check("", channel);
    }

    /** @param channel may be 0 */
    public static long createCq(long context, int entries, long channel, int vector) throws VerbsException {
        return CREATE_CQ.pointer(entries + " entries and vector " + vector, context, entries, 0, channel, vector);
    }

    public static void destroyCq(long cq) throws VerbsException {
        DESTROY_CQ.check("", cq);
    }

    /** Takes an event off the channel, waiting for one; each is to be acknowledged before its queue is destroyed. */
    public static long getCqEvent(long channel) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment cq = arena.allocate(ValueLayout.JAVA_LONG);
            MemorySegment user = arena.allocate(ValueLayout.JAVA_LONG);
            GET_CQ_EVENT.check("", channel, cq.address(), user.address());
            return cq.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    public static void ackCqEvents(long cq, int count) {
        ACK_CQ_EVENTS.run(cq, count);
    }

    /** @param request a {@link SharedReceiveQueueRequestDescriptor} */
    public static long createSrq(long pd, MemorySegment request) throws VerbsException {
        return CREATE_SRQ.pointer(request.get(ValueLayout.JAVA_INT, SharedReceiveQueueRequestDescriptor.MAX_WR_OFFSET)
                + " receives", pd, request.address());
    }

    public static void destroySrq(long srq) throws VerbsException {
        DESTROY_SRQ.check("", srq);
    }

    /** @param attributes a {@link QueuePairAttributesDescriptor} */
    public static void modifyQp(long qp, MemorySegment attributes, int mask) throws VerbsException {
        MODIFY_QP.check("", qp, attributes.address(), mask);
    }

    /**
     * @param attributes a {@link QueuePairAttributesDescriptor}; {@code request} a {@link QueuePairRequestDescriptor}
     */
    public static void queryQp(long qp, MemorySegment attributes, int mask, MemorySegment request)
            throws VerbsException {
        QUERY_QP.check("", qp, attributes.address(), mask, request.address());
    }

    /** What the library says of the status of a completion. */
    public static String statusText(int status) throws VerbsException {
        return WC_STATUS_STR.text(status);
    }
}
