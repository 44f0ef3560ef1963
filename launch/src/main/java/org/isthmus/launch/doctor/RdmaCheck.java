package org.isthmus.launch.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.isthmus.node.config.Settings;

/** RDMA devices, whether this user may use them, and how much memory it may register. */
final class RdmaCheck implements Check {
    private static final String DEVICES = "/sys/class/infiniband";
    private static final String ACCESS = "/dev/infiniband";
    private static final long REGISTERED = 1L << 30;

    @Override
    public List<Finding> look(Machine machine, Settings settings) throws IOException {
        List<Finding> findings = new ArrayList<>();
        List<String> devices = machine.list(DEVICES);
        if (devices.isEmpty()) {
            return List.of(Finding.ok("rdma", "no device; nodes are joined by TCP"));
        }
        for (String device : devices) {
            for (String port : machine.list(DEVICES + "/" + device + "/ports")) {
                findings.add(port(machine, device, port));
            }
        }
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

    private static Finding port(Machine machine, String device, String port) {
        String at = DEVICES + "/" + device + "/ports/" + port + "/";
        String state = machine.read(at + "state").orElse("unknown");
        String subject = "rdma " + device + "/" + port;
        if (!state.endsWith("ACTIVE")) {
            return Finding.problem(subject, "state " + state, "connect the cable, start the subnet manager (InfiniBand), or"
                    + " bring its network card up (RoCE): rdma link");
        }
        String gid = machine.read(at + "gids/0").orElse("");
        return gid.isEmpty() || gid.replace(":", "").replace("0", "").isEmpty()
                ? Finding.problem(subject, "active, but without a GID", "give its network card an IP address")
                : Finding.ok(subject, "active");
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
