package org.isthmus.rdma.software;

import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPCap;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import com.ibm.disni.verbs.RdmaEventChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;

/** Connections between the queue pairs of the process; listeners are known by port, all addresses are this process. */
final class SoftwareCm extends RdmaCm {
    private static final int FIRST_PORT = 20_000;
    /** Reason of a refusal when nobody listens, as InfiniBand's connection manager gives it. */
    private static final int REJECT_NO_SERVICE = 8;
    private static final int REJECT_BY_PEER = 28;

    private final SoftwareFabric fabric;
    private final Map<Integer, SoftwareCmId> ports = new HashMap<>();
    private int lastPort = FIRST_PORT;
    private SoftwareContext context;

    SoftwareCm(SoftwareFabric fabric) {
        this.fabric = fabric;
    }

    /** What runs with the lock held. */
    private interface Locked<T> {
        T run() throws IOException;
    }

    private <T> T locked(Locked<T> action) throws IOException {
        fabric.lock();
        try {
            return action.run();
        } finally {
            fabric.unlock();
        }
    }

    SoftwareContext context() throws IOException {
        return locked(() -> {
            if (context == null) {
                context = new SoftwareContext();
            }
            return context;
        });
    }

    @Override
    public RdmaEventChannel createEventChannel() throws IOException {
        return new SoftwareEventChannel(fabric);
    }

    @Override
    public RdmaCmId createId(RdmaEventChannel channel, short portSpace) throws IOException {
        return new SoftwareCmId((SoftwareEventChannel) channel, portSpace);
    }

    @Override
    public IbvQP createQP(RdmaCmId id, IbvPd pd, IbvQPInitAttr attributes) throws IOException {
        return createQp(id, pd, attributes, null);
    }

    IbvQP createQp(RdmaCmId id, IbvPd pd, IbvQPInitAttr attributes, SoftwareSrq srq) throws IOException {
        return locked(() -> {
            IbvQPCap cap = attributes.cap();
            check("max_send_wr", cap.getMax_send_wr(), SoftwareLimits.MAX_QP_WR);
            check("max_recv_wr", cap.getMax_recv_wr(), SoftwareLimits.MAX_QP_WR);
            check("max_send_sge", cap.getMax_send_sge(), SoftwareLimits.MAX_SGE);
            check("max_recv_sge", cap.getMax_recv_sge(), SoftwareLimits.MAX_SGE);
            check("max_inline_data", cap.getMax_inline_data(), SoftwareLimits.MAX_INLINE);
            check("queue pairs", fabric.queuePairCount() + 1, SoftwareLimits.MAX_QP);
            if (attributes.getQp_type() != IbvQP.IBV_QPT_RC) {
                throw SoftwareProvider.refused("createQP", "type " + attributes.getQp_type()
                        + ": reliable-connected (2) alone is there");
            }
            SoftwareQp qp = new SoftwareQp(fabric, fabric.nextNumber(), pd, (SoftwareCq) attributes.getSend_cq(),
                    (SoftwareCq) attributes.getRecv_cq(), srq == null ? null : srq.queue(), cap.getMax_send_wr(),
                    cap.getMax_recv_wr(), Math.max(1, cap.getMax_send_sge()), cap.getMax_inline_data(),
                    attributes.getSq_sig_all() != 0);
            fabric.add(qp);
            ((SoftwareCmId) id).setQueuePair(qp);
            return qp;
        });
    }

    private static void check(String name, int value, int most) throws IOException {
        if (value < 0 || value > most) {
            throw SoftwareProvider.refused("createQP", name + " = " + value + ": from 0 to " + most + " is allowed");
        }
    }

    @Override
    public void bindAddr(RdmaCmId id, SocketAddress address) throws IOException {
        locked(() -> {
            SoftwareCmId cmId = (SoftwareCmId) id;
            cmId.require(SoftwareCmId.State.IDLE, "bindAddr");
            InetSocketAddress wanted = (InetSocketAddress) address;
            int port = wanted.getPort();
            while (port == 0 || wanted.getPort() == 0 && ports.containsKey(port)) {
                port = lastPort++;
            }
            if (ports.putIfAbsent(port, cmId) != null) {
                throw SoftwareProvider.refused("bindAddr", "port " + port + " is in use (EADDRINUSE)");
            }
            cmId.local = new InetSocketAddress(wanted.getAddress(), port);
            cmId.open(context());
            cmId.state = SoftwareCmId.State.BOUND;
            return null;
        });
    }

    /** Tells all who listen, as the kernel does before a device goes. */
    void removeDevice() throws IOException {
        locked(() -> {
            for (SoftwareCmId id : ports.values()) {
                id.tell(EventType.RDMA_CM_EVENT_DEVICE_REMOVAL, 0, null, new byte[0]);
            }
            return null;
        });
    }

    @Override
    public void listen(RdmaCmId id, int backlog) throws IOException {
        locked(() -> {
            ((SoftwareCmId) id).require(SoftwareCmId.State.BOUND, "listen");
            ((SoftwareCmId) id).state = SoftwareCmId.State.LISTENING;
            return null;
        });
    }

    @Override
    public void resolveAddr(RdmaCmId id, SocketAddress source, SocketAddress destination, int timeoutMillis)
            throws IOException {
        locked(() -> {
            SoftwareCmId cmId = (SoftwareCmId) id;
            if (cmId.state != SoftwareCmId.State.BOUND) {
                cmId.require(SoftwareCmId.State.IDLE, "resolveAddr");
            }
            cmId.remote = (InetSocketAddress) destination;
            if (cmId.local == null) {
                cmId.local = new InetSocketAddress(InetAddress.getLoopbackAddress(), lastPort++);
            }
            if (cmId.remote.isUnresolved()) {
                cmId.tell(EventType.RDMA_CM_EVENT_ADDR_ERROR, -1, null, new byte[0]);
                return null;
            }
            cmId.open(context());
            cmId.state = SoftwareCmId.State.RESOLVED;
            cmId.tell(EventType.RDMA_CM_EVENT_ADDR_RESOLVED, 0, null, new byte[0]);
            return null;
        });
    }

    @Override
    public void resolveRoute(RdmaCmId id, int timeoutMillis) throws IOException {
        locked(() -> {
            SoftwareCmId cmId = (SoftwareCmId) id;
            cmId.require(SoftwareCmId.State.RESOLVED, "resolveRoute");
            cmId.state = SoftwareCmId.State.ROUTED;
            cmId.tell(EventType.RDMA_CM_EVENT_ROUTE_RESOLVED, 0, null, new byte[0]);
            return null;
        });
    }

    @Override
    public RdmaCmEvent getCmEvent(RdmaEventChannel channel, int timeoutMillis) throws IOException {
        return locked(() -> ((SoftwareEventChannel) channel).await(timeoutMillis));
    }

    @Override
    public void connect(RdmaCmId id, RdmaConnParam parameters) throws IOException {
        connect(id, parameters, new byte[0]);
    }

    void connect(RdmaCmId id, RdmaConnParam parameters, byte[] data) throws IOException {
        locked(() -> {
            SoftwareCmId client = (SoftwareCmId) id;
            client.require(SoftwareCmId.State.ROUTED, "connect");
            client.rnrRetries = parameters.getRnr_retry_count();
            client.state = SoftwareCmId.State.CONNECTING;
            SoftwareCmId listener = ports.get(client.remote.getPort());
            if (listener == null || listener.state != SoftwareCmId.State.LISTENING) {
                client.state = SoftwareCmId.State.DISCONNECTED;
                client.tell(EventType.RDMA_CM_EVENT_REJECTED, REJECT_NO_SERVICE, null, new byte[0]);
                return null;
            }
            SoftwareCmId server = new SoftwareCmId(listener.channel(), (short) listener.getPs());
            server.local = listener.local;
            server.remote = client.local;
            server.open(context());
            server.state = SoftwareCmId.State.REQUESTED;
            server.peer = client;
            client.peer = server;
            server.tell(EventType.RDMA_CM_EVENT_CONNECT_REQUEST, 0, listener, data.clone());
            return null;
        });
    }

    @Override
    public void accept(RdmaCmId id, RdmaConnParam parameters) throws IOException {
        accept(id, parameters, new byte[0]);
    }

    void accept(RdmaCmId id, RdmaConnParam parameters, byte[] data) throws IOException {
        locked(() -> {
            SoftwareCmId server = (SoftwareCmId) id;
            server.require(SoftwareCmId.State.REQUESTED, "accept");
            SoftwareCmId client = server.peer;
            if (server.getQp() == null || client.getQp() == null) {
                throw SoftwareProvider.refused("accept", "an end has no queue pair (EINVAL)");
            }
            server.rnrRetries = parameters.getRnr_retry_count();
            server.state = SoftwareCmId.State.CONNECTED;
            client.state = SoftwareCmId.State.CONNECTED;
            ((SoftwareQp) server.getQp()).join((SoftwareQp) client.getQp(), server.rnrRetries);
            ((SoftwareQp) client.getQp()).join((SoftwareQp) server.getQp(), client.rnrRetries);
            server.tell(EventType.RDMA_CM_EVENT_ESTABLISHED, 0, null, new byte[0]);
            client.tell(EventType.RDMA_CM_EVENT_ESTABLISHED, 0, null, data.clone());
            return null;
        });
    }

    void reject(RdmaCmId id, byte[] data) throws IOException {
        locked(() -> {
            SoftwareCmId server = (SoftwareCmId) id;
            server.require(SoftwareCmId.State.REQUESTED, "reject");
            SoftwareCmId client = server.peer;
            server.peer = null;
            server.state = SoftwareCmId.State.DISCONNECTED;
            client.peer = null;
            client.state = SoftwareCmId.State.DISCONNECTED;
            client.tell(EventType.RDMA_CM_EVENT_REJECTED, REJECT_BY_PEER, null, data.clone());
            return null;
        });
    }

    @Override
    public int ackCmEvent(RdmaCmEvent event) {
        return 0;
    }

    @Override
    public int disconnect(RdmaCmId id) throws IOException {
        return locked(() -> {
            SoftwareCmId cmId = (SoftwareCmId) id;
            boolean connected = cmId.state == SoftwareCmId.State.CONNECTED;
            cmId.cut();
            if (connected) {
                cmId.tell(EventType.RDMA_CM_EVENT_DISCONNECTED, 0, null, new byte[0]);
            }
            return 0;
        });
    }

    @Override
    public int destroyEventChannel(RdmaEventChannel channel) {
        channel.close();
        return 0;
    }

    @Override
    public int destroyCmId(RdmaCmId id) throws IOException {
        return locked(() -> {
            SoftwareCmId cmId = (SoftwareCmId) id;
            if (cmId.getQp() != null) {
                throw SoftwareProvider.refused("destroyId", "its queue pair must be destroyed first (EBUSY)");
            }
            cmId.cut();
            if (cmId.local != null) {
                ports.remove(cmId.local.getPort(), cmId);
            }
            cmId.channel().forget(cmId);
            cmId.close();
            return 0;
        });
    }

    @Override
    public int destroyQP(RdmaCmId id) throws IOException {
        return locked(() -> {
            SoftwareCmId cmId = (SoftwareCmId) id;
            if (cmId.getQp() != null) {
                fabric.remove((SoftwareQp) cmId.getQp());
                cmId.setQueuePair(null);
            }
            return 0;
        });
    }

    @Override
    public SocketAddress getSrcAddr(RdmaCmId id) throws IOException {
        return locked(() -> ((SoftwareCmId) id).local);
    }

    @Override
    public SocketAddress getDstAddr(RdmaCmId id) throws IOException {
        return locked(() -> ((SoftwareCmId) id).remote);
    }

    @Override
    public int destroyEp(RdmaCmId id) throws IOException {
        destroyQP(id);
        return destroyCmId(id);
    }
}
