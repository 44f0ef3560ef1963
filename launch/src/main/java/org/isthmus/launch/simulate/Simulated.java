package org.isthmus.launch.simulate;

/** Checks of what a simulation is given. */
final class Simulated {
    private Simulated() {}

    static void require(boolean holds, String name, Object value, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException(name + " = " + value + ": " + allowed + " is needed");
        }
    }
}
