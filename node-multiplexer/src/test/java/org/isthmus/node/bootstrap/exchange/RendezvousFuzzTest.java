package org.isthmus.node.bootstrap.exchange;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.isthmus.node.wire.SharedSecret;

/**
 * Both sides of the rendezvous against arbitrary bytes, before and after the hello: they end in a named error. As a
 * test it runs the corpus in {@code RendezvousFuzzTestInputs}.
 */
class RendezvousFuzzTest {
    private static final String JOB = "job";
    private static final int SIZE = 2;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final JobSecret SECRET = JobSecret.parse("0123456789abcdef".repeat(4));
    private static final int NONCE_AT = Long.BYTES + Integer.BYTES;

    private static RendezvousStream stream(Function<byte[], byte[]> script) throws IOException {
        return new RendezvousStream(new ScriptedSocket(script), Deadline.in(TIMEOUT));
    }

    private static void serve(Function<byte[], byte[]> script, boolean proven) throws IOException {
        try (RendezvousServer server = RendezvousServer.open(List.of(), SECRET, JOB, SIZE, TIMEOUT)) {
            server.serve(stream(script));
            if (server.isMember(0) != proven || server.isMember(1)) {
                throw new AssertionError(proven ? "was not admitted" : "was admitted without a proof");
            }
        }
    }

    @FuzzTest
    void helloOfAStranger(byte[] data) throws IOException {
        serve(said -> data, false);
    }

    /** Rank 0 proves itself, and then says these bytes. */
    @FuzzTest
    void messagesOfAProvenRank(byte[] data) throws IOException {
        serve(said -> {
            byte[] serverNonce = new byte[SharedSecret.NONCE_BYTES];
            ByteBuffer.wrap(said).get(NONCE_AT, serverNonce);
            RendezvousHello hello = new RendezvousHello(RendezvousHello.jobHash(JOB), 0, SIZE, 1, serverNonce,
                    new byte[SharedSecret.NONCE_BYTES]);
            return ByteBuffer.allocate(NONCE_AT + RendezvousHello.JOB_BYTES + 3 * Integer.BYTES
                    + SharedSecret.NONCE_BYTES + SharedSecret.PROOF_BYTES + data.length).putLong(RendezvousStream.MAGIC)
                    .putInt(RendezvousStream.VERSION).put(hello.job()).putInt(hello.rank()).putInt(hello.size())
                    .putInt(hello.attempt()).put(hello.clientNonce()).put(hello.clientProof(SECRET)).put(data).array();
        }, true);
    }

    @FuzzTest
    void welcomeOfAStranger(byte[] data) {
        try (RendezvousCaller caller = new RendezvousCaller(JOB, 0, SIZE)) {
            caller.greet(stream(said -> data), SECRET);
            throw new AssertionError("took a stranger for the rendezvous");
        } catch (ExchangeException e) {
            requireMessage(e);
        } catch (IOException e) {
            requireMessage(e);
        }
    }

    @FuzzTest
    void answersOfTheRendezvous(byte[] data) throws IOException {
        try {
            RendezvousExchange exchange = new RendezvousExchange(stream(said -> data), "rendezvous", 0, SIZE, TIMEOUT);
            exchange.put("key", new byte[] {1});
            exchange.fence();
            byte[] value = exchange.get(1, "key");
            if (value != null && value.length > data.length) {
                throw new AssertionError("a value of " + value.length + " bytes in " + data.length);
            }
        } catch (ExchangeException e) {
            requireMessage(e);
        }
    }

    private static void requireMessage(Exception e) {
        if (!(e instanceof EOFException) && (e.getMessage() == null || e.getMessage().isEmpty())) {
            throw new AssertionError("without a message", e);
        }
    }
}
