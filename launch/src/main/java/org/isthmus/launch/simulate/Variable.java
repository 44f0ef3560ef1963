package org.isthmus.launch.simulate;

import java.util.Arrays;
import java.util.Locale;

/** What can be varied over a series of simulations. */
public enum Variable {
    NODES("nodes"), RANKS("ranks of a node"), CACHE("contexts that the card holds"), MISS("ns of a miss"),
    BURST("messages to one destination in a row"), WINDOW("messages of a rank under way"),
    ACTIVE("channels of a shard that may send at a time"), BYTES("bytes of a message");

    private final String axis;

    Variable(String axis) {
        this.axis = axis;
    }

    String axis() {
        return axis;
    }

    /** Its name in the command. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The variable of that name; {@link IllegalArgumentException} if there is none. */
    public static Variable named(String text) {
        return Arrays.stream(values()).filter(variable -> variable.text().equals(text)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("one of " + String.join(", ",
                        Arrays.stream(values()).map(Variable::text).toList()) + " is needed"));
    }

    int valueIn(Scenario scenario) {
        return switch (this) {
            case NODES -> scenario.nodes();
            case RANKS -> scenario.ranks();
            case CACHE -> scenario.nic().contexts();
            case MISS -> (int) Math.round(scenario.nic().missNanos());
            case BURST -> scenario.burst();
            case WINDOW -> scenario.window();
            case ACTIVE -> scenario.active();
            case BYTES -> scenario.bytes();
        };
    }

    /**
     * The scenario with another value; {@link IllegalArgumentException} if that is out of range. Nodes and ranks are
     * not to be changed this way, since defaults depend on them.
     */
    public Scenario apply(Scenario scenario, int value) {
        return switch (this) {
            case NODES, RANKS -> throw new IllegalArgumentException(text() + " needs a scenario of its own");
            case CACHE -> scenario.withNic(scenario.nic().withContexts(value));
            case MISS -> scenario.withNic(scenario.nic().withMissNanos(value));
            case BURST -> scenario.withBurst(value);
            case WINDOW -> scenario.withLoad(scenario.bytes(), value, scenario.burst(), scenario.traffic());
            case ACTIVE -> scenario.withActive(value);
            case BYTES -> scenario.withLoad(value, scenario.window(), scenario.burst(), scenario.traffic());
        };
    }
}
