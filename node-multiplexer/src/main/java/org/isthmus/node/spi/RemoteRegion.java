package org.isthmus.node.spi;

/**
 * Registered memory of another node, as {@link MemoryRegion#remote} of its owner describes it. It is for channels to
 * the endpoint that registered it, no other.
 *
 * @param address of its first byte; means something to the backend alone
 * @param bytes its length
 * @param key the permission to use it
 */
public record RemoteRegion(long address, long bytes, long key) {
    /** {@link IllegalArgumentException} unless {@code [offset, offset + length)} lies inside. */
    public void check(long offset, long length) {
        if (offset < 0 || length < 0 || offset > bytes - length) {
            throw new IllegalArgumentException("remote offset = " + offset + " with length " + length
                    + ": lies outside the peer's region of " + bytes + " bytes");
        }
    }

    /** As {@link #check}, for a word of 8 bytes, which must be aligned. */
    public void checkWord(long offset) {
        check(offset, Long.BYTES);
        if ((address + offset & Long.BYTES - 1) != 0) {
            throw new IllegalArgumentException("remote offset = " + offset
                    + ": atomic operations need a word that lies at a multiple of 8 bytes");
        }
    }
}
