package org.isthmus.node.bootstrap;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;

/** Control messages of a node: arbitrary bytes are a message that encodes to the same type, or refused. */
class ControlFuzzTest {
    @FuzzTest
    void controlMessage(byte[] data) {
        if (data.length == 0 || data.length > ControlMessage.MAX_BODY) {
            return;
        }
        try {
            ControlMessage message = ControlMessage.decode(data[0], ByteBuffer.wrap(data, 1, data.length - 1).slice());
            if (message.encode().get(Integer.BYTES) != data[0]) {
                throw new AssertionError("another type: " + message);
            }
        } catch (IllegalArgumentException e) {
            if (!e.getMessage().contains("is not known")) {
                throw e;
            }
        }
    }
}
