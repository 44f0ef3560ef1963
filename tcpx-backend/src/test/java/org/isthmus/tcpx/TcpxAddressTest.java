package org.isthmus.tcpx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.isthmus.node.spi.EndpointAddress;
import org.junit.jupiter.api.Test;

class TcpxAddressTest {
    @Test
    void addressesComeBack() {
        List<InetSocketAddress> listeners =
                List.of(new InetSocketAddress("10.0.0.1", 1), new InetSocketAddress("::1", 65535));
        assertEquals(listeners, TcpxAddress.decode(EndpointAddress.parse(TcpxAddress.encode(listeners).text())));
    }

    @Test
    void mutatedBytesAreAnAddressOrAnError() {
        byte[] good = TcpxAddress.encode(List.of(new InetSocketAddress("10.0.0.1", 1), new InetSocketAddress("::1", 2)))
                .bytes();
        Random random = new Random(4);
        int refused = 0;
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = Arrays.copyOf(good, 1 + random.nextInt(good.length + 3));
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            EndpointAddress address = new EndpointAddress(TcpxBackend.NAME, bytes);
            try {
                assertEquals(address, TcpxAddress.encode(TcpxAddress.decode(address)));
            } catch (IllegalArgumentException e) {
                refused++;
            }
        }
        assertEquals(true, refused > 5_000 && refused < 10_000, "" + refused);
        assertThrows(IllegalArgumentException.class,
                () -> TcpxAddress.decode(new EndpointAddress("loopback", new byte[8])));
    }
}
