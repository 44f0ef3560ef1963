package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;
import static org.isthmus.comm.program.Verify.raises;
import static org.isthmus.comm.program.Verify.that;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import mpi.Comm;
import mpi.Datatype;
import mpi.MPI;
import mpi.MPIException;
import mpi.Message;
import mpi.Prequest;
import mpi.Request;
import mpi.Status;
import mpi.Win;
import org.isthmus.Partitioned;
import org.isthmus.comm.device.TestCuda;

/** Message buffers in memory of a device, which the host cannot touch; for jobs with the driver of {@link TestCuda}. */
final class DevicePrograms {
    private static final int[] SIZES = {0, 1, 100, 1024, 1025, 5000, 16385, 65536, 65537, 300_001, 3_000_000};

    private static TestCuda device;

    private DevicePrograms() {}

    /** The driver that this rank uses. */
    private static TestCuda device() {
        if (device == null) {
            device = TestCuda.start(System.getenv("ISTHMUS_CUDA_LIBRARY"));
        }
        return device;
    }

    private static Comm world() {
        return MPI.COMM_WORLD;
    }

    private static int rank() throws MPIException {
        return world().getRank();
    }

    private static int size() throws MPIException {
        return world().getSize();
    }

    private static int next() throws MPIException {
        return (rank() + 1) % size();
    }

    private static int previous() throws MPIException {
        return (rank() + size() - 1) % size();
    }

    private static byte[] pattern(int length, int seed) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + (i >> 8) + seed);
        }
        return bytes;
    }

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(Math.max(1, bytes.length)).put(0, bytes);
    }

    private static void holds(byte[] expected, MemorySegment memory, String what) {
        equal(expected, device().read(memory, expected.length), what);
    }

    @Program
    static void fromDeviceToDevice() throws MPIException {
        for (int size : SIZES) {
            MemorySegment out = device().deviceCopy(pattern(size, rank()));
            MemorySegment in = device().allocate(size + 1);
            Request receive = world().iRecv(in.asByteBuffer(), size, MPI.BYTE, previous(), 5);
            world().send(out, size, MPI.BYTE, next(), 5);
            Status status = receive.waitStatus();
            equal(size, status.getCount(MPI.BYTE), "count");
            holds(pattern(size, previous()), in, "received of " + size);
            holds(pattern(size, rank()), out, "sent of " + size);

            Request send = world().isSend(out.asByteBuffer(), size, MPI.BYTE, next(), 6);
            world().recv(in, size, MPI.BYTE, previous(), 6);
            send.waitFor();
            holds(pattern(size, previous()), in, "received synchronously of " + size);
        }
    }

    @Program
    static void aLongMessage() throws MPIException {
        MemorySegment out = device().deviceCopy(pattern(2_000_000, rank()));
        MemorySegment in = device().allocate(2_000_000);
        Request send = world().iSend(out.asByteBuffer(), 2_000_000, MPI.BYTE, next(), 5);
        world().recv(in, 2_000_000, MPI.BYTE, previous(), 5);
        send.waitFor();
        holds(pattern(2_000_000, previous()), in, "received");
    }

    @Program
    static void betweenDeviceAndEachKindOfHostMemory() throws MPIException {
        for (int size : SIZES) {
            byte[] array = pattern(size, rank());
            ByteBuffer shared = MPI.newByteBuffer(Math.max(1, size)).put(0, array);
            Object[] hosts = {array, direct(array), shared};
            for (Object host : hosts) {
                MemorySegment memory = device().allocate(size + 1);
                Request receive = world().iRecv(memory.asByteBuffer(), size, MPI.BYTE, previous(), 1);
                world().send(host, size, MPI.BYTE, next(), 1);
                receive.waitFor();
                holds(pattern(size, previous()), memory, "to the device, " + size);
            }
            MemorySegment source = device().deviceCopy(array);
            byte[] target = new byte[size];
            ByteBuffer[] buffers = {ByteBuffer.wrap(target), direct(target),
                MPI.newByteBuffer(Math.max(1, size)), ByteBuffer.allocateDirect(size + 1)};
            for (ByteBuffer buffer : buffers) {
                Request send = world().iSend(source.asByteBuffer(), size, MPI.BYTE, next(), 2);
                world().recv(buffer, size, MPI.BYTE, previous(), 2);
                send.waitFor();
                byte[] got = new byte[size];
                buffer.get(0, got);
                equal(pattern(size, previous()), got, "from the device, " + size);
            }
        }
    }

    @Program
    static void directBuffersOverMemoryOfTheDevice() throws MPIException {
        ByteBuffer out = device().deviceCopy(pattern(200_000, rank())).asByteBuffer();
        MemorySegment memory = device().allocate(200_000);
        ByteBuffer in = memory.asByteBuffer();
        for (int i = 0; i < 3; i++) {
            world().sendRecv(out, 200_000, MPI.BYTE, next(), i, in, 200_000, MPI.BYTE, previous(), i);
            holds(pattern(200_000, previous()), memory, "round " + i);
        }
    }

    @Program
    static void messagesToItself() throws MPIException {
        for (int size : SIZES) {
            MemorySegment out = device().deviceCopy(pattern(size, 3));
            MemorySegment in = device().allocate(size + 1);
            Request receive = MPI.COMM_SELF.iRecv(in.asByteBuffer(), size, MPI.BYTE, 0, 0);
            MPI.COMM_SELF.send(out, size, MPI.BYTE, 0, 0);
            receive.waitFor();
            holds(pattern(size, 3), in, "posted first, " + size);
            byte[] array = new byte[size];
            Request send = MPI.COMM_SELF.iSend(out.asByteBuffer(), size, MPI.BYTE, 0, 0);
            MPI.COMM_SELF.recv(array, size, MPI.BYTE, 0, 0);
            send.waitFor();
            equal(pattern(size, 3), array, "sent first, " + size);
        }
    }

    @Program
    static void manyAtOnceAndUnexpected() throws MPIException {
        int count = 12;
        Request[] requests = new Request[2 * count];
        MemorySegment[] in = new MemorySegment[count];
        for (int i = 0; i < count; i++) {
            int size = SIZES[i % SIZES.length];
            ByteBuffer out = device().deviceCopy(pattern(size, rank() + i)).asByteBuffer();
            requests[i] = world().iSend(out, size, MPI.BYTE, next(), i);
        }
        MPI.COMM_WORLD.barrier();
        for (int i = count - 1; i >= 0; i--) {
            int size = SIZES[i % SIZES.length];
            in[i] = device().allocate(size + 1);
            requests[count + i] = world().iRecv(in[i].asByteBuffer(), size, MPI.BYTE, previous(), i);
        }
        Request.waitAll(requests);
        for (int i = 0; i < count; i++) {
            holds(pattern(SIZES[i % SIZES.length], previous() + i), in[i], "message " + i);
        }
    }

    @Program
    static void probedPersistentBufferedAndPartitionedMessages() throws MPIException {
        int size = 150_000;
        MemorySegment out = device().deviceCopy(pattern(size, rank()));
        MemorySegment in = device().allocate(size);
        Request send = world().iSend(out.asByteBuffer(), size, MPI.BYTE, next(), 1);
        Message message = new Message();
        message.mProbe(previous(), 1, world());
        message.mRecv(in, size, MPI.BYTE);
        send.waitFor();
        holds(pattern(size, previous()), in, "probed");

        Prequest sends = world().sendInit(out.asByteBuffer(), size, MPI.BYTE, next(), 2);
        Prequest receives = world().recvInit(in.asByteBuffer(), size, MPI.BYTE, previous(), 2);
        for (int round = 0; round < 3; round++) {
            device().write(out, pattern(size, rank() + round));
            receives.start();
            sends.start();
            Request.waitAll(new Request[] {sends, receives});
            holds(pattern(size, previous() + round), in, "persistent, round " + round);
        }

        MPI.attachBuffer(new byte[size + MPI.BSEND_OVERHEAD]);
        world().bSend(out, size, MPI.BYTE, next(), 3);
        world().recv(in, size, MPI.BYTE, previous(), 3);
        MPI.detachBuffer();
        holds(pattern(size, previous() + 2), in, "buffered");

        Partitioned parts = Partitioned.psendInit(world(), out, 3, size / 3, MPI.BYTE, next(), 4);
        Partitioned arrivals = Partitioned.precvInit(world(), in, 2, size / 2, MPI.BYTE, previous(), 4);
        device().write(in, new byte[size]);
        arrivals.start();
        parts.start();
        parts.preadyRange(0, 2);
        parts.waitFor();
        arrivals.waitFor();
        holds(pattern(size, previous() + 2), in, "partitioned");

        world().sendRecvReplace(out, size, MPI.BYTE, next(), 5, previous(), 5);
        holds(pattern(size, previous() + 2), out, "replaced");
    }

    /** The types have gaps, which must stay as they are. */
    @Program
    static void datatypesWithGaps() throws MPIException {
        Datatype vector = Datatype.createVector(1000, 3, 7, MPI.INT);
        Datatype list = Datatype.createIndexed(new int[] {2, 1, 5}, new int[] {10, 0, 3}, MPI.SHORT);
        Datatype nested = Datatype.createVector(50, 1, 2, list);
        for (Datatype type : new Datatype[] {vector, list, nested}) {
            type.commit();
            int unit = type == vector ? Integer.BYTES : Short.BYTES;
            for (int count : new int[] {1, 3, 40}) {
                int span = (count + 1) * type.getExtent() * unit;
                int bytes = count * type.getSize() * unit;
                byte[] filled = pattern(span, rank());
                byte[] expected = pattern(span, 99);
                byte[] packed = new byte[bytes];
                world().pack(direct(pattern(span, previous())), count, type, packed, 0);
                world().unpack(packed, 0, ByteBuffer.wrap(expected), count, type);

                MemorySegment out = device().deviceCopy(filled);
                MemorySegment in = device().deviceCopy(pattern(span, 99));
                Request receive = world().iRecv(in.asByteBuffer(), count, type, previous(), 0);
                world().send(out, count, type, next(), 0);
                receive.waitFor();
                holds(expected, in, "gaps to gaps, " + count);

                device().write(in, pattern(span, 99));
                receive = world().iRecv(in.asByteBuffer(), count, type, previous(), 0);
                world().send(ByteBuffer.wrap(filled), count, type, next(), 0);
                receive.waitFor();
                holds(expected, in, "host to device, " + count);

                byte[] flat = new byte[bytes];
                Request send = world().iSend(out.asByteBuffer(), count, type, next(), 0);
                world().recv(flat, bytes, MPI.BYTE, previous(), 0);
                send.waitFor();
                equal(packed, flat, "device with gaps to bytes, " + count);

                byte[] array = new byte[bytes];
                world().pack(out, count, type, array, 0);
                device().write(in, pattern(span, 99));
                world().unpack(packed, 0, in, count, type);
                holds(expected, in, "unpacked, " + count);
                world().sendRecv(array, bytes, MPI.BYTE, next(), 1, flat, bytes, MPI.BYTE, previous(), 1);
                equal(packed, flat, "packed, " + count);
            }
            type.free();
        }
    }

    @Program
    static void aMessageThatIsTooLong() throws MPIException {
        MPI.COMM_WORLD.setErrhandler(MPI.ERRORS_RETURN);
        for (int size : new int[] {1000, 60_000, 500_000}) {
            MemorySegment in = device().deviceCopy(new byte[size]);
            Request receive = world().iRecv(in.asByteBuffer(), size / 2, MPI.BYTE, previous(), 0);
            world().send(device().deviceCopy(pattern(size, rank())), size, MPI.BYTE, next(), 0);
            raises(MPI.ERR_TRUNCATE, receive::waitFor, "too long, " + size);
            byte[] expected = new byte[size];
            System.arraycopy(pattern(size, previous()), 0, expected, 0, size / 2);
            holds(expected, in, "half of " + size);
        }
        MPI.COMM_WORLD.setErrhandler(MPI.ERRORS_ARE_FATAL);
    }

    @Program
    static void collectivesThatMoveData() throws MPIException {
        int n = size();
        for (int block : new int[] {0, 10, 3000, 200_000}) {
            MemorySegment mine = device().deviceCopy(pattern(block, rank()));
            MemorySegment all = device().allocate((long) n * block + 1);
            byte[] together = new byte[n * block];
            for (int i = 0; i < n; i++) {
                System.arraycopy(pattern(block, i), 0, together, i * block, block);
            }
            MPI.COMM_WORLD.allGather(mine, block, MPI.BYTE, all, block, MPI.BYTE);
            holds(together, all, "allgather of " + block);
            device().write(all, new byte[n * block]);
            MPI.COMM_WORLD.iGather(mine.asByteBuffer(), block, MPI.BYTE, all.asByteBuffer(), block, MPI.BYTE, n - 1)
                    .waitFor();
            holds(rank() == n - 1 ? together : new byte[n * block], all, "gather of " + block);
            device().write(all, together);
            device().write(mine, new byte[block]);
            MPI.COMM_WORLD.scatter(all, block, MPI.BYTE, mine, block, MPI.BYTE, 0);
            holds(pattern(block, rank()), mine, "scatter of " + block);

            MemorySegment cast = rank() == 0 ? all : device().allocate((long) n * block + 1);
            MPI.COMM_WORLD.bcast(cast, n * block, MPI.BYTE, 0);
            holds(together, cast, "bcast of " + block);
            MPI.COMM_WORLD.iBcast(cast.asByteBuffer(), n * block, MPI.BYTE, n - 1).waitFor();
            holds(together, cast, "ibcast of " + block);

            MemorySegment exchanged = device().allocate((long) n * block + 1);
            byte[] row = new byte[n * block];
            byte[] column = new byte[n * block];
            for (int i = 0; i < n; i++) {
                System.arraycopy(pattern(block, 10 * rank() + i), 0, row, i * block, block);
                System.arraycopy(pattern(block, 10 * i + rank()), 0, column, i * block, block);
            }
            device().write(all, row);
            MPI.COMM_WORLD.allToAll(all, block, MPI.BYTE, exchanged, block, MPI.BYTE);
            holds(column, exchanged, "alltoall of " + block);

            int[] counts = new int[n];
            int[] places = new int[n];
            Arrays.setAll(counts, i -> block);
            Arrays.setAll(places, i -> i * block);
            device().write(exchanged, new byte[n * block]);
            MPI.COMM_WORLD.allToAllv(all, counts, places, MPI.BYTE, exchanged, counts, places, MPI.BYTE);
            holds(column, exchanged, "alltoallv of " + block);
        }
    }

    @Program
    static void reductions() throws MPIException {
        int n = size();
        for (int count : new int[] {1, 100, 50_000}) {
            MemorySegment mine = device().deviceCopy(ints(count, rank() + 1));
            MemorySegment result = device().allocate(4L * count);
            int sum = n * (n + 1) / 2;
            MPI.COMM_WORLD.allReduce(mine, result, count, MPI.INT, MPI.SUM);
            holds(ints(count, sum), result, "allreduce of " + count);
            MPI.COMM_WORLD.iAllReduce(result.asByteBuffer(), count, MPI.INT, MPI.MAX).waitFor();
            holds(ints(count, sum), result, "in place of " + count);
            device().write(result, ints(count, 0));
            MPI.COMM_WORLD.reduce(mine, result, count, MPI.INT, MPI.SUM, 0);
            holds(ints(count, rank() == 0 ? sum : 0), result, "reduce of " + count);
            MPI.COMM_WORLD.scan(mine, result, count, MPI.INT, MPI.SUM);
            holds(ints(count, (rank() + 1) * (rank() + 2) / 2), result, "scan of " + count);
            device().write(result, ints(count, -5));
            MPI.COMM_WORLD.exScan(mine, result, count, MPI.INT, MPI.SUM);
            holds(ints(count, rank() == 0 ? -5 : rank() * (rank() + 1) / 2), result, "exscan of " + count);

            MemorySegment row = device().deviceCopy(ints(n * count, rank() + 1));
            MPI.COMM_WORLD.reduceScatterBlock(row, result, count, MPI.INT, MPI.SUM);
            holds(ints(count, sum), result, "reduce-scatter of " + count);
            int[] counts = new int[n];
            Arrays.fill(counts, count);
            device().write(result, ints(count, 0));
            MPI.COMM_WORLD.iReduceScatter(row.asByteBuffer(), result.asByteBuffer(), counts, MPI.INT, MPI.SUM)
                    .waitFor();
            holds(ints(count, sum), result, "ireduce-scatter of " + count);

            int[] host = new int[count];
            MPI.COMM_WORLD.allReduce(mine, host, count, MPI.INT, MPI.SUM);
            equal(sum, host[count - 1], "to the host, of " + count);
            Comm.reduceLocal(mine, result, count, MPI.INT, MPI.PROD);
            holds(ints(count, sum * (rank() + 1)), result, "local of " + count);
        }
    }

    private static byte[] ints(int count, int value) {
        byte[] bytes = new byte[4 * count];
        ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        for (int i = 0; i < count; i++) {
            view.putInt(value);
        }
        return bytes;
    }

    @Program
    static void memoryOfPoolsAndManagedMemory() throws MPIException {
        int size = 100_000;
        MemorySegment pooled = device().allocateFromPool(size);
        device().write(pooled, pattern(size, rank()));
        MemorySegment managed = device().allocateManaged(size);
        Request receive = world().iRecv(managed.asByteBuffer(), size, MPI.BYTE, previous(), 0);
        world().send(pooled, size, MPI.BYTE, next(), 0);
        receive.waitFor();
        equal(pattern(size, previous()), managed.toArray(ValueLayout.JAVA_BYTE), "managed memory");
    }

    @Program
    static void whatDoesNotReachTheDevice() throws MPIException {
        ByteBuffer memory = device().allocate(1000).asByteBuffer();
        String[] says = {"memory of a CUDA device", "copy it to memory of the host first"};
        MPI.COMM_WORLD.setErrhandler(MPI.ERRORS_RETURN);
        raises(MPI.ERR_BUFFER, () -> new Win(memory, 1000, 1, MPI.INFO_NULL, MPI.COMM_WORLD), "window", says);
        Win window = new Win(MPI.newByteBuffer(1000), 1000, 1, MPI.INFO_NULL, MPI.COMM_WORLD);
        window.setErrhandler(MPI.ERRORS_RETURN);
        window.fence(0);
        raises(MPI.ERR_BUFFER, () -> window.put(memory, 10, MPI.BYTE, next(), 0, 10, MPI.BYTE), "put", says);
        raises(MPI.ERR_BUFFER, () -> window.get(memory, 10, MPI.BYTE, next(), 0, 10, MPI.BYTE), "get", says);
        window.fence(0);
        window.free();
        MPI.COMM_WORLD.setErrhandler(MPI.ERRORS_ARE_FATAL);
    }

    @Program
    static void makesItsStreamsOnce() throws MPIException {
        MemorySegment out = device().deviceCopy(pattern(300_000, rank()));
        MemorySegment in = device().allocate(300_000);
        String[] once = {"cuStreamCreate", "cuModuleLoadData", "cuMemAlloc_v2"};
        world().sendRecv(out, 300_000, MPI.BYTE, next(), 0, in, 300_000, MPI.BYTE, previous(), 0);
        long[] before = Arrays.stream(once).mapToLong(device()::calls).toArray();
        for (int i = 0; i < 20; i++) {
            world().sendRecv(out, 300_000, MPI.BYTE, next(), 0, in, 300_000, MPI.BYTE, previous(), 0);
        }
        equal(before, Arrays.stream(once).mapToLong(device()::calls).toArray(), "calls that make things");
        that(device().calls("cuMemcpyDtoHAsync_v2") > 0, "copies from the device");
    }
}
