package org.isthmus.node.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HelloExchangeTest {
    private static final Greeting GREETING = new Greeting(3, 4, 1, 2, 7, 99);

    private SocketPair sockets;
    private HelloService service = new HelloService(Duration.ofMinutes(1).toNanos());

    @BeforeEach
    void open() throws IOException {
        sockets = SocketPair.open();
    }

    @AfterEach
    void close() throws IOException {
        sockets.close();
        service.close();
    }

    private void setDeadline(Duration deadline) {
        service.close();
        service = new HelloService(deadline.toNanos());
    }

    private static JobIdentification job(String id, int secret) {
        byte[] bytes = new byte[32];
        bytes[31] = (byte) secret;
        return new JobIdentification(id, bytes);
    }

    private CompletableFuture<Greeting> accept(JobIdentification job, Predicate<Greeting> admission) {
        CompletableFuture<Greeting> result = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(service.withDeadline(sockets.acceptor(), "dialler",
                        () -> new HelloExchange(sockets.acceptor(), job, "dialler").accept(4, 1, 55, admission)));
            } catch (IOException e) {
                result.completeExceptionally(e);
                try {
                    sockets.acceptor().close();
                } catch (IOException f) {
                    e.addSuppressed(f);
                }
            }
        });
        return result;
    }

    private HelloException.Cause dialFails(JobIdentification job, Greeting greeting) {
        try {
            new HelloExchange(sockets.dialler(), job, "acceptor").dial(greeting);
        } catch (HelloException e) {
            assertTrue(e.getMessage().startsWith("the peer at acceptor "), e.getMessage());
            return e.reason();
        } catch (IOException e) {
            return HelloException.Cause.DISCONNECTED;
        }
        return null;
    }

    private static HelloException.Cause cause(CompletableFuture<Greeting> accepted) throws InterruptedException {
        try {
            throw new AssertionError("accepted " + accepted.get());
        } catch (ExecutionException e) {
            return ((HelloException) e.getCause()).reason();
        }
    }

    @Test
    void bothSidesLearnOfEachOther() throws Exception {
        CompletableFuture<Greeting> accepted = accept(job("j", 1), greeting -> true);
        assertEquals(55, new HelloExchange(sockets.dialler(), job("j", 1), "acceptor").dial(GREETING));
        assertEquals(GREETING, accepted.get());
        sockets.dialler().write(ByteBuffer.wrap(new byte[] {42}));
        ByteBuffer next = ByteBuffer.allocate(1);
        sockets.acceptor().read(next);
        assertEquals(42, next.get(0));
    }

    @Test
    void anotherSecret() throws Exception {
        CompletableFuture<Greeting> accepted = accept(job("j", 1), greeting -> true);
        assertEquals(HelloException.Cause.WRONG_SECRET, dialFails(job("j", 2), GREETING));
        sockets.dialler().close();
        assertEquals(HelloException.Cause.DISCONNECTED, cause(accepted));
    }

    @Test
    void anotherJob() throws Exception {
        CompletableFuture<Greeting> accepted = accept(job("j", 1), greeting -> true);
        assertEquals(HelloException.Cause.OTHER_JOB, dialFails(job("k", 1), GREETING));
        assertEquals(HelloException.Cause.OTHER_JOB, cause(accepted));
    }

    @Test
    void anotherNodeOrShard() throws Exception {
        CompletableFuture<Greeting> accepted = accept(job("j", 1), greeting -> true);
        assertEquals(HelloException.Cause.OTHER_NODE, dialFails(job("j", 1), new Greeting(3, 5, 1, 2, 7, 99)));
        assertEquals(HelloException.Cause.OTHER_NODE, cause(accepted));
    }

    @Test
    void notAdmitted() throws Exception {
        CompletableFuture<Greeting> accepted = accept(job("j", 1), greeting -> greeting.slot() != 7);
        assertEquals(HelloException.Cause.NOT_ADMITTED, dialFails(job("j", 1), GREETING));
        assertEquals(HelloException.Cause.NOT_ADMITTED, cause(accepted));
    }

    @Test
    void anotherVersionIsToldSo() throws Exception {
        CompletableFuture<Greeting> accepted = accept(job("j", 1), greeting -> true);
        byte[] hello = HelloDescriptor.hello(GREETING, job("j", 1).jobDigest(), new byte[32]);
        hello[8]++;
        sockets.dialler().write(ByteBuffer.wrap(hello));
        ByteBuffer answer = HelloDescriptor.allocate(HelloDescriptor.PREFIX_BYTES);
        while (answer.hasRemaining()) {
            assertTrue(sockets.dialler().read(answer) > 0);
        }
        assertEquals(HelloDescriptor.MAGIC, answer.getLong(0));
        assertEquals(HelloException.Cause.OTHER_VERSION.code(), answer.getShort(10));
        assertEquals(HelloException.Cause.OTHER_VERSION, cause(accepted));
    }

    @Test
    void aPortScannerGetsNoAnswer() throws Exception {
        CompletableFuture<Greeting> accepted = accept(job("j", 1), greeting -> true);
        sockets.dialler().write(ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
        assertEquals(HelloException.Cause.NOT_ISTHMUS, cause(accepted));
        try {
            assertEquals(-1, sockets.dialler().read(ByteBuffer.allocate(10)));
        } catch (IOException e) {
            assertNotEquals(null, e.getMessage());
        }
    }

    @Test
    void oneByteAndSilenceEndsAtTheDeadline() throws Exception {
        setDeadline(Duration.ofMillis(300));
        CompletableFuture<Greeting> accepted = accept(job("j", 1), greeting -> true);
        sockets.dialler().write(ByteBuffer.wrap(new byte[] {0x49}));
        assertEquals(HelloException.Cause.DEADLINE, cause(accepted));
    }

    @Test
    void aByteNowAndThenEndsAtTheDeadline() throws Exception {
        setDeadline(Duration.ofMillis(300));
        CompletableFuture<Greeting> accepted = accept(job("j", 1), greeting -> true);
        byte[] hello = HelloDescriptor.hello(GREETING, job("j", 1).jobDigest(), new byte[32]);
        for (int i = 0; !accepted.isDone(); i++) {
            try {
                sockets.dialler().write(ByteBuffer.wrap(hello, i, 1));
            } catch (IOException e) {
                break;
            }
            Thread.sleep(50);
        }
        assertEquals(HelloException.Cause.DEADLINE, cause(accepted));
    }

    @Test
    void whatWasHeardBeforeProvesNothing() throws Exception {
        byte[] overheard = record(job("j", 1));
        CompletableFuture<Greeting> accepted = accept(job("j", 1), greeting -> true);
        sockets.dialler().write(ByteBuffer.wrap(overheard));
        assertEquals(HelloException.Cause.WRONG_SECRET, cause(accepted));
    }

    /** All that a dialler says in a good hello. */
    private static byte[] record(JobIdentification job) throws Exception {
        try (SocketPair front = SocketPair.open(); SocketPair back = SocketPair.open()) {
            ByteBuffer said = ByteBuffer.allocate(HelloDescriptor.HELLO_BYTES + HelloDescriptor.PROOF_BYTES);
            CompletableFuture<Greeting> accepted = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    accepted.complete(new HelloExchange(back.acceptor(), job, "d").accept(4, 1, 55, greeting -> true));
                } catch (IOException e) {
                    accepted.completeExceptionally(e);
                }
            });
            Thread dialling = Thread.ofVirtual().start(() -> {
                try {
                    new HelloExchange(front.dialler(), job, "a").dial(GREETING);
                } catch (IOException e) {
                    accepted.completeExceptionally(e);
                }
            });
            forward(front, back, said, HelloDescriptor.HELLO_BYTES);
            forward(back, front, HelloDescriptor.ANSWER_BYTES);
            forward(front, back, said, HelloDescriptor.PROOF_BYTES);
            forward(back, front, HelloDescriptor.VERDICT_BYTES);
            dialling.join();
            assertEquals(GREETING, accepted.get());
            return said.array();
        }
    }

    private static void forward(SocketPair front, SocketPair back, ByteBuffer said, int bytes) throws IOException {
        int from = said.position();
        said.limit(from + bytes);
        while (said.hasRemaining()) {
            front.acceptor().read(said);
        }
        back.dialler().write(said.duplicate().position(from));
        said.limit(said.capacity());
    }

    private static void forward(SocketPair back, SocketPair front, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining()) {
            back.dialler().read(buffer);
        }
        front.acceptor().write(buffer.flip());
    }

    @Test
    void noMutatedHelloIsAccepted() throws Exception {
        Random random = new Random(3);
        byte[] good = record(job("j", 1));
        for (int round = 0; round < 300; round++) {
            byte[] bad = good.clone();
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                bad[random.nextInt(HelloDescriptor.HELLO_BYTES)] = (byte) random.nextInt();
            }
            byte[] cut = Arrays.copyOf(bad, random.nextInt(bad.length));
            HelloFuzz.accept(round % 2 == 0 ? bad : cut);
        }
    }

    @Test
    void theSecretIsNotPrinted() {
        assertEquals("job j", job("j", 1).toString());
    }
}
