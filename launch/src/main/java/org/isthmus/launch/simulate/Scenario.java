package org.isthmus.launch.simulate;

/**
 * One simulation.
 *
 * @param nodes of the job
 * @param ranks of each node
 * @param design how they are joined
 * @param shards of each multiplexer, each a thread with queue pairs of its own
 * @param nic of each node
 * @param bytes of a message
 * @param window messages of a rank under way
 * @param burst messages that a rank sends to one destination in a row
 * @param traffic who sends to whom
 * @param messages of each rank
 * @param holdMicros most time that a multiplexer holds a batch open
 * @param active most channels of a shard that may send at a time; 0: all
 * @param seed of all random choices
 * @param whole whether every node is simulated, not one with mirrors of itself around it
 * @param costs outside of the card
 */
public record Scenario(int nodes, int ranks, Design design, int shards, NicModel nic, int bytes, int window, int burst,
        Traffic.Pattern traffic, int messages, int holdMicros, int active, long seed, boolean whole, Costs costs) {
    public static final int MAX_NODES = 10_000;
    public static final int MAX_RANKS = 512;
    public static final int MAX_SHARDS = 16;
    public static final int MAX_BYTES = 2048;
    /** Ranks of a job up to which every node is simulated unless told otherwise. */
    static final int WHOLE_RANKS = 256;
    /** Messages that a node sends unless told otherwise. */
    private static final int NODE_MESSAGES = 200_000;
    private static final int LEAST_MESSAGES = 100;
    private static final int HOLD_MICROS = 10;

    public Scenario {
        Simulated.require(nodes >= 2 && nodes <= MAX_NODES, "nodes", nodes, "from 2 to " + MAX_NODES);
        Simulated.require(ranks >= 1 && ranks <= MAX_RANKS, "ranks", ranks, "from 1 to " + MAX_RANKS);
        Simulated.require(shards >= 1 && shards <= MAX_SHARDS, "shards", shards, "from 1 to " + MAX_SHARDS);
        Simulated.require(bytes >= Long.BYTES && bytes <= MAX_BYTES, "bytes", bytes, "from 8 to " + MAX_BYTES);
        Simulated.require(window >= 1, "window", window, "at least 1");
        Simulated.require(burst >= 1, "burst", burst, "at least 1");
        Simulated.require(messages >= 1, "messages", messages, "at least 1");
        Simulated.require(holdMicros >= 0 && holdMicros <= 1000, "holdMicros", holdMicros, "from 0 to 1000");
        Simulated.require(active >= 0, "active", active, "at least 0");
    }

    /** What is simulated when nothing else is said: messages of 8 bytes, uniform, 32 of each rank under way. */
    public static Scenario of(int nodes, int ranks, Design design, NicModel nic) {
        return new Scenario(nodes, ranks, design, 1, nic, 8, 32, 1, Traffic.Pattern.UNIFORM,
                Math.max(LEAST_MESSAGES, NODE_MESSAGES / ranks), HOLD_MICROS, 0, 1, nodes * ranks <= WHOLE_RANKS,
                Costs.PUBLISHED);
    }

    public Scenario withDesign(Design newDesign, int newShards) {
        return new Scenario(nodes, ranks, newDesign, newShards, nic, bytes, window, burst, traffic, messages,
                holdMicros, active, seed, whole, costs);
    }

    public Scenario withNic(NicModel newNic) {
        return new Scenario(nodes, ranks, design, shards, newNic, bytes, window, burst, traffic, messages, holdMicros,
                active, seed, whole, costs);
    }

    public Scenario withLoad(int newBytes, int newWindow, int newBurst, Traffic.Pattern newTraffic) {
        return new Scenario(nodes, ranks, design, shards, nic, newBytes, newWindow, newBurst, newTraffic, messages,
                holdMicros, active, seed, whole, costs);
    }

    public Scenario withBurst(int newBurst) {
        return withLoad(bytes, window, newBurst, traffic);
    }

    public Scenario withMessages(int newMessages) {
        return new Scenario(nodes, ranks, design, shards, nic, bytes, window, burst, traffic, newMessages, holdMicros,
                active, seed, whole, costs);
    }

    public Scenario withActive(int newActive) {
        return new Scenario(nodes, ranks, design, shards, nic, bytes, window, burst, traffic, messages, holdMicros,
                newActive, seed, whole, costs);
    }

    public Scenario withHoldMicros(int newHold) {
        return new Scenario(nodes, ranks, design, shards, nic, bytes, window, burst, traffic, messages, newHold, active,
                seed, whole, costs);
    }

    public Scenario withSeed(long newSeed) {
        return new Scenario(nodes, ranks, design, shards, nic, bytes, window, burst, traffic, messages, holdMicros,
                active, newSeed, whole, costs);
    }

    public Scenario withWhole(boolean newWhole) {
        return new Scenario(nodes, ranks, design, shards, nic, bytes, window, burst, traffic, messages, holdMicros,
                active, seed, newWhole, costs);
    }

    public Scenario withCosts(Costs newCosts) {
        return new Scenario(nodes, ranks, design, shards, nic, bytes, window, burst, traffic, messages, holdMicros,
                active, seed, whole, newCosts);
    }

    Grid grid() {
        return design == Design.TWO_LEVEL ? Grid.of(nodes) : Grid.flat(nodes);
    }

    public long queuePairs() {
        return design.queuePairs(nodes, ranks, shards);
    }

    /** Nodes that are simulated; the others are mirrors of the first. */
    int simulatedNodes() {
        return whole ? nodes : 1;
    }
}
