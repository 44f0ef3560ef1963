package org.isthmus.node.bootstrap.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;
import org.isthmus.node.wire.SharedSecret;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

/** The rendezvous under the conformance suite, and against callers that are wrong or hostile. */
class RendezvousTest extends ExchangeConformance {
    /** Of what is to succeed, on a busy machine too. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Of what is waited for in vain. */
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final String JOB = "job 7";
    private final JobSecret secret = JobSecret.random();

    private RendezvousServer server(int size) {
        return RendezvousServer.open(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), secret, JOB,
                size, timeout);
    }

    private static RendezvousExchange connect(RendezvousServer server, JobSecret secret, String job, int rank,
            int size) {
        return RendezvousExchange.connect(server.addresses(), secret, job, rank, size, PATIENCE);
    }

    @Override
    AutoCloseable startJob(int size) {
        return server(size);
    }

    @Override
    Exchange enter(AutoCloseable job, int rank) {
        RendezvousServer server = (RendezvousServer) job;
        return RendezvousExchange.connect(server.addresses(), secret, JOB, rank, server.size(), timeout);
    }

    private static void assertMessage(String part, org.junit.jupiter.api.function.Executable call) {
        String message = assertThrows(ExchangeException.class, call).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void whoDoesNotBelongIsToldWhy() {
        try (RendezvousServer server = server(2); Exchange first = connect(server, secret, JOB, 0, 2)) {
            assertMessage("its secret is not that of the job", () -> connect(server, JobSecret.random(), JOB, 1, 2));
            assertMessage("another job", () -> connect(server, secret, "job 8", 1, 2));
            assertMessage("rank 1 of 3, but the job has 2 ranks", () -> connect(server, secret, JOB, 1, 3));
            assertMessage("rank 2 of 2", () -> connect(server, secret, JOB, 2, 2));
            assertMessage("rank -1 of 2", () -> connect(server, secret, JOB, -1, 2));
            assertMessage("there is a rank 0 already", () -> connect(server, secret, JOB, 0, 2));
            assertEquals(0, first.rank());
        }
    }

    @Test
    void theMissingRanksAreNamed() {
        timeout = TIMEOUT;
        try (RendezvousServer server = server(3); Exchange exchange = connect(server, secret, JOB, 1, 3)) {
            assertMessage("rank(s) 0, 2 of 3 did not come", exchange::fence);
        }
    }

    @Test
    void aLostRankIsNamedToThoseThatWaitAndThoseThatComeLater() throws Exception {
        try (RendezvousServer server = RendezvousServer.open(
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), secret, JOB, 3,
                Duration.ofMinutes(1));
                Exchange waiting = RendezvousExchange.connect(server.addresses(), secret, JOB, 0, 3,
                        Duration.ofMinutes(1))) {
            CompletableFuture<String> message = CompletableFuture.supplyAsync(
                    () -> assertThrows(ExchangeException.class, waiting::fence).getMessage());
            try (Socket socket = new Socket()) {
                socket.connect(server.addresses().getFirst());
                hello(socket, 1, 1, SharedSecret.nonce());
            }
            assertTrue(message.get().contains("rank 1 was lost"), message.get());
            assertMessage("rank 1 was lost", () -> connect(server, secret, JOB, 2, 3));
        }
    }

    /** Says a right hello and leaves it at that. */
    private RendezvousStream hello(Socket socket, int rank, int attempt, byte[] nonce) throws Exception {
        RendezvousStream stream = new RendezvousStream(socket, Deadline.in(PATIENCE));
        assertEquals(RendezvousStream.MAGIC, stream.readLong());
        assertEquals(RendezvousStream.VERSION, stream.readInt());
        RendezvousHello hello = new RendezvousHello(RendezvousHello.jobHash(JOB), rank, 3, attempt,
                stream.readExactly(SharedSecret.NONCE_BYTES), nonce);
        stream.writeLong(RendezvousStream.MAGIC).writeInt(RendezvousStream.VERSION).writeRaw(hello.job())
                .writeInt(rank).writeInt(3).writeInt(attempt).writeRaw(nonce).writeRaw(hello.clientProof(secret))
                .flush();
        assertEquals(RendezvousStream.WELCOME, stream.readByte());
        assertTrue(SharedSecret.same(stream.readExactly(SharedSecret.PROOF_BYTES), hello.serverProof(secret)));
        return stream;
    }

    /**
     * A machine under load: the server lets a rank in, but its answer comes when the rank has given up waiting for it.
     */
    @Test
    void aRankWithoutAnswerSaysHelloAgainAndIsKnown() throws Exception {
        byte[] nonce = SharedSecret.nonce();
        try (RendezvousServer server = server(3); Socket first = new Socket(); Socket again = new Socket();
                Socket late = new Socket()) {
            first.connect(server.addresses().getFirst());
            RendezvousStream unanswered = hello(first, 1, 1, nonce);
            again.connect(server.addresses().getFirst());
            RendezvousStream stream = hello(again, 1, 3, nonce);
            assertThrows(EOFException.class, unanswered::readByte, "the earlier connection is of no use");
            late.connect(server.addresses().getFirst());
            assertThrows(AssertionFailedError.class, () -> hello(late, 1, 2, nonce),
                    "an earlier hello that comes later");
            assertMessage("there is a rank 1 already", () -> connect(server, secret, JOB, 1, 3));
            try (Exchange zero = connect(server, secret, JOB, 0, 3); Exchange two =
                    connect(server, secret, JOB, 2, 3)) {
                CompletableFuture<Void> others = CompletableFuture.allOf(
                        CompletableFuture.runAsync(zero::fence, Thread::startVirtualThread),
                        CompletableFuture.runAsync(two::fence, Thread::startVirtualThread));
                stream.writeByte(RendezvousStream.FENCE).writeInt(0).flush();
                assertEquals(RendezvousStream.FENCED, stream.readByte());
                others.get();
                stream.writeByte(RendezvousStream.GOODBYE).flush();
            }
        }
    }

    /** The same from the rank's side: the connection that got no answer stays open until another one has got it. */
    @Test
    void aCallerKeepsTheConnectionWithoutAnswer() throws Exception {
        RendezvousCaller caller = new RendezvousCaller(JOB, 1, 3);
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                RendezvousServer server = server(3); Socket socket = new Socket(); Socket real = new Socket()) {
            socket.connect(silent.getLocalSocketAddress());
            Socket accepted = silent.accept();
            assertThrows(SocketTimeoutException.class, () -> caller.greet(
                    new RendezvousStream(socket, Deadline.in(Duration.ofMillis(50))), secret));
            assertFalse(socket.isClosed());
            real.connect(server.addresses().getFirst());
            caller.greet(new RendezvousStream(real, Deadline.in(PATIENCE)), secret);
            caller.close();
            assertTrue(socket.isClosed());
            assertEquals(-1, accepted.getInputStream().read());
        }
    }

    @Test
    void aRankThatLeavesWhileAnotherWaitsIsNamed() {
        try (RendezvousServer server = server(2); Exchange waiting = connect(server, secret, JOB, 0, 2)) {
            connect(server, secret, JOB, 1, 2).close();
            assertMessage("rank 1 has left the rendezvous", waiting::fence);
        }
    }

    @Test
    void aServerThatEndsIsNotWaitedFor() {
        RendezvousServer server = server(2);
        try (Exchange exchange = connect(server, secret, JOB, 0, 2)) {
            server.close();
            assertMessage("has ended", exchange::fence);
        }
    }

    @Test
    void silentAndNoisyCallersHoldUpNobody() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try (RendezvousServer server = server(2)) {
            Random random = new Random(1);
            for (int i = 0; i < 40; i++) {
                Socket socket = new Socket();
                sockets.add(socket);
                socket.connect(server.addresses().getFirst());
                byte[] noise = new byte[random.nextInt(200)];
                random.nextBytes(noise);
                OutputStream output = socket.getOutputStream();
                output.write(noise);
            }
            try (Exchange a = connect(server, secret, JOB, 0, 2); Exchange b = connect(server, secret, JOB, 1, 2)) {
                CompletableFuture<Void> other = CompletableFuture.runAsync(b::fence);
                a.fence();
                other.get();
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void anotherVersionIsNamedOnBothSides() throws Exception {
        try (RendezvousServer server = server(1); Socket socket = new Socket()) {
            socket.connect(server.addresses().getFirst());
            DataOutputStream output = new DataOutputStream(socket.getOutputStream());
            output.writeLong(RendezvousStream.MAGIC);
            output.writeInt(99);
            RendezvousStream stream = new RendezvousStream(socket, Deadline.in(PATIENCE));
            stream.readExactly(8 + 4 + SharedSecret.NONCE_BYTES);
            assertEquals(RendezvousStream.REFUSED, stream.readByte());
            assertTrue(stream.readReason().contains("version 99"));
        }
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(new FutureTask<>(() -> {
                Socket socket = listener.accept();
                DataOutputStream output = new DataOutputStream(socket.getOutputStream());
                output.writeLong(RendezvousStream.MAGIC);
                output.writeInt(99);
                output.write(new byte[SharedSecret.NONCE_BYTES]);
                return new DataInputStream(socket.getInputStream()).read();
            }));
            assertMessage("version 99", () -> RendezvousExchange.connect(
                    List.of((InetSocketAddress) listener.getLocalSocketAddress()), secret, JOB, 0, 1, PATIENCE));
        }
    }

    @Test
    void aServerThatDoesNotKnowTheSecretIsNotBelieved() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(new FutureTask<>(() -> {
                Socket socket = listener.accept();
                DataOutputStream output = new DataOutputStream(socket.getOutputStream());
                output.writeLong(RendezvousStream.MAGIC);
                output.writeInt(RendezvousStream.VERSION);
                output.write(new byte[SharedSecret.NONCE_BYTES]);
                socket.getInputStream().readNBytes(8 + 4 + 32 + 12 + 64);
                output.writeByte(RendezvousStream.WELCOME);
                output.write(new byte[SharedSecret.PROOF_BYTES]);
                return null;
            }));
            assertMessage("does not know the job's secret", () -> RendezvousExchange.connect(
                    List.of((InetSocketAddress) listener.getLocalSocketAddress()), secret, JOB, 0, 1, PATIENCE));
        }
    }

    @Test
    void anUnreachableOrTakenAddressIsNamed() throws Exception {
        int port;
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = listener.getLocalPort();
            assertMessage("cannot listen on", () -> RendezvousServer.open(
                    List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)), secret, JOB, 1, TIMEOUT));
        }
        assertMessage("" + port, () -> RendezvousExchange.connect(
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)), secret, JOB, 0, 1, TIMEOUT));
        assertMessage("no such host", () -> RendezvousExchange.connect(
                List.of(InetSocketAddress.createUnresolved("no.such.host.invalid", 1)), secret, JOB, 0, 1, TIMEOUT));
    }

    /** The end of a connection is an exception without a message; the last try may run out of time instead. */
    @Test
    void whatEndsEveryConnectionAtOnceIsNamedWithThat() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(new FutureTask<>(() -> {
                while (true) {
                    listener.accept().close();
                }
            }));
            InetSocketAddress address = (InetSocketAddress) listener.getLocalSocketAddress();
            String message = assertThrows(ExchangeException.class, () -> RendezvousExchange.connect(List.of(address),
                    secret, JOB, 0, 1, Duration.ofMillis(300))).getMessage();
            // which words these are depends on how far the last try got
            assertTrue(Pattern.compile(Pattern.quote(address + " (") + "(?!null)[A-Za-z0-9 ]+\\)").matcher(message)
                    .find(), message);
        }
    }

    @Test
    void aFailureWithoutWordsIsGivenSome() {
        assertEquals("the connection ended", ExchangeException.reason(new EOFException()));
        assertEquals("timed out", ExchangeException.reason(new SocketTimeoutException()));
        assertEquals("ClosedChannelException", ExchangeException.reason(new ClosedChannelException()));
        assertEquals("SocketException", ExchangeException.reason(new SocketException("")));
        assertEquals("Connection refused", ExchangeException.reason(new ConnectException("Connection refused")));
    }

    @Test
    void theSecretIsReadAndNeverShown() {
        assertEquals(secret.hex(), JobSecret.parse(secret.hex()).hex());
        assertFalse(secret.toString().contains(secret.hex()));
        String wrong = secret.hex().substring(1);
        String message = assertThrows(ExchangeException.class, () -> JobSecret.parse(wrong)).getMessage();
        assertFalse(message.contains(wrong), message);
        assertTrue(message.contains("63 characters"), message);
    }
}
