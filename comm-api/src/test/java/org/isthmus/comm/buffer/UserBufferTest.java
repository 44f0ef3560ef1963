package org.isthmus.comm.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.DoubleBuffer;
import java.nio.IntBuffer;
import org.isthmus.comm.datatype.DerivedTypes;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class UserBufferTest {
    private static final TypeMap BYTE = TypeMap.of(Primitive.BYTE);
    private static final TypeMap INT = TypeMap.of(Primitive.INT);
    private static final TypeMap DOUBLE = TypeMap.of(Primitive.DOUBLE);
    private static final MemorySegment MEMORY = Arena.ofAuto().allocate(4096, 64);

    @BeforeAll
    static void useMemory() {
        UserBuffer.useMemory(MEMORY);
    }

    private static void assertResolved(Object base, long offset, Object buffer, int count, TypeMap type) {
        assertSame(base, UserBuffer.sendBase(buffer, "buf", count, type));
        assertSame(base, UserBuffer.recvBase(buffer, "buf", count, type));
        assertEquals(offset, UserBuffer.offset(buffer));
    }

    private static void assertFails(int errorClass, String part, Object buffer, int count, TypeMap type) {
        CommException e = assertThrows(CommException.class, () -> UserBuffer.recvBase(buffer, "buf", count, type));
        assertEquals(errorClass, e.errorClass(), e.getMessage());
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    @Test
    void anyArrayCountsAsItsBytesWhenAskedFor() {
        int[] array = {1, 2, 3, 4};
        UserBuffer.takeAnyArray(true);
        try {
            MemorySegment base = (MemorySegment) UserBuffer.recvBase(array, "buf", 2, DOUBLE);
            base.set(ValueLayout.JAVA_INT, 12, 77);
            assertEquals(77, array[3]);
            assertEquals(0, UserBuffer.offset(array));
            assertSame(array, UserBuffer.sendBase(array, "buf", 4, INT));
            assertFails(ErrorClass.BUFFER, "16 bytes", array, 3, DOUBLE);
            assertFails(ErrorClass.TYPE, "boolean[]", new boolean[8], 1, DOUBLE);
            assertFails(ErrorClass.BUFFER, "String[]", new String[4], 1, INT);
        } finally {
            UserBuffer.takeAnyArray(false);
        }
        assertFails(ErrorClass.TYPE, "isthmus.array.types", array, 1, DOUBLE);
    }

    @Test
    void anArrayIsItsOwnBase() {
        int[] array = new int[4];
        assertResolved(array, 0, array, 4, INT);
    }

    @Test
    void anArrayMustBeOfTheDatatypesElements() {
        assertFails(ErrorClass.TYPE, "int[]", new int[4], 1, DOUBLE);
        assertFails(ErrorClass.TYPE, "double[]", new int[4], 1, DOUBLE);
        assertFails(ErrorClass.TYPE, "byte[]", new double[4], 1, TypeMap.DOUBLE_INT);
        assertFails(ErrorClass.BUFFER, "String", "text", 1, BYTE);
        assertFails(ErrorClass.BUFFER, "Integer[]", new Integer[1], 1, INT);
    }

    @Test
    void anArrayOfWhatAStructConsistsOf() {
        TypeMap ints = DerivedTypes.struct(new int[] {1, 2}, new int[] {0, 8}, new TypeMap[] {INT, INT});
        MemorySegment base = assertInstanceOf(MemorySegment.class,
                UserBuffer.sendBase(new int[] {1, 2, 3, 4}, "buf", 1, ints));
        assertEquals(4, base.get(ValueLayout.JAVA_INT, 12));
        byte[] bytes = new byte[16];
        assertResolved(bytes, 0, bytes, 1, ints);
        assertFails(ErrorClass.TYPE, "double[]", new double[4], 1, ints);
        TypeMap mixed = DerivedTypes.struct(new int[] {1, 1}, new int[] {0, 8}, new TypeMap[] {INT, DOUBLE});
        assertFails(ErrorClass.TYPE, "int[]", new int[4], 1, mixed);
    }

    @Test
    void aDirectBufferInTheNodesMemoryIsAnOffset() {
        ByteBuffer bytes = MEMORY.asByteBuffer().order(ByteOrder.nativeOrder());
        assertResolved(MEMORY, 0, bytes, 8, DOUBLE);
        IntBuffer ints = bytes.slice(64, 32).order(ByteOrder.nativeOrder()).asIntBuffer();
        ints.position(3).limit(5);
        assertResolved(MEMORY, 64, ints, 8, INT);
        assertResolved(MEMORY, 128, MEMORY.asSlice(128, 16), 4, INT);
        assertFails(ErrorClass.BUFFER, "32 bytes", ints, 9, INT);
    }

    @Test
    void anotherDirectBufferIsASegmentOverAllOfIt() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(64).order(ByteOrder.nativeOrder());
        buffer.putInt(0, 17);
        buffer.position(8).limit(12);
        MemorySegment base = assertInstanceOf(MemorySegment.class, UserBuffer.sendBase(buffer, "buf", 16, INT));
        assertEquals(64, base.byteSize());
        assertEquals(17, base.get(ValueLayout.JAVA_INT, UserBuffer.offset(buffer)));
    }

    @Test
    void displacementsBelowZeroReachWhatIsBeforeASlice() {
        for (ByteBuffer whole : new ByteBuffer[] {MEMORY.asByteBuffer().slice(64, 64), ByteBuffer.allocateDirect(64)}) {
            ByteBuffer slice = whole.slice(16, 48);
            TypeMap backwards = DerivedTypes.vector(2, 1, -3, INT);
            assertFails(ErrorClass.BUFFER, "begins 12 bytes before", slice, 1, backwards);
            UserBuffer.noteSlice(slice, whole, 16);
            whole.put(4, (byte) 9);
            MemorySegment base = assertInstanceOf(MemorySegment.class, UserBuffer.sendBase(slice, "buf", 1, backwards));
            assertEquals(9, base.get(ValueLayout.JAVA_BYTE, UserBuffer.offset(slice) - 12));
            ByteBuffer again = slice.slice(4, 44);
            UserBuffer.noteSlice(again, slice, 4);
            base = assertInstanceOf(MemorySegment.class, UserBuffer.sendBase(again, "buf", 1, backwards));
            assertEquals(9, base.get(ValueLayout.JAVA_BYTE, UserBuffer.offset(again) - 16));
            assertFails(ErrorClass.BUFFER, "there are 16", slice, 1, DerivedTypes.vector(2, 1, -5, INT));
        }
    }

    @Test
    void aHeapBufferIsItsArrayFromItsArrayOffset() {
        double[] array = new double[10];
        DoubleBuffer wrapped = DoubleBuffer.wrap(array, 2, 4);
        assertResolved(array, 0, wrapped, 10, DOUBLE);
        assertResolved(array, 16, wrapped.slice(), 4, DOUBLE);
        assertFails(ErrorClass.BUFFER, "needs 40 bytes", wrapped.slice(), 5, DOUBLE);
    }

    @Test
    void aHeapBufferOfAnotherTypeIsBytes() {
        IntBuffer ints = IntBuffer.wrap(new int[6], 2, 4).slice();
        MemorySegment base = assertInstanceOf(MemorySegment.class, UserBuffer.recvBase(ints, "buf", 2, DOUBLE));
        assertEquals(8, UserBuffer.offset(ints));
        base.set(ValueLayout.JAVA_INT, 8, 5);
        assertEquals(5, ints.get(0));
        IntBuffer view = ByteBuffer.allocate(16).asIntBuffer();
        assertInstanceOf(MemorySegment.class, UserBuffer.recvBase(view, "buf", 4, INT));
    }

    @Test
    void readOnlyBuffersAreForSending() {
        ByteBuffer direct = ByteBuffer.allocateDirect(8).asReadOnlyBuffer();
        ByteBuffer heap = ByteBuffer.wrap(new byte[] {1, 2}).asReadOnlyBuffer();
        MemorySegment segment = MEMORY.asReadOnly();
        UserBuffer.sendBase(direct, "buf", 8, BYTE);
        MemorySegment base = (MemorySegment) UserBuffer.sendBase(heap, "buf", 2, BYTE);
        assertEquals(2, base.get(ValueLayout.JAVA_BYTE, UserBuffer.offset(heap) + 1));
        UserBuffer.sendBase(segment, "buf", 8, BYTE);
        assertFails(ErrorClass.BUFFER, "read-only", direct, 1, BYTE);
        assertFails(ErrorClass.BUFFER, "read-only", heap, 1, BYTE);
        assertFails(ErrorClass.BUFFER, "read-only", segment, 1, BYTE);
    }

    @Test
    void nullIsForMessagesWithoutData() {
        UserBuffer.recvBase(null, "buf", 0, INT);
        UserBuffer.recvBase(null, "buf", 5, DerivedTypes.contiguous(0, INT));
        UserBuffer.recvBase(null, "buf", 5, DerivedTypes.resized(DerivedTypes.contiguous(0, INT), 4, 12));
        assertFails(ErrorClass.BUFFER, "buf is null", null, 1, INT);
    }

    @Test
    void whatDoesNotFitIsAnErrorWithBothSizes() {
        assertFails(ErrorClass.BUFFER, "has 16 bytes, but the message needs 20", new int[4], 5, INT);
        assertFails(ErrorClass.BUFFER, "needs 8000000000", new int[4], 2_000_000_000, INT);
        TypeMap vector = DerivedTypes.vector(2, 1, 3, INT);
        UserBuffer.recvBase(new int[8], "buf", 2, vector);
        assertFails(ErrorClass.BUFFER, "needs 32", new int[7], 2, vector);
        assertFails(ErrorClass.BUFFER, "begins 12 bytes before", new int[9], 1, DerivedTypes.vector(2, 1, -3, INT));
    }

    @Test
    void buffersWithoutMemoryAndClosedArenasAreErrors() {
        assertFails(ErrorClass.BUFFER, "read-only", CharBuffer.wrap("text"), 1, TypeMap.of(Primitive.CHAR));
        Arena arena = Arena.ofConfined();
        MemorySegment segment = arena.allocate(8);
        arena.close();
        assertFails(ErrorClass.BUFFER, "closed", segment, 1, BYTE);
        CommException e = assertThrows(CommException.class,
                () -> UserBuffer.sendBase(CharBuffer.wrap("text"), "buf", 1, TypeMap.of(Primitive.CHAR)));
        assertEquals(ErrorClass.BUFFER, e.errorClass());
    }

    @Test
    void anArrayWithOddStridesIsBytes() {
        assertInstanceOf(MemorySegment.class,
                UserBuffer.recvBase(new int[8], "buf", 1, DerivedTypes.hvector(2, 1, 6, INT)));
    }

    @Test
    void allocatesNothingForABufferThatWasUsedBefore() {
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        ByteBuffer inMemory = MEMORY.asByteBuffer();
        Object[] buffers = {new byte[8], ByteBuffer.allocateDirect(8), inMemory, inMemory.asIntBuffer(),
            ByteBuffer.allocate(8), MEMORY.asSlice(8, 8)};
        for (Object buffer : buffers) {
            resolve(buffer, 20_000);
            long before = threads.getCurrentThreadAllocatedBytes();
            resolve(buffer, 100_000);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(allocated < 100_000, buffer.getClass() + ": " + allocated + " bytes for 100000 calls");
        }
    }

    private static Object sink;

    private static void resolve(Object buffer, int times) {
        long sum = 0;
        for (int i = 0; i < times; i++) {
            sink = UserBuffer.sendBase(buffer, "buf", 8, BYTE);
            sum += UserBuffer.offset(buffer);
        }
        assertTrue(sum >= 0);
    }
}
