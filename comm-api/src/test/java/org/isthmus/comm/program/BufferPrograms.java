package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;
import static org.isthmus.comm.program.Verify.that;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Array;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import mpi.Comm;
import mpi.Datatype;
import mpi.MPI;
import mpi.MPIException;

/** Everything that can be a message buffer. */
final class BufferPrograms {
    private BufferPrograms() {}

    private static void shift(Object out, Object in, int count, Datatype type) throws MPIException {
        Comm w = MPI.COMM_WORLD;
        int size = w.getSize();
        w.sendRecv(out, count, type, (w.getRank() + 1) % size, 0, in, count, type, (w.getRank() + size - 1) % size, 0);
    }

    private static void set(Object array, int i, int value) {
        switch (array) {
            case byte[] a -> a[i] = (byte) value;
            case char[] a -> a[i] = (char) value;
            case short[] a -> a[i] = (short) value;
            case boolean[] a -> a[i] = value % 3 == 0;
            case int[] a -> a[i] = value * 65_537;
            case long[] a -> a[i] = value * 0x100000001L;
            case float[] a -> a[i] = value * 0.5f;
            case double[] a -> a[i] = value * 0.25;
            default -> throw new IllegalArgumentException();
        }
    }

    @Program
    static void arraysOfEveryType() throws MPIException {
        Class<?>[] types = {byte.class, char.class, short.class, boolean.class, int.class, long.class, float.class,
            double.class};
        Datatype[] datatypes = {MPI.BYTE, MPI.CHAR, MPI.SHORT, MPI.BOOLEAN, MPI.INT, MPI.LONG, MPI.FLOAT, MPI.DOUBLE};
        int previous = (MPI.COMM_WORLD.getRank() + MPI.COMM_WORLD.getSize() - 1) % MPI.COMM_WORLD.getSize();
        for (int t = 0; t < types.length; t++) {
            for (int count : new int[] {1, 5, 1000, 70_000}) {
                Object out = Array.newInstance(types[t], count);
                Object expected = Array.newInstance(types[t], count);
                for (int i = 0; i < count; i++) {
                    set(out, i, i + MPI.COMM_WORLD.getRank());
                    set(expected, i, i + previous);
                }
                Object in = Array.newInstance(types[t], count);
                shift(out, in, count, datatypes[t]);
                equal(expected, in, types[t] + " " + count);
            }
        }
    }

    @Program
    static void everyNioBuffer() throws MPIException {
        int count = 3000;
        int rank = MPI.COMM_WORLD.getRank();
        int previous = (rank + MPI.COMM_WORLD.getSize() - 1) % MPI.COMM_WORLD.getSize();
        Buffer[][] outs = buffers(count);
        Buffer[][] ins = buffers(count);
        Datatype[] types = {MPI.BYTE, MPI.CHAR, MPI.SHORT, MPI.INT, MPI.LONG, MPI.FLOAT, MPI.DOUBLE};
        for (int t = 0; t < types.length; t++) {
            for (int kind = 0; kind < outs[t].length; kind++) {
                Buffer in = ins[t][(kind + 1) % outs[t].length];
                for (int i = 0; i < count; i++) {
                    put(outs[t][kind], i, i % 100 + rank);
                    put(in, i, 0);
                }
                shift(outs[t][kind], in, count, types[t]);
                for (int i = 0; i < count; i++) {
                    equal(i % 100 + previous, get(in, i), in.getClass() + " " + i);
                }
            }
        }
    }

    private static Buffer[][] buffers(int n) {
        ByteOrder order = ByteOrder.nativeOrder();
        return new Buffer[][] {
            {ByteBuffer.allocateDirect(n), MPI.newByteBuffer(n), ByteBuffer.allocate(n),
                MPI.slice(new byte[n + 3], 3), MPI.slice(ByteBuffer.allocateDirect(n + 3), 3)},
            {ByteBuffer.allocateDirect(2 * n).order(order).asCharBuffer(), MPI.newCharBuffer(n),
                java.nio.CharBuffer.allocate(n), MPI.slice(new char[n + 3], 3), MPI.slice(MPI.newCharBuffer(n + 3), 3)},
            {ByteBuffer.allocateDirect(2 * n).order(order).asShortBuffer(), MPI.newShortBuffer(n),
                java.nio.ShortBuffer.allocate(n), MPI.slice(new short[n + 3], 3),
                MPI.slice(MPI.newShortBuffer(n + 3), 3)},
            {ByteBuffer.allocateDirect(4 * n).order(order).asIntBuffer(), MPI.newIntBuffer(n), IntBuffer.allocate(n),
                MPI.slice(new int[n + 3], 3), MPI.slice(MPI.newIntBuffer(n + 3), 3)},
            {ByteBuffer.allocateDirect(8 * n).order(order).asLongBuffer(), MPI.newLongBuffer(n),
                java.nio.LongBuffer.allocate(n), MPI.slice(new long[n + 3], 3), MPI.slice(MPI.newLongBuffer(n + 3), 3)},
            {ByteBuffer.allocateDirect(4 * n).order(order).asFloatBuffer(), MPI.newFloatBuffer(n),
                java.nio.FloatBuffer.allocate(n), MPI.slice(new float[n + 3], 3),
                MPI.slice(MPI.newFloatBuffer(n + 3), 3)},
            {ByteBuffer.allocateDirect(8 * n).order(order).asDoubleBuffer(), MPI.newDoubleBuffer(n),
                DoubleBuffer.allocate(n), MPI.slice(new double[n + 3], 3), MPI.slice(MPI.newDoubleBuffer(n + 3), 3)}};
    }

    private static void put(Buffer buffer, int i, int value) {
        switch (buffer) {
            case ByteBuffer b -> b.put(i, (byte) value);
            case java.nio.CharBuffer b -> b.put(i, (char) value);
            case java.nio.ShortBuffer b -> b.put(i, (short) value);
            case IntBuffer b -> b.put(i, value);
            case java.nio.LongBuffer b -> b.put(i, value);
            case java.nio.FloatBuffer b -> b.put(i, value);
            case DoubleBuffer b -> b.put(i, value);
            default -> throw new IllegalArgumentException();
        }
    }

    private static int get(Buffer buffer, int i) {
        return switch (buffer) {
            case ByteBuffer b -> b.get(i);
            case java.nio.CharBuffer b -> b.get(i);
            case java.nio.ShortBuffer b -> b.get(i);
            case IntBuffer b -> b.get(i);
            case java.nio.LongBuffer b -> (int) b.get(i);
            case java.nio.FloatBuffer b -> (int) b.get(i);
            case DoubleBuffer b -> (int) b.get(i);
            default -> throw new IllegalArgumentException();
        };
    }

    @Program
    static void memorySegments() throws MPIException {
        int rank = MPI.COMM_WORLD.getRank();
        int previous = (rank + MPI.COMM_WORLD.getSize() - 1) % MPI.COMM_WORLD.getSize();
        int count = 20_000;
        try (Arena arena = Arena.ofShared()) {
            MemorySegment[] segments = {arena.allocate(8L * count), MemorySegment.ofArray(new long[count]),
                MemorySegment.ofArray(new byte[8 * count]), MemorySegment.ofArray(new int[2 * count + 2]).asSlice(8),
                MemorySegment.ofBuffer(MPI.newLongBuffer(count)),
                MemorySegment.ofBuffer(MPI.newByteBuffer(8 * count + 24)).asSlice(16)};
            for (MemorySegment segment : segments) {
                long[] out = new long[count];
                Arrays.setAll(out, i -> i * 3L + rank);
                segment.fill((byte) 0);
                shift(out, segment, count, MPI.LONG);
                for (int i = 0; i < count; i++) {
                    equal(i * 3L + previous, segment.get(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i), "received " + i);
                }
                long[] in = new long[count];
                shift(segment, in, count, MPI.LONG);
                int second = (previous + MPI.COMM_WORLD.getSize() - 1) % MPI.COMM_WORLD.getSize();
                equal(second + 3L * (count - 1), in[count - 1], "sent");
            }
        }
    }

    @Program
    static void positionAndLimitAreIgnored() throws MPIException {
        int[] array = {1, 2, 3, 4};
        IntBuffer direct = MPI.newIntBuffer(4).put(0, array);
        direct.position(2).limit(3);
        IntBuffer heap = IntBuffer.wrap(array, 2, 2);
        for (IntBuffer out : new IntBuffer[] {direct, heap}) {
            int[] in = new int[3];
            shift(out, in, 3, MPI.INT);
            equal(new int[] {1, 2, 3}, in, "from element 0");
        }
        int[] in = {0, 0, 0, 0};
        shift(new int[] {8, 9}, IntBuffer.wrap(in, 1, 2), 2, MPI.INT);
        equal(new int[] {8, 9, 0, 0}, in, "to element 0");
        shift(new int[] {8, 9}, IntBuffer.wrap(in, 1, 3).slice(), 2, MPI.INT);
        equal(new int[] {8, 8, 9, 0}, in, "slices begin at their own start");
        equal(2, direct.position(), "position is kept");
        IntBuffer slice = MPI.slice(direct, 1);
        equal(3, slice.capacity(), "a slice reaches to the capacity");
        equal(4, direct.limit(), "slice clears the limit");
        equal(2, slice.get(0), "slice");
        equal(ByteOrder.nativeOrder(), MPI.slice(ByteBuffer.allocateDirect(8), 4).order(), "order of a slice");
        equal(ByteOrder.nativeOrder(), MPI.newByteBuffer(8).order(), "order of a new buffer");
        that(MPI.newDoubleBuffer(3).isDirect(), "new buffers are direct");
    }

    @Program
    static void anyBufferClassGoesWithAnyDatatype() throws MPIException {
        int rank = MPI.COMM_WORLD.getRank();
        int previous = (rank + MPI.COMM_WORLD.getSize() - 1) % MPI.COMM_WORLD.getSize();
        ByteBuffer out = MPI.newByteBuffer(80);
        for (int i = 0; i < 10; i++) {
            out.putDouble(8 * i, rank + i * 0.5);
        }
        for (Buffer in : new Buffer[] {MPI.newDoubleBuffer(10), DoubleBuffer.allocate(10)}) {
            shift(out, in, 10, MPI.DOUBLE);
            equal(previous + 4.5, ((DoubleBuffer) in).get(9), "double");
        }
        ByteBuffer heap = ByteBuffer.allocate(80).order(ByteOrder.nativeOrder());
        shift(out, heap, 10, MPI.DOUBLE);
        equal(previous + 1.0, heap.getDouble(16), "heap byte buffer with DOUBLE");
        boolean[] flags = {true, false, true};
        ByteBuffer direct = MPI.newByteBuffer(3);
        shift(flags, direct, 3, MPI.BOOLEAN);
        equal((byte) 1, direct.get(0), "true");
        equal((byte) 0, direct.get(1), "false");
        boolean[] back = new boolean[3];
        shift(direct, back, 3, MPI.BOOLEAN);
        equal(flags, back, "booleans");
        int[] ints = new int[20];
        shift(IntBuffer.wrap(new int[] {1, 2, 3}), MPI.slice(ints, 17), 3, MPI.INT);
        equal(3, ints[19], "slice at the end of an array");
    }

    /** Each rank for itself: 240 MB of fresh memory a rank, so not on many. */
    @Program(maxRanks = 3)
    static void manyBuffersComeAndGo() throws MPIException {
        long sum = 0;
        for (int i = 0; i < 3000; i++) {
            DoubleBuffer buffer = MPI.newDoubleBuffer(10_000);
            equal(0.0, buffer.get(9999), "new buffers are zeroed");
            buffer.put(9999, i);
            sum += (long) buffer.get(9999);
        }
        equal(2999L * 1500, sum, "sum");
    }
}
