package org.isthmus.comm.buffer;

import java.lang.foreign.MemorySegment;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/**
 * Turns what a user passes as a message buffer into the engine's pair of base and byte offset, and checks it.
 *
 * <ul>
 *   <li>a primitive array is its own base; its element type must be the datatype's base, or what a struct consists of
 *       alone; any type but boolean after {@link #takeAnyArray};</li>
 *   <li>a direct NIO buffer in the node's data segment: that segment and the buffer's offset in it; any other one: a
 *       segment over its memory. Position and limit are ignored, any class goes with any datatype. Displacements below
 *       0 reach earlier elements where the buffer is a slice made by {@code MPI.slice};</li>
 *   <li>a heap NIO buffer: its array and array offset; displacements below 0 reach the array's earlier elements;</li>
 *   <li>a {@code MemorySegment}: itself;</li>
 *   <li>a direct buffer or native segment in memory of a device: its {@link DeviceBuffer};</li>
 *   <li>null: for messages without bytes only.</li>
 * </ul>
 *
 * <p>{@link #base} is called first and checks; {@link #offset} completes the pair. Neither allocates for a buffer that
 * was used before. Any thread. Errors: {@code ERR_BUFFER}, {@code ERR_TYPE}.
 */
public final class UserBuffer {
    /** Base of a message without a buffer. */
    private static final byte[] NOTHING = new byte[0];

    private static volatile DirectBuffers direct = new DirectBuffers(MemorySegment.NULL);
    private static volatile boolean anyArray;
    /** Null unless memory of devices is in use: then nothing of it is loaded. */
    private static volatile DeviceMemory devices;

    private UserBuffer() {}

    /** Sets the node's data segment, once, before the first message. */
    public static void useMemory(MemorySegment memory) {
        direct = direct.over(memory);
    }

    /** Sets where devices' memory is, null for nowhere; before the first message. */
    public static void useDevices(DeviceMemory memory) {
        devices = memory;
    }

    /** Whether a base is a {@link DeviceBuffer}. */
    public static boolean isOnDevice(Object base) {
        return devices != null && base instanceof DeviceBuffer;
    }

    /** Sets whether an array of another type than the datatype's counts as its bytes; false: it is an error. */
    public static void takeAnyArray(boolean any) {
        anyArray = any;
    }

    /**
     * Tells that {@code slice} is {@code whole} from element {@code skipped} on, both direct: a message may then begin
     * before the slice. Any thread, any time.
     */
    public static void noteSlice(Buffer slice, Buffer whole, int skipped) {
        direct.noteSlice(slice, whole, (long) skipped * elementBytes(whole));
    }

    /** The base of {@code count} elements of {@code type} at the start of {@code buffer}, for reading. */
    public static Object sendBase(Object buffer, String name, long count, TypeMap type) {
        return base(buffer, name, false, type, start(count, type), end(count, type));
    }

    /** The same for writing. */
    public static Object recvBase(Object buffer, String name, long count, TypeMap type) {
        return base(buffer, name, true, type, start(count, type), end(count, type));
    }

    /** As {@link #sendBase}, for one-sided operations and files, which do not reach memory of devices. */
    public static Object hostSendBase(Object buffer, String name, long count, TypeMap type) {
        return onHost(sendBase(buffer, name, count, type), name);
    }

    /** The same for writing. */
    public static Object hostRecvBase(Object buffer, String name, long count, TypeMap type) {
        return onHost(recvBase(buffer, name, count, type), name);
    }

    /** A base, if it does not lie in memory of a device; {@code name} is for the message. */
    public static Object onHost(Object base, String name) {
        if (isOnDevice(base)) {
            throw new CommException(ErrorClass.BUFFER, name + " lies in memory of a CUDA device, which one-sided "
                    + "operations and files do not reach: copy it to memory of the host first");
        }
        return base;
    }

    /** Lowest byte that {@code count} elements of {@code type} occupy, from the buffer's start. */
    public static long start(long count, TypeMap type) {
        return isEmpty(count, type) ? 0 : type.trueLowerBound() + Math.min(0, (count - 1) * type.extent());
    }

    /** One past the highest byte. */
    public static long end(long count, TypeMap type) {
        return isEmpty(count, type) ? 0
                : type.trueLowerBound() + type.trueExtent() + Math.max(0, (count - 1) * type.extent());
    }

    private static boolean isEmpty(long count, TypeMap type) {
        return count == 0 || type.size() == 0;
    }

    /**
     * The base of a message that occupies bytes {@code [start, end)} of {@code buffer}.
     *
     * @param name what the API calls this argument, for messages
     * @param writable whether the message is to be stored there
     */
    public static Object base(Object buffer, String name, boolean writable, TypeMap type, long start, long end) {
        Object base;
        long available;
        long before = 0;
        if (buffer instanceof Buffer nio && nio.hasArray()) {
            base = arrayOf(nio, type);
            before = (long) nio.arrayOffset() * elementBytes(nio);
            available = (long) nio.capacity() * elementBytes(nio);
        } else if (buffer instanceof Buffer nio) {
            DirectBuffers known = direct;
            DirectBuffers.Place place = place(known, nio, name, writable);
            if (writable && place.readOnly) {
                throw readOnly(nio, name);
            }
            base = onDevice(known.base(place, nio));
            before = place.before;
            available = place.bytes;
        } else if (buffer instanceof MemorySegment segment) {
            base = segmentBase(segment, name, writable);
            available = segment.byteSize();
        } else if (buffer == null) {
            base = NOTHING;
            available = 0;
            if (end > 0) {
                throw new CommException(ErrorClass.BUFFER, name + " is null, but the message has data up to byte " + end
                        + "; only a message of count 0 may have no buffer");
            }
        } else {
            available = arrayBytes(buffer, name, type);
            boolean fits = buffer.getClass() == type.base().arrayClass() && type.isElementAligned();
            base = fits ? buffer : heapSegment(buffer);
        }
        if (start < -before || end > available) {
            throw tooSmall(buffer, name, before, start, end, available);
        }
        return base;
    }

    /** Offset in bytes of the buffer's start in the base that {@link #base} gave. */
    public static long offset(Object buffer) {
        if (buffer instanceof Buffer nio) {
            return nio.hasArray() ? (long) nio.arrayOffset() * elementBytes(nio) : direct.offset(nio);
        }
        if (buffer instanceof MemorySegment segment && segment.isNative()) {
            return Math.max(0, direct.offsetInMemory(segment));
        }
        return 0;
    }

    /**
     * The base to send from when a blocking call may have one array as both of its buffers: then a copy of the array.
     * MPI forbids that, but programs written for a binding that copies arrays do it.
     *
     * @param same whether the program passed the same object for both
     */
    public static Object apart(Object sendBase, Object recvBase, boolean same) {
        if (!same || sendBase != recvBase) {
            return sendBase;
        }
        return switch (sendBase) {
            case byte[] a -> a.clone();
            case char[] a -> a.clone();
            case short[] a -> a.clone();
            case boolean[] a -> a.clone();
            case int[] a -> a.clone();
            case float[] a -> a.clone();
            case long[] a -> a.clone();
            case double[] a -> a.clone();
            case null, default -> sendBase;
        };
    }

    /** The same base as a segment, so that it can be copied at any byte. */
    public static MemorySegment bytes(Object base) {
        return base instanceof MemorySegment segment ? segment : heapSegment(base);
    }

    private static Object arrayOf(Buffer nio, TypeMap type) {
        Object array = nio.array();
        boolean fits = array.getClass() == type.base().arrayClass() && type.isElementAligned();
        return fits ? array : heapSegment(array);
    }

    private static DirectBuffers.Place place(DirectBuffers known, Buffer nio, String name, boolean writable) {
        try {
            return known.place(nio, name);
        } catch (IllegalArgumentException e) {
            throw writable && nio.isReadOnly() ? readOnly(nio, name) : new CommException(ErrorClass.BUFFER, name
                    + " is a " + nio.getClass().getName()
                    + " without memory of its own: use an array, a direct buffer or one that wraps an array", e);
        }
    }

    private static Object segmentBase(MemorySegment segment, String name, boolean writable) {
        if (writable && segment.isReadOnly()) {
            throw readOnly(segment, name);
        }
        if (!segment.scope().isAlive()) {
            throw new CommException(ErrorClass.BUFFER, name + " is a MemorySegment whose arena is closed");
        }
        if (direct.offsetInMemory(segment) >= 0) {
            return direct.memory();
        }
        ConfinedMemory.check(segment, name);
        return onDevice(segment);
    }

    /** The device's buffer if the segment stands for one, else the segment. */
    private static Object onDevice(MemorySegment segment) {
        DeviceMemory known = devices;
        if (known == null || !segment.isNative() || segment == direct.memory()) {
            return segment;
        }
        DeviceBuffer buffer = known.find(segment);
        return buffer == null ? segment : buffer;
    }

    private static long arrayBytes(Object array, String name, TypeMap type) {
        if (array.getClass() != type.base().arrayClass()
                && (type.element() == null || array.getClass() != type.element().base().arrayClass())
                && !(anyArray && isPrimitiveArray(array) && !(array instanceof boolean[]))) {
            throw wrongArray(array, name, type.base());
        }
        return Primitive.byteSize(array);
    }

    /** Bytes of an element of {@code nio}. */
    public static int elementBytes(Buffer nio) {
        return switch (nio) {
            case ByteBuffer b -> 1;
            case CharBuffer b -> 2;
            case ShortBuffer b -> 2;
            case IntBuffer b -> 4;
            case FloatBuffer b -> 4;
            case LongBuffer b -> 8;
            case DoubleBuffer b -> 8;
            default -> throw new IllegalArgumentException(nio.getClass().getName());
        };
    }

    /** The whole of a primitive array (not boolean) as bytes. */
    private static MemorySegment heapSegment(Object array) {
        return switch (array) {
            case byte[] a -> MemorySegment.ofArray(a);
            case char[] a -> MemorySegment.ofArray(a);
            case short[] a -> MemorySegment.ofArray(a);
            case int[] a -> MemorySegment.ofArray(a);
            case float[] a -> MemorySegment.ofArray(a);
            case long[] a -> MemorySegment.ofArray(a);
            case double[] a -> MemorySegment.ofArray(a);
            default -> throw new IllegalArgumentException(array.getClass().getName());
        };
    }

    private static CommException wrongArray(Object array, String name, Primitive element) {
        if (!isPrimitiveArray(array)) {
            return new CommException(ErrorClass.BUFFER, name + " is a " + array.getClass().getTypeName()
                    + ": pass an array of a primitive type, an NIO buffer or a MemorySegment");
        }
        return new CommException(ErrorClass.TYPE, name + " is a " + array.getClass().getTypeName()
                + ", but the datatype's elements are of type " + element.name() + ": pass a "
                + element.arrayClass().getTypeName() + " or an NIO buffer, or run with isthmus.array.types=any");
    }

    private static boolean isPrimitiveArray(Object object) {
        return object.getClass().isArray() && object.getClass().getComponentType().isPrimitive();
    }

    private static CommException readOnly(Object buffer, String name) {
        return new CommException(ErrorClass.BUFFER,
                name + " is read-only (" + buffer.getClass().getSimpleName() + "), but data is to be stored in it");
    }

    private static CommException tooSmall(Object buffer, String name, long before, long start, long end,
            long available) {
        String kind = buffer == null ? "null" : buffer.getClass().getSimpleName();
        String where = start < -before ? "begins " + -start + " bytes before it"
                + (before == 0 ? "" : " (there are " + before + ")") + "; shift the datatype or use displacements >= 0"
                : "needs " + end + " bytes; reduce the count or enlarge the buffer";
        return new CommException(ErrorClass.BUFFER,
                name + " (" + kind + ") has " + available + " bytes, but the message " + where);
    }
}
