package org.isthmus.rdma.provider;

import static org.isthmus.rdma.provider.ConnectedPair.HOST;
import static org.isthmus.rdma.provider.ConnectedPair.MILLIS;
import static org.isthmus.rdma.provider.ConnectedPair.await;
import static org.isthmus.rdma.provider.ConnectedPair.parameters;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaEventChannel;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.Arrays;
import org.isthmus.rdma.extension.VerbsExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Making and ending connections. */
@Tag("device")
@Timeout(240)
class ConnectionDeviceTest {
    private static final byte[] REQUEST = {1, 2, 3, -4};
    private static final byte[] REPLY = {9, 8, 7};

    private NativeProvider provider;
    private RdmaEventChannel events;
    private RdmaCmId listener;
    private RdmaCmId client;
    private IbvPd pd;
    private IbvCQ cq;

    @BeforeEach
    void open() throws IOException {
        provider = NativeProvider.install();
        events = RdmaEventChannel.createEventChannel();
        listener = events.createId(RdmaCm.RDMA_PS_TCP);
        listener.bindAddr(new InetSocketAddress(HOST, 0));
        client = events.createId(RdmaCm.RDMA_PS_TCP);
    }

    @AfterEach
    void close() throws Exception {
        client.destroyEp();
        listener.destroyEp();
        if (pd != null) {
            cq.destroyCQ();
            pd.deallocPd();
        }
        events.destroyEventChannel();
    }

    /** As far as to a queue pair that is not connected. */
    private void resolve(int port) throws IOException {
        assertNull(client.getVerbs());
        client.resolveAddr(null, new InetSocketAddress(HOST, port), MILLIS);
        await(events, EventType.RDMA_CM_EVENT_ADDR_RESOLVED);
        client.resolveRoute(MILLIS);
        await(events, EventType.RDMA_CM_EVENT_ROUTE_RESOLVED);
        pd = client.getVerbs().allocPd();
        cq = client.getVerbs().createCQ(null, 32, 0);
        client.createQP(pd, ConnectedPair.attributes(cq));
    }

    @Test
    void privateDataGoesBothWays() throws IOException {
        listener.listen(1);
        resolve(provider.localPort(listener));
        provider.connect(client, parameters(7), REQUEST);
        RdmaCmEvent request = await(events, EventType.RDMA_CM_EVENT_CONNECT_REQUEST);
        assertEquals(listener, request.getListenIdPriv());
        assertArrayEquals(REQUEST, Arrays.copyOf(provider.privateData(request), REQUEST.length));
        RdmaCmId server = request.getConnIdPriv();
        assertEquals(client.getVerbs(), server.getVerbs());
        assertEquals(provider.localPort(listener), ((InetSocketAddress) server.getSource()).getPort());
        assertEquals(client.getSource(), server.getDestination());
        server.createQP(pd, ConnectedPair.attributes(cq));
        provider.accept(server, parameters(7), REPLY);
        for (int i = 0; i < 2; i++) {
            RdmaCmEvent established = await(events, EventType.RDMA_CM_EVENT_ESTABLISHED);
            if (established.getConnIdPriv() == client) {
                assertArrayEquals(REPLY, Arrays.copyOf(provider.privateData(established), REPLY.length));
            }
        }
        client.disconnect();
        await(events, EventType.RDMA_CM_EVENT_DISCONNECTED);
        server.disconnect();
        server.destroyEp();
    }

    @Test
    void ipv6AddressIsAnAddress() throws IOException {
        InetAddress local = NetworkInterface.getByInetAddress(InetAddress.getByName(HOST)).inetAddresses()
                .filter(Inet6Address.class::isInstance).findFirst().orElseThrow();
        RdmaCmId other = events.createId(RdmaCm.RDMA_PS_TCP);
        other.bindAddr(new InetSocketAddress(local, 0));
        other.listen(1);
        assertEquals(local, ((InetSocketAddress) other.getSource()).getAddress());
        client.resolveAddr(null, new InetSocketAddress(local, provider.localPort(other)), MILLIS);
        await(events, EventType.RDMA_CM_EVENT_ADDR_RESOLVED);
        assertEquals(other.getSource(), client.getDestination());
        other.destroyId();
    }

    @Test
    void rejectionCarriesItsReason() throws IOException {
        listener.listen(1);
        resolve(provider.localPort(listener));
        provider.connect(client, parameters(7), REQUEST);
        RdmaCmId server = await(events, EventType.RDMA_CM_EVENT_CONNECT_REQUEST).getConnIdPriv();
        provider.reject(server, REPLY);
        RdmaCmEvent rejected = await(events, EventType.RDMA_CM_EVENT_REJECTED);
        assertArrayEquals(REPLY, Arrays.copyOf(provider.privateData(rejected), REPLY.length));
        server.destroyId();
    }

    @Test
    void nobodyListens() throws IOException {
        resolve(1);
        client.connect(parameters(7));
        RdmaCmEvent event = await(events, EventType.RDMA_CM_EVENT_REJECTED);
        assertEquals(client, event.getConnIdPriv());
        assertTrue(event.getStatus() != 0);
    }

    @Test
    void usedPortIsRefused() throws IOException {
        int port = provider.localPort(listener);
        String message = assertThrows(IOException.class, () -> client.bindAddr(new InetSocketAddress(HOST, port)))
                .getMessage();
        assertTrue(message.startsWith("rdma_bind_addr of /" + HOST + ":" + port + " failed"), message);
        assertTrue(message.endsWith("choose another port"), message);
    }

    @Test
    void addressOfNoDeviceIsRefused() {
        String message = assertThrows(IOException.class, () -> client.bindAddr(new InetSocketAddress("192.0.2.7", 0)))
                .getMessage();
        assertTrue(message.contains("192.0.2.7") && message.contains("no RDMA device has this address"), message);
    }

    @Test
    void privateDataHasALimit() {
        assertEquals("privateData has 57 bytes: at most 56 fit", assertThrows(IOException.class, () ->
                provider.connect(client, parameters(7), new byte[VerbsExtension.MAX_CONNECT_DATA + 1])).getMessage());
    }

    @Test
    void otherProvidersObjectsAreRefused() {
        assertTrue(assertThrows(IOException.class, () -> provider.openVerbs().allocPd(null)).getMessage()
                .startsWith("not a Context of this provider"));
    }

    @Test
    void devicesArePresentedWithTheirLimits() throws IOException {
        var device = provider.devices().stream().filter(found -> found.name().equals("rxe0")).findFirst().orElseThrow();
        assertTrue(device.maxQp() > 0 && device.maxQpWr() > 0 && device.maxSge() > 0 && device.maxCqe() > 0,
                device.toString());
        assertTrue(device.maxSrqWr() > 0 && device.atomics() && device.maxReads() > 0, device.toString());
        var port = device.ports().getFirst();
        assertTrue(port.active() && port.ethernet(), port.toString());
        assertTrue(port.activeMtu() >= 256 && port.activeMtu() <= 4096, port.toString());
        assertTrue(port.gids().stream()
                .anyMatch(gid -> gid.address().equals("::ffff:" + HOST) && gid.type().equals("RoCE v2")),
                port.toString());
        resolveOnly();
        assertNotNull(client.getVerbs());
        assertEquals(device.name(), provider.queryDevice(client.getVerbs()).name());
        assertEquals(device.guid(), provider.queryDevice(client.getVerbs()).guid());
    }

    private void resolveOnly() throws IOException {
        client.resolveAddr(null, new InetSocketAddress(HOST, 1), MILLIS);
        await(events, EventType.RDMA_CM_EVENT_ADDR_RESOLVED);
    }
}
