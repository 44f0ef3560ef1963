package org.isthmus.node.mux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.isthmus.node.endpoint.Bell;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BellPipeTest {
    @Test
    void eachPathLeadsToItsOwnPipe() throws Exception {
        try (BellPipe first = BellPipe.open(); BellPipe second = BellPipe.open()) {
            assertNotNull(first, "no list of open files here");
            assertNotEquals(first.path(), second.path());
            Bell bell = Bell.open(second.path()).orElseThrow();
            bell.ring();
            bell.ring();
            assertEquals(0, first.source().read(ByteBuffer.allocate(8)));
            assertNotEquals(first.descriptor(), second.descriptor());
            assertEquals(2, second.source().read(ByteBuffer.allocate(8)));
        }
    }

    @Test
    void aBellWhoseReaderHasEndedIsSilent() throws Exception {
        BellPipe pipe = BellPipe.open();
        Bell bell = Bell.open(pipe.path()).orElseThrow();
        pipe.close();
        bell.ring();
        bell.ring();
    }
}
