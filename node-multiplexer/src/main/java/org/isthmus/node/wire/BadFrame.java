package org.isthmus.node.wire;

/** What can be wrong with a frame from the wire. Each closes the link it came by, and is counted. */
public enum BadFrame {
    MAGIC("does not begin with the magic number: the stream is out of step, or no peer of ours sends it"),
    VERSION("is of another version of the wire format: all nodes need the same isthmus.jar"),
    CHECKSUM("has a wrong header checksum: bytes were changed on the way"),
    TYPE("is of an unknown type"),
    LENGTH("has a body length out of range"),
    SEQUENCE("has a sequence number that does not follow the one before"),
    ACKNOWLEDGED("acknowledges what was never sent"),
    CREDITS("has credits out of range"),
    BODY("has a body that its type does not allow"),
    SEAL("was changed, left out or repeated on the way: its authentication tag is wrong");

    private final String meaning;

    BadFrame(String meaning) {
        this.meaning = meaning;
    }

    /** Completes "a frame from node n ...". */
    public String meaning() {
        return meaning;
    }
}
