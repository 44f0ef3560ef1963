package org.isthmus.dist;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.isthmus.node.testing.TestHosts;

/**
 * Makes the network between two test hosts bad, and counts that it was: 1 % of the packets are lost and all are late;
 * one card goes and comes back; connections are reset.
 */
final class NetworkTrouble {
    private static final int MILLIS_WITHOUT_CARD = 1000;
    private static final Pattern NETEM_DROPPED = Pattern.compile("netem.*\\n.*dropped (\\d+)");
    private static final Pattern RULE_DROPPED = Pattern.compile("(?m)^\\s*(\\d+)\\s+\\d+\\s+DROP\\s");

    private final TestHosts hosts;
    private final boolean netem;
    private final Random random = new Random(1);

    NetworkTrouble(TestHosts hosts) throws Exception {
        this.hosts = hosts;
        this.netem = hosts.shape(1, 0, "delay", "5ms", "loss", "1%");
        for (int host = 1; host <= 2; host++) {
            for (int card = 0; card < TestHosts.CARDS; card++) {
                if (netem) {
                    hosts.shape(host, card, "delay", "5ms", "loss", "1%");
                } else {
                    // a full queue of this length takes 5 ms to go out
                    hosts.must(host, "tc", "qdisc", "replace", "dev", "nic" + card, "root", "tbf", "rate", "100mbit",
                            "burst", "16k", "limit", "64k");
                }
            }
            if (!netem) {
                hosts.must(host, "iptables", "-A", "INPUT", "-p", "tcp", "-m", "statistic", "--mode", "random",
                        "--probability", "0.01", "-j", "DROP");
            }
        }
    }

    String description() {
        return netem ? "1 % loss and 5 ms delay by netem"
                : "1 % loss by a firewall rule, up to 5 ms delay by a queue of 100 Mbit/s (this kernel has no netem)";
    }

    /** Packets that were lost up to now, without those of a card that is away. */
    long lost() throws Exception {
        long lost = 0;
        for (int host = 1; host <= 2; host++) {
            String report = netem ? hosts.must(host, "tc", "-s", "qdisc")
                    : hosts.must(host, "iptables", "-nvxL", "INPUT");
            for (Matcher found = (netem ? NETEM_DROPPED : RULE_DROPPED).matcher(report); found.find();) {
                lost += Long.parseLong(found.group(1));
            }
        }
        return lost;
    }

    /** Takes a card away and brings it back. */
    void loseCard() throws Exception {
        int host = 1 + random.nextInt(2);
        int card = random.nextInt(TestHosts.CARDS);
        hosts.link(host, card, false);
        Thread.sleep(MILLIS_WITHOUT_CARD);
        hosts.link(host, card, true);
        if (netem) {
            hosts.shape(host, card, "delay", "5ms", "loss", "1%");
        }
    }

    /** Resets connections between the nodes; how many. */
    int reset(List<ProcessHandle> multiplexers) throws Exception {
        int host = 1 + random.nextInt(2);
        List<String> ends = new ArrayList<>();
        for (String line : hosts.must(host, "ss", "-Htnp").lines().toList()) {
            if (multiplexers.stream().anyMatch(process -> line.contains("pid=" + process.pid() + ","))) {
                ends.add(line.strip().split("\\s+")[3]);
            }
        }
        int reset = 0;
        for (String end : ends) {
            if (random.nextBoolean()) {
                String killed = hosts.must(host, "ss", "-HtnK", "src", end);
                reset += killed.isBlank() ? 0 : 1;
            }
        }
        return reset;
    }
}
