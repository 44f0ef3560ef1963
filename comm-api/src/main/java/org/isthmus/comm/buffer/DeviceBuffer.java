package org.isthmus.comm.buffer;

import java.lang.foreign.MemorySegment;
import org.isthmus.comm.datatype.TypeMap;

/**
 * The base of a message whose bytes lie in memory of a device, which the host cannot touch: it copies them itself, in
 * the order of the calls for each direction. Offsets, positions and lengths are in bytes, as in
 * {@link org.isthmus.comm.datatype.Packer}. Any thread; errors are {@code CommException}s that name the device's call.
 *
 * <p>A copy that was begun has a ticket, which is given up by the call that finds it done. Until then its host memory
 * must stay as it is.
 */
public abstract class DeviceBuffer {
    /** Packs a slice of the stream of elements of {@code type} at {@code offset}; on return it is there. */
    public abstract void pack(long offset, TypeMap type, long position, MemorySegment dst, long dstOffset,
            long length);

    /** The reverse of {@link #pack}; bytes of gaps are left alone. */
    public abstract void unpack(MemorySegment src, long srcOffset, long offset, TypeMap type, long position,
            long length);

    /** Begins to {@link #pack} into native memory; the ticket. */
    public abstract long beginPack(long offset, TypeMap type, long position, MemorySegment dst, long dstOffset,
            long length);

    /** Begins to {@link #unpack} from native memory; the ticket. */
    public abstract long beginUnpack(MemorySegment src, long srcOffset, long offset, TypeMap type, long position,
            long length);

    /** Whether that copy is done; then the ticket is gone. */
    public abstract boolean isDone(long ticket);

    /** Waits for that copy; the ticket is gone. */
    public abstract void await(long ticket);

    /** Copies bytes from another buffer, if the devices do that among themselves; false if nothing was done. */
    public abstract boolean copyFrom(DeviceBuffer source, long sourceOffset, long offset, long length);
}
