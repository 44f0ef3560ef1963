package org.isthmus.launch.simulate;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/** To whom one rank sends, as seen from its node: always a rank of another node. */
public final class Traffic {
    /** Who sends to whom. */
    public enum Pattern {
        /** Each rank of the other nodes is as likely. */
        UNIFORM,
        /** All ranks of the other nodes in turn, as a naive all-to-all does. */
        SWEEP,
        /** Ranks of the eight nodes next in number, each as likely. */
        NEIGHBOURS;

        /** The pattern of that name; {@link IllegalArgumentException} if there is none. */
        public static Pattern named(String text) {
            return Arrays.stream(values()).filter(pattern -> pattern.text().equals(text)).findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("one of "
                            + String.join(", ", Arrays.stream(values()).map(Pattern::text).toList()) + " is needed"));
        }

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int NEIGHBOURS = 8;

    private final Scenario scenario;
    private final SplittableRandom random;
    private final int places;
    private int left;
    private int next;

    /** @param stream number of the rank, so that ranks choose independently */
    Traffic(Scenario scenario, long stream) {
        this.scenario = scenario;
        this.random = new SplittableRandom(scenario.seed() * 1_000_003 + stream);
        int nodes = scenario.traffic() == Pattern.NEIGHBOURS ? Math.min(NEIGHBOURS, scenario.nodes() - 1)
                : scenario.nodes() - 1;
        this.places = nodes * scenario.ranks();
        this.next = (int) (stream % scenario.ranks());
    }

    /** Chooses the destination of the next message: (relative node) * ranks + place, the relative node from 1. */
    int next() {
        if (left == 0) {
            left = scenario.burst();
            next = scenario.traffic() == Pattern.SWEEP ? (next + 1) % places : random.nextInt(places);
        }
        left--;
        return scenario.ranks() + next;
    }
}
