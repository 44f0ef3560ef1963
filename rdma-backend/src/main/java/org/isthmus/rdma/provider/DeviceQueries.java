package org.isthmus.rdma.provider;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.isthmus.rdma.extension.DeviceAttributes;
import org.isthmus.rdma.extension.PortAttributes;
import org.isthmus.rdma.verbs.DeviceAttributesDescriptor;
import org.isthmus.rdma.verbs.PortAttributesDescriptor;
import org.isthmus.rdma.verbs.VerbsNative;

/** Limits of devices, states of ports, tables of GIDs. Any thread. */
final class DeviceQueries {
    private static final Path SYSFS = Path.of("/sys/class/infiniband");
    private static final ValueLayout.OfLong BIG_ENDIAN_LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int GID_BYTES = 16;

    private DeviceQueries() {}

    static List<DeviceAttributes> all() throws IOException {
        List<DeviceAttributes> found = new ArrayList<>();
        try (VerbsNative.DeviceList list = new VerbsNative.DeviceList()) {
            for (VerbsNative.Device device : list.devices()) {
                long context = VerbsNative.openDevice(device);
                try {
                    found.add(device(device.name(), context));
                } finally {
                    VerbsNative.closeDevice(context);
                }
            }
        }
        return found;
    }

    static DeviceAttributes device(String name, long context) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment struct = arena.allocate(DeviceAttributesDescriptor.LAYOUT);
            VerbsNative.queryDevice(context, struct);
            List<PortAttributes> ports = new ArrayList<>();
            int count = struct.get(ValueLayout.JAVA_BYTE, DeviceAttributesDescriptor.PHYS_PORT_CNT_OFFSET) & 0xff;
            for (int port = 1; port <= count; port++) {
                ports.add(port(name, context, port));
            }
            return new DeviceAttributes(name,
                    struct.get(BIG_ENDIAN_LONG, DeviceAttributesDescriptor.NODE_GUID_OFFSET),
                    number(struct, DeviceAttributesDescriptor.MAX_QP_OFFSET),
                    number(struct, DeviceAttributesDescriptor.MAX_QP_WR_OFFSET),
                    number(struct, DeviceAttributesDescriptor.MAX_SGE_OFFSET),
                    number(struct, DeviceAttributesDescriptor.MAX_CQE_OFFSET),
                    number(struct, DeviceAttributesDescriptor.MAX_MR_OFFSET),
                    struct.get(ValueLayout.JAVA_LONG, DeviceAttributesDescriptor.MAX_MR_SIZE_OFFSET),
                    number(struct, DeviceAttributesDescriptor.MAX_SRQ_OFFSET) == 0 ? 0
                            : number(struct, DeviceAttributesDescriptor.MAX_SRQ_WR_OFFSET),
                    number(struct, DeviceAttributesDescriptor.MAX_QP_RD_ATOM_OFFSET),
                    number(struct, DeviceAttributesDescriptor.ATOMIC_CAP_OFFSET)
                    != DeviceAttributesDescriptor.NO_ATOMICS,
                    number(struct, DeviceAttributesDescriptor.ATOMIC_CAP_OFFSET)
                    == DeviceAttributesDescriptor.GLOBAL_ATOMICS, ports);
        }
    }

    private static PortAttributes port(String name, long context, int port) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment struct = arena.allocate(PortAttributesDescriptor.LAYOUT);
            VerbsNative.queryPort(context, port, struct);
            List<PortAttributes.Gid> gids = new ArrayList<>();
            MemorySegment gid = arena.allocate(GID_BYTES, Long.BYTES);
            for (int index = 0; index < number(struct, PortAttributesDescriptor.GID_TBL_LEN_OFFSET); index++) {
                String type = gidType(name, port, index);
                if (type.isEmpty()) {
                    continue; // the kernel has no type for an empty entry
                }
                VerbsNative.queryGid(context, port, index, gid);
                gids.add(new PortAttributes.Gid(index, text(gid.toArray(ValueLayout.JAVA_BYTE)), type));
            }
            return new PortAttributes(port,
                    number(struct, PortAttributesDescriptor.STATE_OFFSET) == PortAttributesDescriptor.ACTIVE,
                    128 << number(struct, PortAttributesDescriptor.ACTIVE_MTU_OFFSET),
                    struct.get(ValueLayout.JAVA_SHORT, PortAttributesDescriptor.LID_OFFSET) & 0xffff,
                    struct.get(ValueLayout.JAVA_BYTE, PortAttributesDescriptor.LINK_LAYER_OFFSET)
                            == PortAttributesDescriptor.ETHERNET, gids);
        }
    }

    private static int number(MemorySegment struct, long offset) {
        return struct.get(ValueLayout.JAVA_INT, offset);
    }

    private static String gidType(String device, int port, int index) {
        Path file = SYSFS.resolve(device).resolve("ports/" + port + "/gid_attrs/types/" + index);
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return ""; // reading the type of an empty entry fails with EINVAL
        }
    }

    private static String text(byte[] gid) throws IOException {
        InetAddress address = InetAddress.getByAddress(gid);
        return address instanceof Inet4Address ? "::ffff:" + address.getHostAddress() : address.getHostAddress();
    }
}
