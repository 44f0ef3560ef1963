package org.isthmus.rdma.backend;

import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import com.ibm.disni.verbs.RdmaEventChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.isthmus.rdma.extension.VerbsExtension;

/**
 * Makes and ends queue pairs: a thread of its own takes the events of the device's connection manager, and tells the
 * owner what it needs to know. {@link #dial} and {@link #dispose} may be called by the owner.
 */
final class ConnectionManager implements AutoCloseable {
    /** Tells the owner's thread. */
    interface Outcome {
        /** The link has its queue pair; nothing has arrived yet. */
        void onCreated(Link link);

        void onEstablished(Link link);

        /** @param nobodyListens so that another try is in vain */
        void onUnreachable(Link link, String description, boolean nobodyListens);

        void onLost(Link link);

        /** The kernel takes the device away: nothing of it works any more. */
        void onDeviceRemoved();
    }

    private static final short PORT_SPACE = 0x106;
    private static final int BACKLOG = 128;
    private static final byte FOREVER = 7;
    private static final int REJECTED_BY_PEER = 28;
    private static final EventType[] TYPES = EventType.values();

    private final VerbsExtension extension;
    private final InetAddress address;
    private final int resolveMillis;
    private final RdmaCounters counters;
    private final Outcome outcome;
    private final RdmaEventChannel events;
    private final RdmaCmId listener;
    private final Map<RdmaCmId, Link> links = new ConcurrentHashMap<>();
    private final Queue<Link> disposed = new ConcurrentLinkedQueue<>();
    private Device device;
    private Thread thread;
    private volatile boolean closed;

    /** Binds to the address, by which the device is known; {@link IOException} if it belongs to none. */
    ConnectionManager(VerbsExtension extension, InetAddress address, long resolveNanos, RdmaCounters counters,
            Outcome outcome) throws IOException {
        this.extension = extension;
        this.address = address;
        this.resolveMillis = (int) Math.max(1, resolveNanos / 1_000_000);
        this.counters = counters;
        this.outcome = outcome;
        events = RdmaEventChannel.createEventChannel();
        listener = events.createId(PORT_SPACE);
        try {
            listener.bindAddr(new InetSocketAddress(address, 0));
            if (listener.getVerbs() == null) {
                throw new IOException("no device has it");
            }
        } catch (IOException e) {
            listener.destroyId();
            events.destroyEventChannel();
            throw new IOException("cannot use the address " + address.getHostAddress() + " for RDMA: " + e.getMessage()
                    + "; set isthmus.rdma.address to an address of a device that `rdma link` lists", e);
        }
    }

    IbvContext context() throws IOException {
        return listener.getVerbs();
    }

    /** Begins to listen; where. */
    InetSocketAddress start(Device newDevice) throws IOException {
        device = newDevice;
        listener.listen(BACKLOG);
        thread = Thread.ofPlatform().name("isthmus-rdma-connections").daemon().start(this::run);
        return new InetSocketAddress(address, extension.localPort(listener));
    }

    /** Begins a connection; {@code outcome} tells how it goes. */
    Link dial(int peer, long channelId, InetSocketAddress remote) throws IOException {
        RdmaCmId id = events.createId(PORT_SPACE);
        Link link = new Link(id, peer, channelId, extension, counters);
        links.put(id, link);
        try {
            id.resolveAddr(new InetSocketAddress(address, 0), remote, resolveMillis);
        } catch (IOException e) {
            outcome.onUnreachable(link, "no way to " + remote + ": " + e.getMessage(), false);
        }
        return link;
    }

    /** Frees a link that was shut. */
    void dispose(Link link) {
        disposed.add(link);
        try {
            extension.wakeup(events);
        } catch (IOException e) {
            warn("waking the connection manager", e);
        }
    }

    private void run() {
        while (!closed) {
            for (Link link = disposed.poll(); link != null; link = disposed.poll()) {
                free(link);
            }
            try {
                RdmaCmEvent event = events.getCmEvent(-1);
                if (event != null) {
                    int type = event.getEvent();
                    int status = event.getStatus();
                    RdmaCmId id = event.getConnIdPriv();
                    event.ackEvent();
                    take(type, status, id);
                }
            } catch (IOException e) {
                if (!closed) {
                    warn("waiting for events of connections", e);
                }
            }
        }
    }

    private void take(int type, int status, RdmaCmId id) {
        Link link = links.get(id);
        try {
            if (type == EventType.RDMA_CM_EVENT_CONNECT_REQUEST.ordinal()) {
                accept(id);
            } else if (type == EventType.RDMA_CM_EVENT_DEVICE_REMOVAL.ordinal()) {
                outcome.onDeviceRemoved();
            } else if (link == null) {
                return;
            } else if (type == EventType.RDMA_CM_EVENT_ADDR_RESOLVED.ordinal()) {
                id.resolveRoute(resolveMillis);
            } else if (type == EventType.RDMA_CM_EVENT_ROUTE_RESOLVED.ordinal()) {
                create(link);
                id.connect(parameters());
            } else if (type == EventType.RDMA_CM_EVENT_ESTABLISHED.ordinal()) {
                outcome.onEstablished(link);
            } else if (type == EventType.RDMA_CM_EVENT_DISCONNECTED.ordinal()) {
                outcome.onLost(link);
            } else if (type == EventType.RDMA_CM_EVENT_REJECTED.ordinal()) {
                boolean nobodyListens = status != REJECTED_BY_PEER;
                outcome.onUnreachable(link, (nobodyListens ? "nobody listens at " : "refused at ")
                        + id.getDestination(), nobodyListens);
            } else if (type <= EventType.RDMA_CM_EVENT_UNREACHABLE.ordinal()) {
                outcome.onUnreachable(link, TYPES[type] + ", status " + status, false);
            }
        } catch (IOException e) {
            outcome.onUnreachable(link, e.getMessage(), false);
        }
    }

    private void accept(RdmaCmId id) {
        Link link = new Link(id, -1, 0, extension, counters);
        links.put(id, link);
        try {
            create(link);
            id.accept(parameters());
        } catch (IOException e) { // who dialled may be gone again
            outcome.onUnreachable(link, e.getMessage(), false);
        }
    }

    private void create(Link link) throws IOException {
        link.createQueuePair(device);
        outcome.onCreated(link);
    }

    private static RdmaConnParam parameters() throws IOException {
        RdmaConnParam parameters = new RdmaConnParam();
        parameters.setRetry_count(FOREVER);
        parameters.setRnr_retry_count(FOREVER);
        return parameters;
    }

    private void free(Link link) {
        links.remove(link.id);
        try {
            if (link.hasQueuePair()) {
                link.id.disconnect();
                link.id.destroyQP();
            }
            link.id.destroyId();
        } catch (IOException e) {
            warn("freeing a queue pair", e);
        }
    }

    private static void warn(String what, IOException e) {
        System.getLogger(ConnectionManager.class.getName()).log(System.Logger.Level.WARNING, what, e);
    }

    /** Ends all queue pairs and the listener. */
    @Override
    public void close() {
        closed = true;
        try {
            if (thread != null) {
                extension.wakeup(events);
                thread.join();
            }
            links.values().forEach(this::free);
            listener.destroyId();
            events.destroyEventChannel();
        } catch (IOException e) {
            warn("closing the connection manager", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
