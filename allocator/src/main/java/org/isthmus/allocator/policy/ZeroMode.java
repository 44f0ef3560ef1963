package org.isthmus.allocator.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How much of a message block is cleared when it is handed out. Buffers of users are always cleared whole. */
public enum ZeroMode {
    /** Nothing: whoever takes the block writes it before anybody reads it. */
    NONE(0),
    /** The first cache line, where an envelope lies. */
    HEADER(64),
    /** All of it. */
    FULL(Integer.MAX_VALUE);

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
        return Arrays.stream(values()).map(mode -> mode.name().toLowerCase(Locale.ROOT)).toList();
    }

    /** The mode of a name. */
    public static ZeroMode of(String name) {
        return Arrays.stream(values()).filter(mode -> mode.name().equalsIgnoreCase(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("zero mode \"" + name + "\": one of "
                        + String.join(", ", names()) + " is needed"));
    }
}
