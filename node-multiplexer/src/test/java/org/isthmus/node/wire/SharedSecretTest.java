package org.isthmus.node.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Proofs, derived keys, and the keys that the two sides of a hello have afterwards. */
@Timeout(60)
class SharedSecretTest {
    private static final byte[] BYTES = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final SharedSecret secret = new SharedSecret(BYTES);

    private static byte[] hmac(byte[] key, byte[] message) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(message);
    }

    @Test
    void keysAreThoseOfHkdf() throws Exception {
        byte[] salt = {1, 2, 3};
        byte[] extracted = hmac(salt, BYTES);
        byte[] expanded = hmac(extracted, new byte[] {'x', 'y', 1});
        assertArrayEquals(expanded, secret.deriveKey("xy", salt));
    }

    @Test
    void proofsAreThoseOfHmac() throws Exception {
        for (int length : new int[] {32, 64, 65, 200}) {
            byte[] key = new byte[length];
            Arrays.fill(key, (byte) length);
            assertArrayEquals(hmac(key, new byte[] {0, 0, 0, 2, 'x', 'y', 1, 2, 3}),
                    new SharedSecret(key).proof("xy", new byte[] {1, 2}, new byte[] {3}),
                    "key of " + length + " bytes");
        }
    }

    @Test
    void labelsAndPartsCannotBeTakenForEachOther() {
        assertTrue(SharedSecret.same(secret.proof("ab", new byte[] {'c'}), secret.proof("ab", new byte[] {'c'})));
        assertFalse(SharedSecret.same(secret.proof("ab", new byte[] {'c'}), secret.proof("a", new byte[] {'b', 'c'})));
        assertFalse(SharedSecret.same(secret.proof("ab"), new SharedSecret(new byte[32]).proof("ab")));
    }

    @Test
    void shortSecretsAreRefusedAndNothingIsPrinted() {
        String message = assertThrows(IllegalArgumentException.class, () -> new SharedSecret(new byte[31]))
                .getMessage();
        assertTrue(message.contains("31") && message.contains("32"), message);
        assertEquals("SessionKeys(hidden)", new SessionKeys(BYTES, BYTES).toString());
    }

    private static SessionKeys[] hello(int purpose, int wanted) throws Exception {
        JobIdentification job = new JobIdentification("j", BYTES);
        try (SocketPair sockets = SocketPair.open()) {
            CompletableFuture<SessionKeys> accepted = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                HelloExchange hello = new HelloExchange(sockets.acceptor(), job, "d").forPurpose(wanted);
                try {
                    hello.accept(1, 0, 0, greeting -> true);
                    accepted.complete(hello.keys());
                } catch (IOException e) {
                    accepted.completeExceptionally(e);
                }
            });
            HelloExchange hello = new HelloExchange(sockets.dialler(), job, "a");
            try {
                hello.dial(new Greeting(0, 1, 0, purpose, 0, 5));
            } catch (HelloException e) {
                assertEquals(e.reason(), ((HelloException) assertThrows(ExecutionException.class, accepted::get)
                        .getCause()).reason());
                throw e;
            }
            return new SessionKeys[] {hello.keys(), accepted.get()};
        }
    }

    @Test
    void bothSidesOfAHelloHaveTheSameFreshKeys() throws Exception {
        SessionKeys[] first = hello(1, 1);
        assertArrayEquals(first[0].outgoing(), first[1].incoming());
        assertArrayEquals(first[0].incoming(), first[1].outgoing());
        assertFalse(Arrays.equals(first[0].outgoing(), first[0].incoming()));
        assertFalse(Arrays.equals(first[0].outgoing(), hello(1, 1)[0].outgoing()));
    }

    @Test
    void anotherPurposeIsRefusedForGood() {
        HelloException e = assertThrows(HelloException.class, () -> hello(0, 1));
        assertEquals(HelloException.Cause.OTHER_PURPOSE, e.reason());
        assertFalse(e.reason().isTransient());
    }
}
