package org.isthmus.node.bootstrap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ControlMessageTest {
    private static ControlMessage decode(ByteBuffer frame) {
        int length = frame.getInt();
        byte type = frame.get();
        assertEquals(length, frame.remaining());
        return ControlMessage.decode(type, frame);
    }

    @Test
    void helloKeepsEveryField() {
        byte[] hash = JobDirectory.hash("job");
        ControlMessage.Hello sent = new ControlMessage.Hello(1, 2, hash, 3, 4, 5, 1L << 40,
                ProcessorSet.ofStatus(List.of("Cpus_allowed_list:\t1,66-70")));
        ControlMessage.Hello read = assertInstanceOf(ControlMessage.Hello.class, decode(sent.encode()));
        assertArrayEquals(hash, read.jobHash());
        assertEquals(sent.toString().replaceAll("jobHash=[^,]*", ""), read.toString().replaceAll("jobHash=[^,]*", ""));
    }

    @Test
    void textsAreKeptOrCutToWhatOneMessageHolds() {
        ControlMessage.Failed failed = new ControlMessage.Failed(3, 7, "no memory: größer");
        assertEquals(failed, decode(failed.encode()));
        assertEquals(new ControlMessage.Refused("why"), decode(new ControlMessage.Refused("why").encode()));
        ByteBuffer longest = new ControlMessage.Failed(3, 7, "x".repeat(2 * ControlMessage.MAX_BODY)).encode();
        assertEquals(ControlMessage.MAX_TEXT + 8, longest.getInt());
    }

    @Test
    void goSaysHowManyProcessorsThereAre() {
        assertEquals(new ControlMessage.Go(96), decode(new ControlMessage.Go(96).encode()));
    }

    @Test
    void deathsNameTheLocalRank() {
        assertEquals(new ControlMessage.Dead(9), decode(new ControlMessage.Dead(9).encode()));
    }

    @Test
    void lossesAndMembersKeepEveryField() {
        ControlMessage.Lost lost = new ControlMessage.Lost(3, "killed");
        assertEquals(lost, decode(lost.encode()));
        long[] pids = {1, 1L << 40};
        assertArrayEquals(pids, assertInstanceOf(ControlMessage.Members.class,
                decode(new ControlMessage.Members(pids).encode())).pids());
    }

    @ParameterizedTest
    @EnumSource
    void signalsHaveNoBody(ControlMessage.Signal signal) {
        assertEquals(signal, decode(signal.encode()));
    }

    @Test
    void whatIsNoMessageIsRefused() {
        for (int type = -128; type < 128; type++) {
            byte b = (byte) type;
            if (type != ControlMessage.Refused.TYPE) {
                assertThrows(IllegalArgumentException.class, () -> ControlMessage.decode(b, ByteBuffer.allocate(3)));
            }
        }
    }
}
