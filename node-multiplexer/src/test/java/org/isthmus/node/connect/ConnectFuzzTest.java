package org.isthmus.node.connect;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** What processes of other jobs say of themselves: a text is a card or the name of a port, or refused. */
class ConnectFuzzTest {
    @FuzzTest
    void card(byte[] data) {
        try {
            ProcessCard card = ProcessCard.parse(new String(data, StandardCharsets.UTF_8));
            if (!ProcessCard.parse(card.text()).equals(card)) {
                throw new AssertionError("read otherwise than written: " + card);
            }
        } catch (IllegalArgumentException e) {
            requireMessage(e);
        }
    }

    @FuzzTest
    void portName(byte[] data) {
        try {
            PortName.parse(new String(data, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            requireMessage(e);
        }
    }

    private static void requireMessage(IllegalArgumentException e) {
        if (e.getMessage() == null || e.getMessage().isEmpty()) {
            throw new AssertionError("without a message", e);
        }
    }
}
