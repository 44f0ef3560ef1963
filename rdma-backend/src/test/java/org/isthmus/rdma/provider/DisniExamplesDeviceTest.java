package org.isthmus.rdma.provider;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaEventChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.isthmus.rdma.verbs.VerbsException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples that DiSNI publishes (its artifact "tests"), unmodified: server and client in this process. */
@Tag("device")
@Timeout(240)
class DisniExamplesDeviceTest {
    private static final int PORT = 1919;
    private static final int SECONDS = 60;

    @ParameterizedTest
    @CsvSource({
        "SendRecv, Message from the client: Hello from the client, Message from the server: Hello from the server",
        "Read, ReadServer::final message, This is a RDMA/read on stag",
        "Verbs, VerbsServer::done, This is a RDMA/read on stag"})
    void exampleRuns(String example, String fromServer, String fromClient) throws Exception {
        NativeProvider.install();
        PrintStream out = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true));
        try {
            CompletableFuture<Void> server = start("com.ibm.disni.examples." + example + "Server");
            awaitListener();
            CompletableFuture<Void> client = start("com.ibm.disni.examples." + example + "Client");
            client.get(SECONDS, TimeUnit.SECONDS);
            server.get(SECONDS, TimeUnit.SECONDS);
        } finally {
            System.setOut(out);
            out.print(printed);
        }
        assertTrue(printed.toString().contains(fromServer), "nothing from the server");
        assertTrue(printed.toString().contains(fromClient), "nothing from the client");
    }

    private static CompletableFuture<Void> start(String program) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                DisniProgram.main(new String[] {program, "-a", ConnectedPair.HOST});
                end.complete(null);
            } catch (Throwable t) {
                end.completeExceptionally(t);
            }
        }, program);
        thread.setDaemon(true);
        thread.start();
        return end;
    }

    private static void awaitListener() throws IOException, InterruptedException {
        RdmaEventChannel events = RdmaEventChannel.createEventChannel();
        boolean bound = false;
        for (int i = 0; i < 10 * SECONDS && !bound; i++) {
            Thread.sleep(100);
            RdmaCmId probe = events.createId(RdmaCm.RDMA_PS_TCP);
            try {
                probe.bindAddr(new InetSocketAddress(ConnectedPair.HOST, PORT));
            } catch (VerbsException e) {
                bound = e.errno() == VerbsException.EADDRINUSE;
            }
            probe.destroyId();
        }
        events.destroyEventChannel();
        assertTrue(bound, "the server did not bind its port");
        Thread.sleep(1000); // from bind to listen
    }
}
