package org.isthmus.rdma.provider;

import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPCap;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import com.ibm.disni.verbs.RdmaEventChannel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.isthmus.rdma.extension.SharedReceiveQueue;
import org.isthmus.rdma.verbs.CmEventDescriptor;
import org.isthmus.rdma.verbs.CmIdDescriptor;
import org.isthmus.rdma.verbs.CmNative;
import org.isthmus.rdma.verbs.ConnectionParametersDescriptor;
import org.isthmus.rdma.verbs.QueuePairRequestDescriptor;
import org.isthmus.rdma.verbs.StructAccess;

/**
 * DiSNI's connection manager over librdmacm, for IPv4 and IPv6. Any thread may call. Failures are exceptions whose
 * message names the call, the reason and what to do.
 */
final class NativeCm extends RdmaCm {
    /** Pieces of memory for each request where a program asks for none: what DiSNI's own provider gives always. */
    private static final int DEFAULT_PIECES = 4;

    private final Contexts contexts;

    NativeCm(Contexts contexts) {
        this.contexts = contexts;
    }

    @Override
    public RdmaEventChannel createEventChannel() throws IOException {
        return new EventChannel(CmNative.createEventChannel());
    }

    @Override
    public RdmaCmId createId(RdmaEventChannel channel, short portSpace) throws IOException {
        EventChannel events = EventChannel.of(channel);
        CmId id = new CmId(events, CmNative.createId(events.address(), portSpace), portSpace, contexts);
        events.add(id);
        return id;
    }

    @Override
    public IbvQP createQP(RdmaCmId id, IbvPd pd, IbvQPInitAttr attributes) throws IOException {
        return createQp(id, pd, attributes, null);
    }

    /** What was granted is written back into the attributes. */
    IbvQP createQp(RdmaCmId id, IbvPd pd, IbvQPInitAttr attributes, SharedReceiveQueue srq) throws IOException {
        CmId end = CmId.of(id);
        ProtectionDomain domain = ProtectionDomain.of(pd);
        CompletionQueue sends = CompletionQueue.of(attributes.getSend_cq());
        CompletionQueue receives = CompletionQueue.of(attributes.getRecv_cq());
        IbvQPCap cap = attributes.cap();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(QueuePairRequestDescriptor.LAYOUT);
            request.set(ValueLayout.JAVA_LONG, QueuePairRequestDescriptor.SEND_CQ_OFFSET, sends.address());
            request.set(ValueLayout.JAVA_LONG, QueuePairRequestDescriptor.RECV_CQ_OFFSET, receives.address());
            request.set(ValueLayout.JAVA_LONG, QueuePairRequestDescriptor.SRQ_OFFSET,
                    srq == null ? 0 : NativeSharedReceiveQueue.of(srq).address());
            set(request, QueuePairRequestDescriptor.MAX_SEND_WR_OFFSET, cap.getMax_send_wr());
            set(request, QueuePairRequestDescriptor.MAX_RECV_WR_OFFSET, cap.getMax_recv_wr());
            set(request, QueuePairRequestDescriptor.MAX_SEND_SGE_OFFSET, pieces(cap.getMax_send_sge()));
            set(request, QueuePairRequestDescriptor.MAX_RECV_SGE_OFFSET, pieces(cap.getMax_recv_sge()));
            set(request, QueuePairRequestDescriptor.MAX_INLINE_DATA_OFFSET, cap.getMax_inline_data());
            set(request, QueuePairRequestDescriptor.QP_TYPE_OFFSET, attributes.getQp_type());
            set(request, QueuePairRequestDescriptor.SQ_SIG_ALL_OFFSET, attributes.getSq_sig_all());
            CmNative.createQp(end.address(), domain.address(), request);
            cap.setMax_send_wr(get(request, QueuePairRequestDescriptor.MAX_SEND_WR_OFFSET));
            cap.setMax_recv_wr(get(request, QueuePairRequestDescriptor.MAX_RECV_WR_OFFSET));
            cap.setMax_send_sge(get(request, QueuePairRequestDescriptor.MAX_SEND_SGE_OFFSET));
            cap.setMax_recv_sge(get(request, QueuePairRequestDescriptor.MAX_RECV_SGE_OFFSET));
            cap.setMax_inline_data(get(request, QueuePairRequestDescriptor.MAX_INLINE_DATA_OFFSET));
        }
        QueuePair qp = new QueuePair(StructAccess.getLong(end.address(), CmIdDescriptor.QP_OFFSET), domain, sends,
                receives, attributes.getQp_type());
        end.setQueuePair(qp);
        return qp;
    }

    private static int pieces(int wanted) {
        return wanted == 0 ? DEFAULT_PIECES : wanted;
    }

    private static void set(MemorySegment struct, long offset, int value) {
        struct.set(ValueLayout.JAVA_INT, offset, value);
    }

    private static int get(MemorySegment struct, long offset) {
        return struct.get(ValueLayout.JAVA_INT, offset);
    }

    @Override
    public void bindAddr(RdmaCmId id, SocketAddress address) throws IOException {
        CmNative.bindAddr(CmId.of(id).address(), internet("address", address));
    }

    @Override
    public void listen(RdmaCmId id, int backlog) throws IOException {
        CmNative.listen(CmId.of(id).address(), backlog);
    }

    /** @param source may be null: the system chooses */
    @Override
    public void resolveAddr(RdmaCmId id, SocketAddress source, SocketAddress destination, int millis)
            throws IOException {
        CmNative.resolveAddr(CmId.of(id).address(), source == null ? null : internet("source", source),
                internet("destination", destination), millis);
    }

    private static InetSocketAddress internet(String argument, SocketAddress address) throws IOException {
        if (address instanceof InetSocketAddress internet) {
            return internet;
        }
        throw new IOException(argument + " " + address + " is no InetSocketAddress");
    }

    @Override
    public void resolveRoute(RdmaCmId id, int millis) throws IOException {
        CmNative.resolveRoute(CmId.of(id).address(), millis);
    }

    /**
     * Waits for an event, for {@code millis}, or without end if that is negative; null when the time passed first. The
     * event is a copy, acknowledged to the library already.
     */
    @Override
    public RdmaCmEvent getCmEvent(RdmaEventChannel channel, int millis) throws IOException {
        EventChannel events = EventChannel.of(channel);
        if (!events.waiting.await(millis)) {
            return null;
        }
        long event = CmNative.getCmEvent(events.address());
        try {
            return copy(events, event);
        } finally {
            CmNative.ackCmEvent(event);
        }
    }

    private RdmaCmEvent copy(EventChannel events, long event) throws IOException {
        int type = StructAccess.getInt(event, CmEventDescriptor.EVENT_OFFSET);
        long idAddress = StructAccess.getLong(event, CmEventDescriptor.ID_OFFSET);
        CmId listener = events.id(StructAccess.getLong(event, CmEventDescriptor.LISTEN_ID_OFFSET));
        CmId id = events.id(idAddress);
        if (type == RdmaCmEvent.EventType.RDMA_CM_EVENT_CONNECT_REQUEST.ordinal()) {
            id = new CmId(events, idAddress, listener == null ? RDMA_PS_TCP : listener.getPs(), contexts);
            events.add(id);
        }
        long data = StructAccess.getLong(event, CmEventDescriptor.PRIVATE_DATA_OFFSET);
        int length = data == 0 || !hasPrivateData(type) ? 0
                : StructAccess.getByte(event, CmEventDescriptor.PRIVATE_DATA_LEN_OFFSET) & 0xff;
        byte[] privateData = length == 0 ? new byte[0]
                : StructAccess.slice(data, 0, length).toArray(ValueLayout.JAVA_BYTE);
        return new CmEvent(type, StructAccess.getInt(event, CmEventDescriptor.STATUS_OFFSET),
                listener, id, privateData);
    }

    private static boolean hasPrivateData(int type) {
        return type == RdmaCmEvent.EventType.RDMA_CM_EVENT_CONNECT_REQUEST.ordinal()
                || type == RdmaCmEvent.EventType.RDMA_CM_EVENT_ESTABLISHED.ordinal()
                || type == RdmaCmEvent.EventType.RDMA_CM_EVENT_REJECTED.ordinal();
    }

    @Override
    public void connect(RdmaCmId id, RdmaConnParam parameters) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            CmNative.connect(CmId.of(id).address(),
                    parameters(arena, parameters, parameters.getPrivate_data(), parameters.getPrivate_data_len()));
        }
    }

    void connect(RdmaCmId id, RdmaConnParam parameters, byte[] privateData) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_BYTE, privateData);
            CmNative.connect(CmId.of(id).address(), parameters(arena, parameters, data.address(), privateData.length));
        }
    }

    @Override
    public void accept(RdmaCmId id, RdmaConnParam parameters) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            CmNative.accept(CmId.of(id).address(),
                    parameters(arena, parameters, parameters.getPrivate_data(), parameters.getPrivate_data_len()));
        }
    }

    void accept(RdmaCmId id, RdmaConnParam parameters, byte[] privateData) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_BYTE, privateData);
            CmNative.accept(CmId.of(id).address(), parameters(arena, parameters, data.address(), privateData.length));
        }
    }

    /** DiSNI lets nobody choose how many reads may be under way: as many as the device can. */
    private static MemorySegment parameters(Arena arena, RdmaConnParam parameters, long data, int length) {
        MemorySegment struct = arena.allocate(ConnectionParametersDescriptor.LAYOUT);
        struct.set(ValueLayout.JAVA_LONG, ConnectionParametersDescriptor.PRIVATE_DATA_OFFSET, length == 0 ? 0 : data);
        setByte(struct, ConnectionParametersDescriptor.PRIVATE_DATA_LEN_OFFSET, (byte) length);
        byte all = ConnectionParametersDescriptor.ALL_OF_DEVICE;
        setByte(struct, ConnectionParametersDescriptor.RESPONDER_RESOURCES_OFFSET, all);
        setByte(struct, ConnectionParametersDescriptor.INITIATOR_DEPTH_OFFSET, all);
        setByte(struct, ConnectionParametersDescriptor.RETRY_COUNT_OFFSET, parameters.getRetry_count());
        setByte(struct, ConnectionParametersDescriptor.RNR_RETRY_COUNT_OFFSET, parameters.getRnr_retry_count());
        return struct;
    }

    private static void setByte(MemorySegment struct, long offset, byte value) {
        struct.set(ValueLayout.JAVA_BYTE, offset, value);
    }

    /** Nothing to do: events are acknowledged when they are taken. */
    @Override
    public int ackCmEvent(RdmaCmEvent event) {
        return 0;
    }

    @Override
    public int disconnect(RdmaCmId id) throws IOException {
        CmNative.disconnect(CmId.of(id).address());
        return 0;
    }

    @Override
    public int destroyEventChannel(RdmaEventChannel channel) throws IOException {
        EventChannel events = EventChannel.of(channel);
        events.close();
        events.waiting.close();
        CmNative.destroyEventChannel(events.address());
        return 0;
    }

    @Override
    public int destroyCmId(RdmaCmId id) throws IOException {
        CmId end = CmId.of(id);
        CmNative.destroyId(end.address());
        end.close();
        EventChannel.of(end.getCmChannel()).remove(end);
        return 0;
    }

    @Override
    public int destroyQP(RdmaCmId id) throws IOException {
        CmId end = CmId.of(id);
        QueuePair qp = QueuePair.of(end.getQp());
        qp.close();
        CmNative.destroyQp(end.address());
        return 0;
    }

    @Override
    public SocketAddress getSrcAddr(RdmaCmId id) throws IOException {
        return CmId.of(id).socketAddress(CmIdDescriptor.SRC_ADDR_OFFSET);
    }

    @Override
    public SocketAddress getDstAddr(RdmaCmId id) throws IOException {
        return CmId.of(id).socketAddress(CmIdDescriptor.DST_ADDR_OFFSET);
    }

    /** Ends the id, and its queue pair if it has one. */
    @Override
    public int destroyEp(RdmaCmId id) throws IOException {
        IbvQP qp = CmId.of(id).getQp();
        if (qp != null && qp.isOpen()) {
            destroyQP(id);
        }
        return destroyCmId(id);
    }
}
