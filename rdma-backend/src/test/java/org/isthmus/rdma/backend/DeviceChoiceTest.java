package org.isthmus.rdma.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.util.List;
import org.isthmus.rdma.extension.DeviceAttributes;
import org.isthmus.rdma.extension.PortAttributes;
import org.isthmus.rdma.extension.PortAttributes.Gid;
import org.isthmus.rdma.extension.VerbsExtension;
import org.junit.jupiter.api.Test;

/** Which addresses of which ports become rails. */
class DeviceChoiceTest {
    private static PortAttributes port(int number, boolean active, Gid... gids) {
        return new PortAttributes(number, active, 1024, 0, true, List.of(gids));
    }

    private static DeviceAttributes device(String name, PortAttributes... ports) {
        return new DeviceAttributes(name, 1, 1, 1, 1, 1, 1, 1, 1, 1, true, true, List.of(ports));
    }

    private static VerbsExtension with(DeviceAttributes... devices) {
        return (VerbsExtension) Proxy.newProxyInstance(DeviceChoiceTest.class.getClassLoader(),
                new Class<?>[] {VerbsExtension.class}, (proxy, method, arguments) -> List.of(devices));
    }

    private static List<String> rails(String setting, DeviceAttributes... devices) throws IOException {
        return DeviceChoice.rails(with(devices), setting).stream().map(InetAddress::getHostAddress).toList();
    }

    @Test
    void eachActivePortGivesOneAddressRouteableOnesFirst() throws IOException {
        assertEquals(List.of("10.0.0.1", "10.1.0.1", "fd00:0:0:0:0:0:0:1"), rails("auto",
                device("a", port(1, true, new Gid(0, "fd00::1", "RoCE v2"))),
                device("b", port(1, true, new Gid(0, "fe80::1", "IB/RoCE v1"),
                        new Gid(1, "::ffff:10.0.0.9", "IB/RoCE v1"),
                        new Gid(2, "fd00::2", "RoCE v2"), new Gid(3, "::ffff:10.0.0.1", "RoCE v2"))),
                device("c", port(1, false, new Gid(0, "::ffff:10.9.0.1", "RoCE v2")),
                        port(2, true, new Gid(0, "::ffff:10.1.0.1", "RoCE v2")))));
    }

    @Test
    void shardsTakeTheRailsInTurn() throws IOException {
        for (int shard = 0; shard < 5; shard++) {
            assertEquals("10." + shard % 2 + ".0.1",
                    DeviceChoice.address(with(), "10.0.0.1, 10.1.0.1", shard).getHostAddress());
        }
    }

    @Test
    void withoutAnAddressOrADeviceItIsSaid() {
        assertTrue(assertThrows(IOException.class, () -> rails("auto")).getMessage().contains("no RDMA device"));
        String message = assertThrows(IOException.class,
                () -> rails("auto", device("a", port(1, true, new Gid(0, "fe80::1", "RoCE v2"))))).getMessage();
        assertTrue(message.contains("no port of [a]"), message);
    }
}
