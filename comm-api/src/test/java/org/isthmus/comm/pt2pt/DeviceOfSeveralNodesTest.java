package org.isthmus.comm.pt2pt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.isthmus.comm.NodeJob;
import org.isthmus.comm.buffer.UserBuffer;
import org.isthmus.comm.datatype.DerivedTypes;
import org.isthmus.comm.datatype.Packer;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.device.CudaDevices;
import org.isthmus.comm.device.TestCuda;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages between two nodes whose buffers lie in a device's memory: pieces pass the multiplexers. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DeviceOfSeveralNodesTest {
    private static final TypeMap BYTES = TypeMap.of(Primitive.BYTE);
    private static final TypeMap GAPS = DerivedTypes.vector(100, 3, 5, TypeMap.of(Primitive.INT));

    private TestCuda cuda;
    private CudaDevices devices;

    @BeforeEach
    void open() throws Exception {
        String library = TestCuda.build();
        cuda = TestCuda.start(library);
        devices = CudaDevices.open(library, Arena.ofAuto().allocate(64));
        UserBuffer.useDevices(devices);
    }

    @AfterEach
    void close() {
        if (devices != null) {
            UserBuffer.useDevices(null);
            devices.close();
        }
    }

    private static byte[] random(int length, int seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private void exchange(int count, TypeMap type) throws Exception {
        exchange(count, type, PointToPoint.Mode.STANDARD);
    }

    private void exchange(int count, TypeMap type, PointToPoint.Mode mode) throws Exception {
        int bytes = Math.toIntExact(count * type.extent());
        MemorySegment[] out = {cuda.deviceCopy(random(bytes, 0)), cuda.deviceCopy(random(bytes, 1))};
        MemorySegment[] in = {cuda.deviceCopy(random(bytes, 2)), cuda.deviceCopy(random(bytes, 2))};
        new NodeJob(NodeJob.ENDPOINT, NodeJob.PROTOCOLS, 2, NodeJob.Mapping.FILLED).run(2, rank -> {
            NodePointToPoint messages = rank.pointToPoint();
            int me = rank.rank();
            TransferRequest receive = messages.irecv(rank.world(), devices.find(in[me]), 0, count, type, 1 - me, 7);
            TransferRequest send = messages.isend(rank.world(), mode, devices.find(out[me]), 0, count, type, 1 - me, 7);
            rank.progress().await(send);
            rank.progress().await(receive);
            assertFalse(messages.awaitsDevice());
        });
        for (int me = 0; me < 2; me++) {
            byte[] packed = new byte[Math.toIntExact(count * type.size())];
            byte[] expected = random(bytes, 2);
            Packer.pack(MemorySegment.ofArray(random(bytes, 1 - me)), 0, count, type, 0, MemorySegment.ofArray(packed),
                    0, packed.length);
            Packer.unpack(MemorySegment.ofArray(packed), 0, MemorySegment.ofArray(expected), 0, count, type, 0,
                    packed.length);
            assertArrayEquals(expected, cuda.read(in[me], bytes), "rank " + me);
            assertArrayEquals(random(bytes, me), cuda.read(out[me], bytes), "sent by rank " + me);
        }
    }

    @Test
    void gapFreeMessages() throws Exception {
        for (int count : new int[] {0, 100, 30_000, 70_000, 5_000_000}) {
            exchange(count, BYTES);
        }
    }

    @Test
    void synchronousMessages() throws Exception {
        for (int count : new int[] {100, 65_536, 70_000}) {
            exchange(count, BYTES, PointToPoint.Mode.SYNCHRONOUS);
        }
    }

    @Test
    void messagesWithGaps() throws Exception {
        for (int count : new int[] {1, 60, 3000}) {
            exchange(count, GAPS);
        }
    }
}
