package org.isthmus.rdma.backend;

import com.ibm.disni.verbs.RdmaProvider;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.isthmus.rdma.extension.DeviceAttributes;
import org.isthmus.rdma.extension.PortAttributes;
import org.isthmus.rdma.extension.ProviderFactory;
import org.isthmus.rdma.extension.VerbsExtension;
import org.isthmus.rdma.extension.VerbsProviders;

/** Which provider and which device's address an endpoint uses. Every refusal is one line that says what to do. */
final class DeviceChoice {
    private static final String AUTO = "auto";

    private DeviceChoice() {}

    /** The provider of that name, or with {@code auto} the first that opens; it is DiSNI's from now on. */
    static RdmaProvider provider(String name) throws IOException {
        List<String> names = new ArrayList<>();
        IOException last = null;
        for (ProviderFactory factory : ServiceLoader.load(ProviderFactory.class, DeviceChoice.class.getClassLoader())) {
            names.add(factory.name());
            if (name.equals(factory.name()) || name.equals(AUTO) && factory.isAutomatic()) {
                try {
                    RdmaProvider provider = factory.provider();
                    VerbsProviders.install(provider);
                    return provider;
                } catch (IOException e) {
                    last = e;
                }
            }
        }
        if (last != null) {
            throw last;
        }
        throw new IOException("no provider of verbs for isthmus.rdma.provider = " + name + ", there are " + names
                + ": choose one of them, or isthmus.backend=tcpx");
    }

    /** The address of the setting, or with {@code auto} the first of a port that is up. */
    static InetAddress address(VerbsExtension extension, String setting) throws IOException {
        if (!setting.equals(AUTO)) {
            return InetAddress.getByName(setting);
        }
        List<DeviceAttributes> devices = extension.devices();
        InetAddress other = null;
        for (DeviceAttributes device : devices) {
            for (PortAttributes port : device.ports()) {
                for (PortAttributes.Gid gid : port.active() ? port.gids() : List.<PortAttributes.Gid>of()) {
                    InetAddress address = InetAddress.getByName(gid.address());
                    if (address instanceof Inet4Address) {
                        return address;
                    } else if (!address.isLinkLocalAddress()) {
                        other = other == null ? address : other;
                    }
                }
            }
        }
        if (other != null) {
            return other;
        }
        throw new IOException(devices.isEmpty() ? "no RDMA device on this node: load its driver (`rdma link` lists"
                + " devices), or choose isthmus.backend=tcpx"
                : "no port of " + devices.stream().map(DeviceAttributes::name).toList()
                + " is up and has an IP address: give its network interface one, or choose isthmus.backend=tcpx");
    }
}
