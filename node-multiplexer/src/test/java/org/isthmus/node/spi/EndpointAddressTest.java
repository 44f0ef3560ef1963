package org.isthmus.node.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointAddressTest {
    @Test
    void textFitsAKeyValueSpaceAndComesBack() {
        byte[] bytes = new byte[EndpointAddress.MAX_BYTES];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        EndpointAddress address = new EndpointAddress("tcpx", bytes);
        assertTrue(address.text().matches("[!-~&&[^\"';=]]{1,1023}"), address.text());
        assertEquals(address, EndpointAddress.parse(address.text()));
        assertArrayEquals(bytes, EndpointAddress.parse(address.text()).bytes());
    }

    @Test
    void anotherBackendsAddressIsRefused() {
        EndpointAddress address = new EndpointAddress("tcpx", new byte[1]);
        assertEquals(address, address.requireBackend("tcpx"));
        assertThrows(IllegalArgumentException.class, () -> address.requireBackend("loopback"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tcpx", "tcpx:", ":AAAA", "TCPX:AAAA", "tcpx:A", "tcpx:****", "tcpx:A A"})
    void malformedTextIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> EndpointAddress.parse(text));
    }
}
