package org.isthmus.rdma.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.isthmus.node.spi.EndpointAddress;
import org.junit.jupiter.api.Test;

class RdmaAddressTest {
    @Test
    void addressesOfBothKindsComeBack() throws Exception {
        for (String text : new String[] {"10.1.2.3", "fd00::7"}) {
            InetSocketAddress listener = new InetSocketAddress(InetAddress.getByName(text), 54_321);
            EndpointAddress address = RdmaAddress.encode(listener);
            assertEquals(listener, RdmaAddress.decode(EndpointAddress.parse(address.text())));
        }
    }

    @Test
    void othersAreRefused() {
        byte[][] all = {{4, 1, 2, 3}, {5, 1, 2, 3, 4, 5, 0, 0}, {4, 1, 2, 3, 4, 0, 0, 0}, {0}};
        for (byte[] bytes : all) {
            EndpointAddress address = new EndpointAddress(RdmaBackend.NAME, bytes);
            assertThrows(IllegalArgumentException.class, () -> RdmaAddress.decode(address));
        }
        assertThrows(IllegalArgumentException.class,
                () -> RdmaAddress.decode(new EndpointAddress("tcpx", new byte[] {4, 1, 2, 3, 4, 0, 0})));
    }
}
