package org.isthmus.launch.simulate;

import java.util.Arrays;

/** Ways to join the ranks of several nodes by queue pairs, and how many of them a node then holds. */
public enum Design {
    /** A reliable-connected queue pair for each pair of ranks. */
    ALL_PAIRS("all-pairs"),
    /** One for each rank and remote node. */
    PROCESS_TO_NODE("process-to-node"),
    /** Dynamically connected: eight initiators and a target for each rank. */
    DC("dc"),
    /** Unreliable datagrams: one queue pair for each rank. What makes them reliable is not simulated. */
    UD("ud"),
    /** Ours: the node's multiplexer, one queue pair for each shard and remote node. */
    SHARED("shared"),
    /** Ours with relays: nodes in a square, queue pairs within rows and columns, at most one node between. */
    TWO_LEVEL("two-level");

    /** Initiators of a rank in {@link #DC}. */
    static final int INITIATORS = 8;

    private final String text;

    Design(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    public boolean isMultiplexed() {
        return this == SHARED || this == TWO_LEVEL;
    }

    /** Queue pairs on one node. */
    public long queuePairs(int nodes, int ranks, int shards) {
        return switch (this) {
            case ALL_PAIRS -> (long) ranks * ranks * (nodes - 1);
            case PROCESS_TO_NODE -> (long) ranks * (nodes - 1);
            case DC -> (long) (INITIATORS + 1) * ranks;
            case UD -> ranks;
            case SHARED -> (long) shards * (nodes - 1);
            case TWO_LEVEL -> (long) shards * Grid.of(nodes).neighbours();
        };
    }

    /** The design of that name; {@link IllegalArgumentException} if there is none. */
    public static Design named(String text) {
        return Arrays.stream(values()).filter(design -> design.text.equals(text)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("one of " + String.join(", ",
                        Arrays.stream(values()).map(Design::text).toList()) + " is needed"));
    }
}
