package org.isthmus.node.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;

/**
 * Decoders against arbitrary bytes. As a test it runs the corpus in {@code WireFuzzTestInputs}; with
 * {@code JAZZER_FUZZ=1} and one method chosen it searches for more.
 */
class WireFuzzTest {
    private static final int MAX_LENGTH = 1 << 16;
    private static final long MAX_ACKNOWLEDGED = 1000;

    @FuzzTest
    void frameHeader(byte[] data) {
        if (data.length < FrameDescriptor.HEADER_BYTES) {
            return;
        }
        ByteBuffer buffer = ByteBuffer.wrap(data);
        FrameFlyweight frame = new FrameFlyweight().wrap(buffer, 0);
        if (frame.check(MAX_LENGTH, MAX_ACKNOWLEDGED) == null && (frame.length() < 0 || frame.length() > MAX_LENGTH
                || frame.sequence() < 0 || frame.acknowledged() > MAX_ACKNOWLEDGED || frame.credits() < 0)) {
            throw new AssertionError("passed: " + frame);
        }
    }

    @FuzzTest
    void helloOfADialler(byte[] data) {
        HelloFuzz.accept(data);
    }

    @FuzzTest
    void answerOfAnAcceptor(byte[] data) {
        HelloFuzz.dial(data);
    }
}
