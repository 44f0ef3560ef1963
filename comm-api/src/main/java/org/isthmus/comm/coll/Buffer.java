package org.isthmus.comm.coll;

/**
 * Where the elements of a step begin: a primitive array or {@code MemorySegment}, and an offset in bytes (the origin of
 * the first element, which its type's lower bound may shift).
 */
public record Buffer(Object base, long offset) {
    /** The place {@code bytes} further on. */
    public Buffer at(long bytes) {
        return new Buffer(base, offset + bytes);
    }
}
