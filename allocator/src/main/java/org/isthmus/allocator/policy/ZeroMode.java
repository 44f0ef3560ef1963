package org.isthmus.allocator.policy;

import java.util.List;

/** How much of a message block is cleared when it is handed out. Buffers of users are always cleared whole. */
public enum ZeroMode {
    /** Nothing: whoever takes the block writes it before anybody reads it. */
    NONE(0),
    /** The first cache line, where an envelope lies. */
    HEADER(64),
    /** All of it. */
    FULL(Integer.MAX_VALUE);

    /** In the order of the constants. */
    private static final List<String> NAMES = List.of("none", "header", "full");

    private final int bytes;

    ZeroMode(int bytes) {
        this.bytes = bytes;
    }

    /** The value for {@link HeapLimits#zeroBytes}. */
    public int bytes() {
        return bytes;
    }

    /** Names in the form that settings use. */
    public static List<String> names() {
        return NAMES;
    }

    /** The mode of a name. */
    public static ZeroMode of(String name) {
        int index = NAMES.indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException("zero mode \"" + name + "\": one of " + String.join(", ", NAMES)
                    + " is needed");
        }
        return values()[index];
    }
}
