package org.isthmus.node.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/** What a fuzzer drives: both sides of a hello against bytes that nobody with the secret has written. */
final class HelloFuzz {
    private static final JobIdentification JOB = new JobIdentification("j", new byte[32]);

    private HelloFuzz() {}

    /** A channel whose other side has said {@code bytes} and then closes. */
    private record Heard(ByteBuffer bytes) implements ByteChannel {
        @Override
        public int read(ByteBuffer to) {
            int count = Math.min(to.remaining(), bytes.remaining());
            to.put(to.position(), bytes, bytes.position(), count).position(to.position() + count);
            bytes.position(bytes.position() + count);
            return count == 0 ? -1 : count;
        }

        @Override
        public int write(ByteBuffer from) {
            int count = from.remaining();
            from.position(from.limit());
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // holds nothing
        }
    }

    static void accept(byte[] said) {
        try {
            Greeting greeting = new HelloExchange(new Heard(ByteBuffer.wrap(said)), JOB, "fuzzer")
                    .accept(4, 1, 55, g -> true);
            throw new AssertionError("accepted " + greeting);
        } catch (HelloException e) {
            require(e);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static void dial(byte[] answered) {
        try {
            new HelloExchange(new Heard(ByteBuffer.wrap(answered)), JOB, "fuzzer")
                    .dial(new Greeting(3, 4, 1, 2, 7, 99));
            throw new AssertionError("accepted a forged answer");
        } catch (HelloException e) {
            require(e);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void require(HelloException e) {
        if (e.reason() == null || e.getMessage().isEmpty()) {
            throw new AssertionError("without a cause", e);
        }
    }
}
