package org.isthmus.launch.doctor;

import java.util.List;
import org.isthmus.node.config.Settings;

/** Listeners get their ports from the kernel's range, which firewalls between nodes must let through. */
final class PortCheck implements Check {
    private static final String SUBJECT = "ports";
    private static final int FEW = 4096;

    @Override
    public List<Finding> look(Machine machine, Settings settings) {
        return machine.read("/proc/sys/net/ipv4/ip_local_port_range").map(text -> {
            String[] words = text.split("\\s+");
            int ports = Integer.parseInt(words[1]) - Integer.parseInt(words[0]) + 1;
            String found = "listeners take one of " + words[0] + " to " + words[1]
                    + "; firewalls between the nodes must let them through";
            return List.of(ports >= FEW ? Finding.ok(SUBJECT, found) : Finding.note(SUBJECT, found,
                    "few for many nodes: sysctl net.ipv4.ip_local_port_range=\"32768 60999\""));
        }).orElse(List.of());
    }
}
