package org.isthmus.launch.doctor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Ports of RDMA devices as the kernel shows them in sysfs: no library and no permission needed. */
public final class RdmaDevices {
    private static final String ROOT = "/sys/class/infiniband";
    /** How the kernel writes an empty entry of a table of GIDs. */
    private static final String NO_GID = "0000:0000:0000:0000:0000:0000:0000:0000";
    /** The kernel answers EINVAL where an attribute has no value. */
    private static final String UNKNOWN = "unknown";

    private RdmaDevices() {}

    /**
     * An address of a port.
     *
     * @param type such as {@code RoCE v2}
     * @param network the network card that it is of, RoCE only
     */
    public record Gid(int index, String address, String type, String network) {
        /** Whether a packet with this address can cross a router, and fits RoCE of both ends by default. */
        boolean isRouted() {
            return type.equals("RoCE v2") && !address.startsWith("fe80:");
        }
    }

    /**
     * A port of a device.
     *
     * @param state in lower case, such as {@code active}
     * @param linkLayer {@code Ethernet} or {@code InfiniBand}
     * @param gids those that are set
     */
    public record Port(String device, String number, String state, String linkLayer, String rate, List<Gid> gids) {
        boolean isActive() {
            return state.equals("active");
        }

        /** A line, followed by a line for each GID. */
        List<String> lines() {
            List<String> lines = new ArrayList<>();
            lines.add(device + " port " + number + ": " + state + ", " + linkLayer + ", " + rate);
            gids.forEach(gid ->
                    lines.add("  gid " + gid.index + " " + gid.address + " " + gid.type + " on " + gid.network));
            return lines;
        }
    }

    /** What this machine has, in lines for people; one line that says so if there is no device. */
    public static List<String> lines() throws IOException {
        return lines(new Machine(Path.of("/")));
    }

    static List<String> lines(Machine machine) throws IOException {
        List<String> lines = ports(machine).stream().flatMap(port -> port.lines().stream()).toList();
        return lines.isEmpty() ? List.of("no device") : lines;
    }

    /** All ports, by device and number; empty if there is no device. */
    static List<Port> ports(Machine machine) throws IOException {
        List<Port> ports = new ArrayList<>();
        for (String device : names(machine, ROOT)) {
            for (String number : names(machine, ROOT + "/" + device + "/ports")) {
                String at = ROOT + "/" + device + "/ports/" + number + "/";
                String state = text(machine, at + "state"); // "4: ACTIVE"
                ports.add(new Port(device, number,
                        state.substring(state.indexOf(':') + 1).strip().toLowerCase(Locale.ROOT),
                        text(machine, at + "link_layer"), text(machine, at + "rate"), gids(machine, at)));
            }
        }
        return ports;
    }

    private static List<Gid> gids(Machine machine, String port) throws IOException {
        List<Gid> gids = new ArrayList<>();
        for (String index : names(machine, port + "gids")) {
            String address = text(machine, port + "gids/" + index);
            if (!address.equals(NO_GID) && !address.equals(UNKNOWN)) {
                gids.add(new Gid(Integer.parseInt(index), address, text(machine, port + "gid_attrs/types/" + index),
                        text(machine, port + "gid_attrs/ndevs/" + index)));
            }
        }
        return gids;
    }

    /** In the order of their names, numbers as numbers. */
    private static List<String> names(Machine machine, String directory) throws IOException {
        return machine.list(directory).stream()
                .sorted(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder())).toList();
    }

    private static String text(Machine machine, String file) {
        return machine.read(file).filter(text -> !text.isEmpty()).orElse(UNKNOWN);
    }
}
