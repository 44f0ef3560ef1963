package org.isthmus.rdma.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.ibm.disni.RdmaActiveEndpoint;
import com.ibm.disni.RdmaActiveEndpointGroup;
import com.ibm.disni.RdmaEndpoint;
import com.ibm.disni.RdmaEndpointGroup;
import com.ibm.disni.RdmaPassiveEndpointGroup;
import com.ibm.disni.RdmaServerEndpoint;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.RdmaCmId;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs on DiSNI's endpoints: its threads take events and completions. */
@Tag("device")
@Timeout(240)
class EndpointsDeviceTest {
    private static final int REQUESTS = 8;
    private static final int SECONDS = 30;

    @BeforeAll
    static void install() throws IOException {
        NativeProvider.install();
    }

    /** An endpoint with registered memory and one posted receive of three pieces, that queues its completions. */
    static final class Active extends RdmaActiveEndpoint {
        final BlockingQueue<IbvWC> completions = new ArrayBlockingQueue<>(2 * REQUESTS);
        Memory memory;

        Active(RdmaActiveEndpointGroup<Active> group, RdmaCmId id, boolean server) throws IOException {
            super(group, id, server);
        }

        @Override
        protected synchronized void init() throws IOException {
            memory = new Memory(getPd(), 1024, Memory.ALL);
            ConnectedPair.receive(getQp(), 100, memory.piece(0, 4), memory.piece(100, 4), memory.piece(200, 56));
        }

        @Override
        public void dispatchCqEvent(IbvWC completion) throws IOException {
            completions.add(completion.clone());
        }

        IbvWC take(long id) throws InterruptedException {
            IbvWC completion = completions.poll(SECONDS, TimeUnit.SECONDS);
            assertNotNull(completion, "no completion of " + id);
            assertEquals(0, completion.getStatus());
            assertEquals(id, completion.getWr_id());
            return completion;
        }
    }

    @Test
    void activeEndpointsSendVectorsAndHearOfFailures() throws Exception {
        RdmaActiveEndpointGroup<Active> servers = new RdmaActiveEndpointGroup<>(100, false, REQUESTS, 4, 4 * REQUESTS);
        RdmaActiveEndpointGroup<Active> clients = new RdmaActiveEndpointGroup<>(100, false, REQUESTS, 4, 4 * REQUESTS);
        servers.init((id, server) -> new Active(servers, id, server));
        clients.init((id, server) -> new Active(clients, id, server));
        RdmaServerEndpoint<Active> listener = servers.createServerEndpoint();
        Active client = clients.createEndpoint();
        Active server = connect(listener, client);

        client.memory.put(300, "abcdef").put(400, "ghijkl");
        client.postSend(List.of(ConnectedPair.signalled(1, IbvSendWR.IBV_WR_SEND, client.memory.piece(300, 6),
                client.memory.piece(400, 6)))).execute().free();
        client.take(1);
        assertEquals(12, server.take(100).getByte_len());
        assertEquals("abcd", server.memory.text(0, 4));
        assertEquals("efgh", server.memory.text(100, 4));
        assertEquals("ijkl", server.memory.text(200, 4));

        server.postSend(List.of(ConnectedPair.signalled(2, IbvSendWR.IBV_WR_SEND, server.memory.piece(200, 4))))
                .execute().free();
        server.take(2);
        client.take(100);
        assertEquals("ijkl", client.memory.text(0, 4));

        client.postSend(List.of(ConnectedPair.remote(3, IbvSendWR.IBV_WR_RDMA_WRITE, server.memory.address(0),
                server.memory.region.getRkey() ^ 0x55, client.memory.piece(0, 4)))).execute().free();
        IbvWC failed = client.completions.poll(SECONDS, TimeUnit.SECONDS);
        assertNotNull(failed, "the failed completion did not reach its endpoint");
        assertEquals(IbvWC.IbvWcStatus.IBV_WC_REM_ACCESS_ERR.ordinal(), failed.getStatus());
        assertEquals(3, failed.getWr_id());

        client.memory.close();
        server.memory.close();
        client.close();
        server.close();
        listener.close();
        clients.close();
        servers.close();
    }

    @Test
    void passiveEndpointReadsAndWrites() throws Exception {
        RdmaPassiveEndpointGroup<RdmaEndpoint> servers = new RdmaPassiveEndpointGroup<>(100, REQUESTS, 4, 4 * REQUESTS);
        RdmaPassiveEndpointGroup<RdmaEndpoint> clients = new RdmaPassiveEndpointGroup<>(100, REQUESTS, 4, 4 * REQUESTS);
        servers.init((id, server) -> new Plain(servers, id, server));
        clients.init((id, server) -> new Plain(clients, id, server));
        RdmaServerEndpoint<RdmaEndpoint> listener = servers.createServerEndpoint();
        RdmaEndpoint client = clients.createEndpoint();
        RdmaEndpoint server = connect(listener, client);

        try (Memory mine = new Memory(client.getPd(), 256, Memory.ALL); Memory theirs =
                new Memory(server.getPd(), 256, Memory.ALL)) {
            theirs.put(0, "to be read");
            client.postSend(List.of(ConnectedPair.remote(5, IbvSendWR.IBV_WR_RDMA_READ, theirs.address(0),
                    theirs.region.getRkey(), mine.piece(0, 10)))).execute().free();
            ConnectedPair.success(client.getCqProvider().getCQ(), 5);
            assertEquals("to be read", mine.text(0, 10));
            client.postSend(List.of(ConnectedPair.remote(6, IbvSendWR.IBV_WR_RDMA_WRITE, theirs.address(100),
                    theirs.region.getRkey(), mine.piece(6, 4)))).execute().free();
            ConnectedPair.success(client.getCqProvider().getCQ(), 6);
            assertEquals("read", theirs.text(100, 4));
        }
        client.close();
        server.close();
        listener.close();
        clients.close();
        servers.close();
    }

    static final class Plain extends RdmaEndpoint {
        Plain(RdmaEndpointGroup<RdmaEndpoint> group, RdmaCmId id, boolean server) throws IOException {
            super(group, id, server);
        }
    }

    private static <E extends RdmaEndpoint> E connect(RdmaServerEndpoint<E> listener, E client) throws Exception {
        listener.bind(new InetSocketAddress(ConnectedPair.HOST, 0), 1);
        CompletableFuture<E> accepted = CompletableFuture.supplyAsync(() -> {
            try {
                return listener.accept();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        client.connect(listener.getSrcAddr(), ConnectedPair.MILLIS);
        return accepted.get(SECONDS, TimeUnit.SECONDS);
    }
}
