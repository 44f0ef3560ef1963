package org.isthmus.comm.rma;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The bytes of a request. */
class RequestMessageTest {
    @Test
    void bytes() {
        RequestMessage message = new RequestMessage(2).kind(RequestMessage.Kind.GET_ACCUMULATE).operation(9)
                .displacement(0x0102030405060708L).position(0x1112131415161718L).elements(0x21222324, 0x31323334)
                .reply(0x41424344).length(0x51525354).exclusive(true).queued(true);
        message.array()[RequestMessage.HEADER] = 0x61;
        assertArrayEquals(HexFormat.of().parseHex("04000000" + "09000000" + "0807060504030201" + "1817161514131211"
                + "24232221" + "34333231" + "44434241" + "54535251" + "01000000" + "01000000" + "6100"),
                message.array());
    }

    @Test
    void readsWhatWasWritten() {
        RequestMessage message = new RequestMessage(0).kind(RequestMessage.Kind.LOCK).operation(3)
                .displacement(1L << 40).position(1L << 41).elements(5, 6).reply(7).length(8).exclusive(true);
        assertEquals(RequestMessage.Kind.LOCK.ordinal(), message.kind());
        assertEquals(3, message.operation());
        assertEquals(1L << 40, message.displacement());
        assertEquals(1L << 41, message.position());
        assertEquals(5, message.count());
        assertEquals(6, message.type());
        assertEquals(7, message.reply());
        assertEquals(8, message.length());
        assertTrue(message.isExclusive());
        assertFalse(message.isQueued());
    }

    @Test
    void kindsKeepTheirNumbers() {
        assertEquals("[TYPE, PUT, GET, ACCUMULATE, GET_ACCUMULATE, COMPARE_AND_SWAP, FLUSH, LOCK, UNLOCK]",
                Arrays.toString(RequestMessage.Kind.values()));
    }
}
