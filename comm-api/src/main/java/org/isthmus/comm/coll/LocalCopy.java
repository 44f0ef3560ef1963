package org.isthmus.comm.coll;

import java.lang.foreign.MemorySegment;
import org.isthmus.comm.datatype.Packer;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/** A message from a rank to itself: copies between two buffers of this process as a send and a receive would. */
final class LocalCopy {
    private LocalCopy() {}

    /** @throws CommException {@code TRUNCATE} when the source has more bytes than the destination has room for. */
    static void copy(Buffer source, int sourceCount, TypeMap sourceType, Buffer target, int targetCount,
            TypeMap targetType) {
        long bytes = sourceCount * sourceType.size();
        long room = targetCount * targetType.size();
        if (bytes > room) {
            throw new CommException(ErrorClass.TRUNCATE, "this rank's own part has " + bytes + " bytes, its receive "
                    + "buffer has room for " + room + "; give send and receive the same amount of data");
        }
        if (bytes == 0) {
            return;
        }
        MemorySegment from = sourceType.isContiguous() ? segmentOf(source.base()) : null;
        MemorySegment to = targetType.isContiguous() ? segmentOf(target.base()) : null;
        if (from != null) {
            Packer.unpack(from, source.offset(), target.base(), target.offset(), targetCount, targetType, 0, bytes);
        } else if (to != null) {
            Packer.pack(source.base(), source.offset(), sourceCount, sourceType, 0, to, target.offset(), bytes);
        } else {
            MemorySegment packed = TemporaryBuffers.ofProcess().take(bytes);
            Packer.pack(source.base(), source.offset(), sourceCount, sourceType, 0, packed, 0, bytes);
            Packer.unpack(packed, 0, target.base(), target.offset(), targetCount, targetType, 0, bytes);
            TemporaryBuffers.ofProcess().give(packed);
        }
    }

    private static MemorySegment segmentOf(Object base) {
        return switch (base) {
            case MemorySegment s -> s;
            case byte[] a -> MemorySegment.ofArray(a);
            case int[] a -> MemorySegment.ofArray(a);
            case long[] a -> MemorySegment.ofArray(a);
            case float[] a -> MemorySegment.ofArray(a);
            case double[] a -> MemorySegment.ofArray(a);
            case short[] a -> MemorySegment.ofArray(a);
            case char[] a -> MemorySegment.ofArray(a);
            default -> null;
        };
    }
}
