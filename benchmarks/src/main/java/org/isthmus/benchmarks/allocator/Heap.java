package org.isthmus.benchmarks.allocator;

/**
 * What is measured: an allocator as one thread sees it. Blocks may go from one heap to
 * another of the same {@link HeapFamily}.
 * Calls on one heap come from one thread.
 */
interface Heap {
    /** Returned by {@link #allocate} when there is no block at the moment. */
    long NONE = 0;

    /** Takes a block of at least {@code bytes}; {@link #NONE} asks the caller to try again. */
    long allocate(int bytes);

    /** Gives back a block that this heap holds: allocated here and not handed over, or accepted. */
    void free(long handle);

    /** Says that a block allocated here goes to the heap of that index next. */
    default void handOver(long handle, int receiver) {}

    /** Takes over a block that was handed to this heap. */
    default void accept(long handle) {}

    /** Reads the first eight bytes of a block that was handed to this heap and gives it back. */
    default long consume(long handle) {
        accept(handle);
        long value = read(handle);
        free(handle);
        return value;
    }

    /** Gives a block back that was handed to this heap, without a look at it. */
    default void freeHandedOver(long handle) {
        accept(handle);
        free(handle);
    }

    /** Makes frees known that this heap has gathered for others. */
    default void flush() {}

    /** Writes the block's first eight bytes. */
    void write(long handle, long value);

    /** Reads them. */
    long read(long handle);

    /** Bytes that the block of a request of {@code bytes} takes. */
    long blockBytes(long handle, int bytes);
}
