package org.isthmus.allocator.segment;

/** The file system under the segment has no room for more pages; nothing was lost and the segment is intact. */
public final class SegmentFullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SegmentFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
