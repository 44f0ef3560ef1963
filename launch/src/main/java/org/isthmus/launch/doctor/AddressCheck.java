package org.isthmus.launch.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.isthmus.node.config.Settings;

/** Whether this node has the addresses that tcpx is to use, and each card a network of its own. */
final class AddressCheck implements Check {
    private static final String SUBJECT = "tcpx addresses";

    @Override
    public List<Finding> look(Machine machine, Settings settings) throws IOException {
        String text = settings.get(Settings.TCPX_ADDRESSES);
        if (text.equals("auto")) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        Map<InetAddress, String> cards = new HashMap<>();
        for (String word : text.split(",")) {
            InetAddress address = InetAddress.getByName(word);
            NetworkInterface card = NetworkInterface.getByInetAddress(address);
            if (card == null && !address.isLoopbackAddress()) {
                findings.add(Finding.problem(SUBJECT, "no card of this node has " + word,
                        "set isthmus.tcpx.addresses to addresses of this node (ip -brief address), of the"
                        + " range that joins the nodes"));
            } else if (card != null && !address.isLoopbackAddress()) {
                InetAddress network = network(card, address);
                String other = cards.put(network, card.getName());
                if (other != null && !other.equals(card.getName())) {
                    findings.add(Finding.note(SUBJECT, other + " and " + card.getName() + " are both in the network of "
                            + network.getHostAddress(), "the kernel may send all through one of them: give each card a"
                            + " network of its own, or rules by source address (ip rule)"));
                }
            }
        }
        return findings.isEmpty() ? List.of(Finding.ok(SUBJECT, text)) : findings;
    }

    private static InetAddress network(NetworkInterface card, InetAddress address) throws IOException {
        byte[] bytes = address.getAddress();
        for (InterfaceAddress candidate : card.getInterfaceAddresses()) {
            if (candidate.getAddress().equals(address)) {
                for (int bit = candidate.getNetworkPrefixLength(); bit < 8 * bytes.length; bit++) {
                    bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
                }
            }
        }
        return InetAddress.getByAddress(bytes);
    }
}
