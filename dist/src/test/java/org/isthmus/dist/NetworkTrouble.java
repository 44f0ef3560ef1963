package org.isthmus.dist;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.isthmus.node.testing.SlowNetworks;
import org.isthmus.node.testing.TestHosts;

/**
 * Makes the network between two test hosts bad, and counts that it was: frames are late and some are lost; one card
 * goes and comes back; connections are reset.
 */
final class NetworkTrouble implements AutoCloseable {
    static final double DELAY_MILLIS = 5;
    static final double LOST_PERCENT = 1;
    private static final int MILLIS_WITHOUT_CARD = 1000;

    private final TestHosts hosts;
    private final int cards;
    private final SlowNetworks networks;
    private final Random random = new Random(1);
    private int cardsLost;
    private int resets;

    NetworkTrouble(TestHosts hosts, int cards) throws IOException {
        this.hosts = hosts;
        this.cards = cards;
        this.networks = SlowNetworks.of(hosts, DELAY_MILLIS, LOST_PERCENT);
    }

    int cardsLost() {
        return cardsLost;
    }

    /** Connections that were reset. */
    int resets() {
        return resets;
    }

    /** Takes a card away and brings it back. */
    void loseCard() throws Exception {
        int host = 1 + random.nextInt(2);
        int card = random.nextInt(cards);
        hosts.link(host, card, false);
        Thread.sleep(MILLIS_WITHOUT_CARD);
        hosts.link(host, card, true);
        cardsLost++;
    }

    /** Resets half of the connections between the nodes. */
    void reset(List<ProcessHandle> multiplexers) throws Exception {
        int host = 1 + random.nextInt(2);
        List<String> ends = new ArrayList<>();
        for (String line : hosts.must(host, "ss", "-Htnp").lines().toList()) {
            if (multiplexers.stream().anyMatch(process -> line.contains("pid=" + process.pid() + ","))) {
                ends.add(line.strip().split("\\s+")[3]);
            }
        }
        for (String end : ends) {
            if (random.nextBoolean()) {
                resets += hosts.must(host, "ss", "-HtnK", "src", end).isBlank() ? 0 : 1;
            }
        }
    }

    /** Ends the trouble; what became of the frames, without those of a card that was away. */
    SlowNetworks.Report end() throws IOException {
        return networks.end();
    }

    @Override
    public void close() throws IOException {
        networks.close();
    }
}
