package org.isthmus.node.endpoint;

/** Says from which rings an endpoint takes records. Called by {@link RankEndpoint#poll}, on its thread. */
public interface LaneGate {
    /** Whether the next record of the ring from the place {@code source} may be taken; asked before each. */
    boolean isOpen(int source);
}
