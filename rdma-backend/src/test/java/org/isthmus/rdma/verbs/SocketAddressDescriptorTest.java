package org.isthmus.rdma.verbs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SocketAddressDescriptorTest {
    private final MemorySegment struct = MemorySegment.ofArray(new long[4]).asSlice(0, SocketAddressDescriptor.BYTES);

    @Test
    void writesIpv4() throws UnknownHostException {
        SocketAddressDescriptor.write(struct, new InetSocketAddress(InetAddress.getByName("10.0.2.15"), 0x1234));
        assertArrayEquals(new byte[] {2, 0, 0x12, 0x34, 10, 0, 2, 15},
                Arrays.copyOf(struct.toArray(ValueLayout.JAVA_BYTE), 8));
    }

    @Test
    void writesIpv6() throws UnknownHostException {
        SocketAddressDescriptor.write(struct, new InetSocketAddress(InetAddress.getByName("fd00::1"), 65535));
        assertArrayEquals(new byte[] {10, 0, (byte) 0xff, (byte) 0xff, 0, 0, 0, 0, (byte) 0xfd, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0}, struct.toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void readsWhatItWrote() throws UnknownHostException {
        for (String host : new String[] {"192.168.255.1", "fd00::abcd"}) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(host), 50000);
            SocketAddressDescriptor.write(struct, address);
            assertEquals(address, SocketAddressDescriptor.read(struct));
        }
    }

    @Test
    void unsetAddressIsNull() throws UnknownHostException {
        assertNull(SocketAddressDescriptor.read(struct));
    }

    @Test
    void unresolvedHostIsNamed() {
        assertEquals("no-such-host.invalid has no IP address: check its spelling and the resolver",
                assertThrows(UnknownHostException.class, () -> SocketAddressDescriptor.write(struct,
                        InetSocketAddress.createUnresolved("no-such-host.invalid", 1))).getMessage());
    }
}
