package org.isthmus.node.wire;

/**
 * The keys of one connection, one for each direction, known to the two sides of its hello alone.
 *
 * @param outgoing of what this side sends
 * @param incoming of what it receives
 */
public record SessionKeys(byte[] outgoing, byte[] incoming) {
    /** Hides the keys. */
    @Override
    public String toString() {
        return "SessionKeys(hidden)";
    }
}
