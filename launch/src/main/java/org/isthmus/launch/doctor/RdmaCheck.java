package org.isthmus.launch.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.isthmus.node.config.Settings;

/** RDMA devices, whether this user may use them, and how much memory it may register. */
final class RdmaCheck implements Check {
    private static final String ACCESS = "/dev/infiniband";
    private static final long REGISTERED = 1L << 30;

    @Override
    public List<Finding> look(Machine machine, Settings settings) throws IOException {
        List<Finding> findings = new ArrayList<>();
        List<RdmaDevices.Port> ports = RdmaDevices.ports(machine);
        if (ports.isEmpty()) {
            return List.of(Finding.ok("rdma", "no device; nodes are joined by TCP"));
        }
        ports.forEach(port -> findings.add(port(port)));
        for (String file : machine.list(ACCESS)) {
            if (file.startsWith("uverbs") && !Files.isWritable(machine.path(ACCESS + "/" + file))) {
                findings.add(Finding.problem("rdma access", ACCESS + "/" + file + " cannot be written by this user",
                        "give it mode 0666 by a udev rule (package rdma-core has one), or add the user to its group"));
            }
        }
        if (machine.list(ACCESS).stream().noneMatch(file -> file.startsWith("uverbs"))) {
            findings.add(Finding.problem("rdma access", "no " + ACCESS + "/uverbs*",
                    "modprobe ib_uverbs; in a container, pass --device /dev/infiniband"));
        }
        machine.read("/proc/self/limits").ifPresent(limits -> findings.add(locked(LimitCheck.soft(limits,
                "Max locked memory"))));
        return findings;
    }

    private static Finding port(RdmaDevices.Port port) {
        String subject = "rdma " + port.device() + "/" + port.number();
        if (!port.isActive()) {
            return Finding.problem(subject, "state " + port.state(), "connect the cable, start the subnet manager"
                    + " (InfiniBand), or bring its network card up (RoCE): rdma link");
        }
        if (port.gids().isEmpty()) {
            return Finding.problem(subject, "active, but without a GID", "give its network card an IP address");
        }
        if (!port.linkLayer().equals("Ethernet")) {
            return Finding.ok(subject, "active");
        }
        return port.gids().stream().filter(RdmaDevices.Gid::isRouted).findFirst()
                .map(gid -> Finding.ok(subject, "active, RoCE v2 as " + gid.address() + " (GID " + gid.index() + ")"))
                .orElseGet(() -> Finding.problem(subject, "active, but of its " + port.gids().size()
                        + " GIDs none is of RoCE v2 with an address that others can reach",
                        "give its network card an IP address; rdma_cm finds the device by it"));
    }

    private static Finding locked(long bytes) {
        String subject = "locked memory";
        if (bytes >= REGISTERED) {
            return Finding.ok(subject, bytes == Long.MAX_VALUE ? "unlimited" : (bytes >> 20) + " MiB");
        }
        return Finding.problem(subject, (bytes >> 10) + " KiB, the segment must be locked for RDMA",
                "ulimit -l unlimited; for all logins: a line \"* - memlock unlimited\" in /etc/security/limits.conf");
    }
}
