package org.isthmus.comm.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.isthmus.comm.buffer.DeviceBuffer;
import org.isthmus.comm.datatype.DerivedTypes;
import org.isthmus.comm.datatype.Packer;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CudaDevicesTest {
    private static final int PIECE = 2 << 20;
    private static final TypeMap BYTES = TypeMap.of(Primitive.BYTE);

    private final MemorySegment nodeMemory = Arena.ofAuto().allocate(4L * PIECE, PIECE);
    private TestCuda cuda;
    private CudaDevices devices;

    @BeforeEach
    void open() throws Exception {
        String library = TestCuda.build();
        cuda = TestCuda.start(library);
        devices = CudaDevices.open(library, nodeMemory);
    }

    @AfterEach
    void close() {
        if (devices != null) {
            devices.close();
        }
    }

    @Test
    void tellsMemoryOfDevicesFromAllOther() {
        assertNotNull(devices.find(cuda.allocate(100)));
        assertNotNull(devices.find(cuda.allocate(100).asSlice(50)));
        assertNull(devices.find(Arena.ofAuto().allocate(100)), "memory of the host");
        assertNull(devices.find(cuda.allocateManaged(100)), "memory that the host may touch");
        assertNull(devices.find(MemorySegment.NULL));
        MemorySegment freed = cuda.allocate(100);
        cuda.free(freed);
        assertNull(devices.find(freed));
    }

    @Test
    void copiesGapFreeBytesBothWays() {
        byte[] bytes = random(3 * PIECE, 1);
        MemorySegment memory = cuda.deviceCopy(bytes);
        DeviceBuffer buffer = devices.find(memory);
        byte[] array = new byte[bytes.length];
        buffer.pack(5, BYTES, 2, MemorySegment.ofArray(array), 3, array.length - 7);
        byte[] expected = new byte[bytes.length];
        System.arraycopy(bytes, 7, expected, 3, array.length - 7);
        assertArrayEquals(expected, array);

        buffer.pack(0, BYTES, 0, nodeMemory, 1000, bytes.length);
        assertArrayEquals(bytes, nodeMemory.asSlice(1000, bytes.length).toArray(ValueLayout.JAVA_BYTE));
        nodeMemory.fill((byte) 7);
        buffer.unpack(nodeMemory, 77, 10, BYTES, 0, 2L * PIECE);
        Arrays.fill(bytes, 10, 10 + 2 * PIECE, (byte) 7);
        assertArrayEquals(bytes, cuda.read(memory, bytes.length));
        buffer.unpack(MemorySegment.ofArray(array), 0, 0, BYTES, 0, array.length);
        assertArrayEquals(array, cuda.read(memory, array.length));
    }

    @Test
    void pinsTheNodeSegmentWhereItIsUsedAndOnlyOnce() {
        DeviceBuffer buffer = devices.find(cuda.allocate(100));
        assertEquals(0, devices.pinnedPieces());
        buffer.pack(0, BYTES, 0, nodeMemory, 0, 100);
        buffer.unpack(nodeMemory, 5000, 0, BYTES, 0, 100);
        assertEquals(1, devices.pinnedPieces());
        buffer.pack(0, BYTES, 0, nodeMemory, 2L * PIECE - 50, 100);
        assertEquals(3, devices.pinnedPieces());
        buffer.pack(0, BYTES, 0, Arena.ofAuto().allocate(100), 0, 100);
        assertEquals(3, devices.pinnedPieces(), "other memory of the host is the program's to pin");
    }

    /** What the kernels move is what {@link Packer} moves. */
    @Test
    void gathersAndScattersBytesWithGaps() {
        TypeMap chars = TypeMap.of(Primitive.CHAR);
        TypeMap vector = DerivedTypes.vector(300, 2, 5, TypeMap.of(Primitive.INT));
        TypeMap[] types = {vector, DerivedTypes.contiguous(3, vector),
            DerivedTypes.vector(7, 3, 4, TypeMap.of(Primitive.BYTE)),
            DerivedTypes.vector(40, 1, 3, TypeMap.of(Primitive.DOUBLE)),
            DerivedTypes.indexed(new int[] {3, 1, 4, 1}, new int[] {20, 0, 7, 15}, chars),
            DerivedTypes.vector(5, 2, 60, DerivedTypes.indexed(new int[] {1, 2}, new int[] {4, 0}, chars))};
        for (TypeMap type : types) {
            int count = (int) (400_000 / type.extent());
            int bytes = (int) (count * type.extent());
            byte[] host = random(bytes, 2);
            MemorySegment memory = cuda.deviceCopy(host);
            DeviceBuffer buffer = devices.find(memory);
            long all = count * type.size();
            for (long position : new long[] {0, 1, 12, all / 2 + 3}) {
                long length = all - position - position % 5;
                byte[] expected = new byte[(int) length];
                Packer.pack(MemorySegment.ofArray(host), 0, count, type, position, MemorySegment.ofArray(expected), 0,
                        length);
                byte[] packed = new byte[(int) length];
                buffer.pack(0, type, position, MemorySegment.ofArray(packed), 0, length);
                assertArrayEquals(expected, packed, type + " from " + position);

                byte[] source = random((int) length, 3);
                Packer.unpack(MemorySegment.ofArray(source), 0, MemorySegment.ofArray(host), 0, count, type, position,
                        length);
                buffer.unpack(MemorySegment.ofArray(source), 0, 0, type, position, length);
                assertArrayEquals(host, cuda.read(memory, bytes), type + " to " + position);
            }
        }
    }

    @Test
    void makesStreamsModuleAndEventsOnce() {
        DeviceBuffer buffer = devices.find(cuda.allocate(1 << 20));
        TypeMap type = DerivedTypes.vector(100, 1, 2, TypeMap.of(Primitive.INT));
        MemorySegment host = Arena.ofAuto().allocate(4096);
        buffer.await(buffer.beginPack(0, type, 0, host, 0, 400));
        buffer.await(buffer.beginUnpack(host, 0, 0, type, 0, 400));
        String[] once = {"cuStreamCreate", "cuModuleLoadData", "cuModuleGetFunction", "cuEventCreate", "cuMemAlloc_v2",
            "cuMemHostRegister_v2"};
        long[] before = Arrays.stream(once).mapToLong(cuda::calls).toArray();
        for (int i = 0; i < 50; i++) {
            long ticket = buffer.beginPack(0, type, 0, host, 0, 400);
            while (!buffer.isDone(ticket)) {
                Thread.onSpinWait();
            }
            buffer.await(buffer.beginUnpack(host, 0, 0, type, 0, 400));
        }
        assertArrayEquals(before, Arrays.stream(once).mapToLong(cuda::calls).toArray());
    }

    @Test
    void leavesTheThreadTheContextThatItHad() throws Exception {
        long first = cuda.current();
        MemorySegment memory = cuda.deviceCopy(new byte[] {1, 2, 3});
        long own = cuda.createContext();
        DeviceBuffer buffer = devices.find(memory);
        cuda.setCurrent(own);
        byte[] array = new byte[3];
        buffer.pack(0, BYTES, 0, MemorySegment.ofArray(array), 0, 3);
        assertArrayEquals(new byte[] {1, 2, 3}, array);
        assertEquals(own, cuda.current());
        MemorySegment pooled = cuda.allocateFromPool(10);
        Thread other = Thread.ofPlatform().start(() -> devices.find(pooled).unpack(MemorySegment.ofArray(array), 0, 0,
                BYTES, 0, 3));
        other.join();
        cuda.setCurrent(first);
        assertArrayEquals(array, cuda.read(pooled, 3));
    }

    @Test
    void copiesOnTheDeviceInsideOneContextAlone() {
        byte[] bytes = random(1000, 4);
        MemorySegment source = cuda.deviceCopy(bytes);
        MemorySegment target = cuda.allocate(1000);
        assertTrue(devices.find(target).copyFrom(devices.find(source), 10, 0, 990));
        assertArrayEquals(Arrays.copyOfRange(bytes, 10, 1000), cuda.read(target, 990));
        long context = cuda.current();
        cuda.createContext();
        MemorySegment elsewhere = cuda.allocate(1000);
        cuda.setCurrent(context);
        assertFalse(devices.find(target).copyFrom(devices.find(elsewhere), 0, 0, 10));
    }

    @Test
    void anErrorNamesTheCallAndWhatToDo() {
        DeviceBuffer buffer = devices.find(cuda.allocate(100));
        CommException e = assertThrows(CommException.class,
                () -> buffer.pack(0, BYTES, 0, MemorySegment.ofArray(new byte[200]), 0, 200));
        assertTrue(e.getMessage().startsWith("cuMemcpyDtoHAsync_v2 answered 1 (CUDA_ERROR_TEST: an error of the test)"),
                e.getMessage());
        assertTrue(e.getMessage().contains("-Disthmus.cuda=off"), e.getMessage());
        byte[] array = new byte[100];
        buffer.pack(0, BYTES, 0, MemorySegment.ofArray(array), 0, 100);
    }

    @Test
    void aMissingLibraryIsSaid() {
        CommException e = assertThrows(CommException.class, () -> CudaDevices.open("/nowhere/libcuda.so", nodeMemory));
        assertTrue(e.getMessage().contains("/nowhere/libcuda.so") && e.getMessage().contains("isthmus.cuda.library"),
                e.getMessage());
        assertNull(CudaDevices.openIfThere("/nowhere/libcuda.so", nodeMemory));
    }

    @Test
    void aLibraryWithoutAFunctionIsSaid() {
        CommException e = assertThrows(CommException.class, () -> CudaDevices.open("libc.so.6", nodeMemory));
        assertTrue(e.getMessage().contains("lacks cuInit"), e.getMessage());
    }

    private static byte[] random(int length, int seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
