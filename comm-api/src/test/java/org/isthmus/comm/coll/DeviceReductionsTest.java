package org.isthmus.comm.coll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;
import org.isthmus.comm.buffer.DeviceBuffer;
import org.isthmus.comm.buffer.DeviceMemory;
import org.isthmus.comm.buffer.UserBuffer;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.op.PredefinedOp;
import org.isthmus.comm.op.ReduceOp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Copies of operands on devices are given back when the reduction, or a copy, fails. */
class DeviceReductionsTest {
    private static final TypeMap INT = TypeMap.of(Primitive.INT);
    private static final int COUNT = (1 << 20) / Integer.BYTES;

    private final DeviceReductions reductions = new DeviceReductions(failing(), null, 0, 1);
    private final ReduceOp sum = PredefinedOp.SUM;
    private MemorySegment first;
    private MemorySegment second;

    /** Memory of a device whose copies fail when they are told to. */
    private static final class Device extends DeviceBuffer {
        private final boolean fails;

        Device(boolean fails) {
            this.fails = fails;
        }

        @Override
        public void pack(long offset, TypeMap type, long position, MemorySegment dst, long dstOffset, long length) {
            if (fails) {
                throw new CommException(ErrorClass.OTHER, "the device's copy");
            }
        }

        @Override
        public void unpack(MemorySegment src, long srcOffset, long offset, TypeMap type, long position, long length) {}

        @Override
        public long beginPack(long offset, TypeMap type, long position, MemorySegment dst, long dstOffset,
                long length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long beginUnpack(MemorySegment src, long srcOffset, long offset, TypeMap type, long position,
                long length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isDone(long ticket) {
            return true;
        }

        @Override
        public void await(long ticket) {}

        @Override
        public boolean copyFrom(DeviceBuffer source, long sourceOffset, long offset, long length) {
            return false;
        }
    }

    private static Collectives failing() {
        return (Collectives) Proxy.newProxyInstance(Collectives.class.getClassLoader(),
                new Class<?>[] {Collectives.class}, (proxy, method, arguments) -> {
                    throw new IllegalStateException(method.getName());
                });
    }

    /** There are devices from now on. */
    private static final class Devices implements DeviceMemory {
        @Override
        public DeviceBuffer find(MemorySegment segment) {
            return null;
        }

        @Override
        public void close() {}
    }

    @AfterEach
    void withoutDevices() {
        UserBuffer.useDevices(null);
    }

    @BeforeEach
    void twoIdleBlocks() {
        UserBuffer.useDevices(new Devices());
        takeAllIdle();
        long bytes = (long) COUNT * Integer.BYTES;
        first = TemporaryBuffers.ofProcess().take(bytes);
        second = TemporaryBuffers.ofProcess().take(bytes);
        TemporaryBuffers.ofProcess().give(second);
        TemporaryBuffers.ofProcess().give(first);
    }

    /** What other tests of this process left would take the room of ours. */
    private static void takeAllIdle() {
        for (int shift = 0; TemporaryBuffers.ofProcess().idleBytes() > 0; shift++) {
            long before;
            do {
                before = TemporaryBuffers.ofProcess().idleBytes();
                TemporaryBuffers.ofProcess().take(1L << shift);
            } while (TemporaryBuffers.ofProcess().idleBytes() < before);
        }
    }

    private void bothAreIdle(String what) {
        MemorySegment one = TemporaryBuffers.ofProcess().take(first.byteSize());
        MemorySegment other = TemporaryBuffers.ofProcess().take(first.byteSize());
        assertEquals(true, one == first && other == second || one == second && other == first, what);
        TemporaryBuffers.ofProcess().give(second);
        TemporaryBuffers.ofProcess().give(first);
    }

    @Test
    void aReductionThatThrowsGivesItsCopiesBack() {
        Device device = new Device(false);
        assertEquals("reduce", assertThrows(IllegalStateException.class, () -> reductions.reduce(device, 0, device, 0,
                COUNT, INT, sum, 0)).getMessage());
        bothAreIdle("reduce");
        assertEquals("iscan", assertThrows(IllegalStateException.class, () -> reductions.iscan(device, 0, device, 0,
                COUNT, INT, sum)).getMessage());
        bothAreIdle("iscan");
    }

    @Test
    void aCopyThatFailsIsGivenBackWithTheOther() {
        Device broken = new Device(true);
        for (Device send : new Device[] {broken, new Device(false)}) {
            CommException problem = assertThrows(CommException.class, () -> reductions.exscan(send, 0, broken, 0,
                    COUNT, INT, sum));
            assertEquals(ErrorClass.OTHER, problem.errorClass());
            bothAreIdle("exscan");
        }
        assertThrows(CommException.class, () -> reductions.iallreduce(null, 0, broken, 0, COUNT, INT, sum));
        bothAreIdle("iallreduce in place");
    }
}
