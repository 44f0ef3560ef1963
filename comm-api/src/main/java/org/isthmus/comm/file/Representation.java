package org.isthmus.comm.file;

import java.nio.ByteOrder;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/**
 * How numbers look in the file (MPI 3.1, section 13.5). Java's types have the same sizes in all of them, so offsets do
 * not change: {@code external32} is big-endian order, nothing else.
 */
public enum Representation {
    /** As in memory. */
    NATIVE("native"),
    /** One for all machines that run this implementation: as in memory. */
    INTERNAL("internal"),
    /** Big-endian (section 13.5.2). */
    EXTERNAL32("external32");

    private final String text;

    Representation(String text) {
        this.text = text;
    }

    /** @throws CommException {@code UNSUPPORTED_DATAREP}. */
    public static Representation of(String name) {
        for (Representation one : values()) {
            if (one.text.equals(name)) {
                return one;
            }
        }
        throw new CommException(ErrorClass.UNSUPPORTED_DATAREP, "datarep is " + (name == null ? "null" : "\"" + name
                + "\"") + "; it must be \"native\", \"internal\" or \"external32\"");
    }

    /** Whether numbers have to be turned around on their way. */
    boolean converts() {
        return this == EXTERNAL32 && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    }
}
