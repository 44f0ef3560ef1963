package org.isthmus.node.bootstrap.exchange;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What launchers and other ranks answer during wire-up: arbitrary bytes end in a typed error, never in another one. */
class ExchangeFuzzTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @FuzzTest
    void addressesOfARendezvous(byte[] data) {
        try {
            Rendezvous.parse(new String(data, StandardCharsets.UTF_8));
        } catch (ExchangeException e) {
            requireMessage(e);
        }
    }

    @FuzzTest
    void answersOfPmi1(byte[] data) {
        enter(() -> Pmi1Exchange.inherited(stream(data), 0, 2, TIMEOUT));
    }

    @FuzzTest
    void answersOfPmi2(byte[] data) {
        enter(() -> new Pmi2Exchange(stream(data), "job", 0, TIMEOUT));
    }

    private static ScriptedStream stream(byte[] data) {
        return new ScriptedStream(new String(data, StandardCharsets.ISO_8859_1));
    }

    /** Makes an exchange. */
    private interface Entry {
        Exchange make();
    }

    private static void enter(Entry entry) {
        try {
            Exchange exchange = entry.make();
            exchange.put("key", new byte[] {1});
            exchange.fence();
            exchange.get(1, "key");
        } catch (ExchangeException e) {
            requireMessage(e);
        }
    }

    private static void requireMessage(ExchangeException e) {
        if (e.getMessage() == null || e.getMessage().isEmpty()) {
            throw new AssertionError("without a message", e);
        }
    }
}
