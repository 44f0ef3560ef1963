package org.isthmus.launch.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.isthmus.node.config.Settings;

/** Network cards that a job over several nodes would use. */
final class NetworkCheck implements Check {
    private static final int SMALL_MTU = 1500;
    private static final int FAST_MBITS = 10_000;

    @Override
    public List<Finding> look(Machine machine, Settings settings) throws IOException {
        List<Finding> findings = new ArrayList<>();
        for (NetworkInterface card : NetworkInterface.networkInterfaces().toList()) {
            List<InetAddress> addresses = card.inetAddresses()
                    .filter(address -> !address.isLinkLocalAddress()).toList();
            if (card.isUp() && !card.isLoopback() && !addresses.isEmpty()) {
                findings.add(look(machine, card.getName(), card.getMTU(), addresses));
            }
        }
        return findings.isEmpty() ? List.of(Finding.note("network", "no address but loopback",
                "jobs run on this node alone; bring a network card up for others")) : findings;
    }

    private static Finding look(Machine machine, String name, int mtu, List<InetAddress> addresses) {
        int speed = machine.read("/sys/class/net/" + name + "/speed").map(Integer::parseInt).orElse(-1);
        String subject = "network " + name;
        String found = addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "))
                + (speed > 0 ? ", " + speed + " Mbit/s" : "") + ", MTU " + mtu;
        return speed >= FAST_MBITS && mtu <= SMALL_MTU
                ? Finding.note(subject, found, "large messages cost more processor time than needed: use MTU 9000 on"
                        + " all cards and switches between the nodes")
                : Finding.ok(subject, found);
    }
}
