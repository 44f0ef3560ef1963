package org.isthmus.rdma.backend;

import com.ibm.disni.verbs.RdmaProvider;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.isthmus.rdma.extension.DeviceAttributes;
import org.isthmus.rdma.extension.PortAttributes;
import org.isthmus.rdma.extension.ProviderFactory;
import org.isthmus.rdma.extension.VerbsExtension;
import org.isthmus.rdma.extension.VerbsProviders;

/** Which provider and which device's address an endpoint uses. Every refusal is one line that says what to do. */
final class DeviceChoice {
    private static final String AUTO = "auto";
    private static final String ROUTED = "RoCE v2";

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

    /** The address that a shard uses: shards take the rails in turn. */
    static InetAddress address(VerbsExtension extension, String setting, int shard) throws IOException {
        List<InetAddress> rails = rails(extension, setting);
        return rails.get(shard % rails.size());
    }

    /** The addresses of the setting, or with {@code auto} one of each port that is up, those of IPv4 first. */
    static List<InetAddress> rails(VerbsExtension extension, String setting) throws IOException {
        List<InetAddress> rails = new ArrayList<>();
        if (!setting.equals(AUTO)) {
            for (String address : setting.split(",")) {
                rails.add(InetAddress.getByName(address.strip()));
            }
            return rails;
        }
        List<DeviceAttributes> devices = extension.devices();
        devices.stream().flatMap(device -> device.ports().stream()).filter(PortAttributes::active)
                .forEach(port -> best(port).ifPresent(rails::add));
        rails.sort(Comparator.comparing(address -> !(address instanceof Inet4Address)));
        if (rails.isEmpty()) {
            throw new IOException(devices.isEmpty() ? "no RDMA device on this node: load its driver (`rdma link` lists"
                    + " devices), or choose isthmus.backend=tcpx"
                    : "no port of " + devices.stream().map(DeviceAttributes::name).toList()
                    + " is up and has an IP address: give its network interface one, or choose isthmus.backend=tcpx");
        }
        return rails;
    }

    /** The port's address: RoCE v2 before v1, which no router passes on; IPv4 before IPv6. */
    private static Optional<InetAddress> best(PortAttributes port) {
        return port.gids().stream().filter(gid -> isUsable(address(gid)))
                .min(Comparator.comparing((PortAttributes.Gid gid) -> !gid.type().equals(ROUTED))
                        .thenComparing(gid -> !(address(gid) instanceof Inet4Address)))
                .map(DeviceChoice::address);
    }

    private static boolean isUsable(InetAddress address) {
        return address instanceof Inet4Address || !address.isLinkLocalAddress();
    }

    private static InetAddress address(PortAttributes.Gid gid) {
        try {
            return InetAddress.getByName(gid.address());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("GID " + gid.index() + " is no address: " + gid.address(), e);
        }
    }
}
