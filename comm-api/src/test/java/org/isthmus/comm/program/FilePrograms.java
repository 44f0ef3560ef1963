package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;
import static org.isthmus.comm.program.Verify.raises;
import static org.isthmus.comm.program.Verify.that;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import mpi.Comm;
import mpi.Datatype;
import mpi.File;
import mpi.Info;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;
import mpi.Status;

/** Files of several processes. */
final class FilePrograms {
    /** Environment variable with the directory of the files. */
    static final String DIRECTORY = "FILE_PROGRAMS_DIRECTORY";

    private static final int CREATE = MPI.MODE_CREATE | MPI.MODE_RDWR;

    private FilePrograms() {}

    private static Path path(String name) {
        return Path.of(System.getenv(DIRECTORY), name);
    }

    private static File open(String name, int mode) throws MPIException {
        return new File(MPI.COMM_WORLD, path(name).toString(), mode);
    }

    /** Every size-th int from the rank's on. */
    private static Datatype stride(int size) throws MPIException {
        Datatype type = Datatype.createResized(MPI.INT, 0, 4 * size);
        type.commit();
        return type;
    }

    @Program
    static void stridedViewsByEveryKindOfCall() throws MPIException {
        Comm world = MPI.COMM_WORLD;
        int me = world.getRank();
        int size = world.getSize();
        int n = 30_000;
        File file = open("strided", CREATE | MPI.MODE_DELETE_ON_CLOSE);
        file.setView(4L * me, MPI.INT, stride(size), "native");
        int[] data = new int[n];
        Arrays.setAll(data, i -> i * size + me);
        IntBuffer direct = MPI.newIntBuffer(n);
        direct.put(data).clear();
        int[] back = new int[n];
        for (int kind = 0; kind < 6; kind++) {
            file.seek(0, MPI.SEEK_SET);
            switch (kind) {
                case 0 -> equal(n, file.writeAll(data, n, MPI.INT).getCount(MPI.INT), "writeAll");
                case 1 -> equal(n, file.iWriteAll(direct, n, MPI.INT).waitStatus().getCount(MPI.INT), "iWriteAll");
                case 2 -> equal(n, file.writeAtAll(0, direct, n, MPI.INT).getCount(MPI.INT), "writeAtAll");
                case 3 -> equal(n, file.write(data, n, MPI.INT).getCount(MPI.INT), "write");
                case 4 -> equal(n, file.iWriteAt(0, direct, n, MPI.INT).waitStatus().getCount(MPI.INT), "iWriteAt");
                default -> {
                    file.writeAllBegin(direct, n, MPI.INT);
                    equal(n, file.writeAllEnd(direct).getCount(MPI.INT), "writeAllEnd");
                }
            }
            world.barrier();
            equal(4L * n * size, file.getSize(), "size");
            Arrays.fill(back, -1);
            file.seek(0, MPI.SEEK_SET);
            switch (kind) {
                case 0 -> equal(n, file.readAll(back, n, MPI.INT).getCount(MPI.INT), "readAll");
                case 1 -> equal(n, file.iReadAll(IntBuffer.wrap(back), n, MPI.INT).waitStatus().getCount(MPI.INT),
                        "iReadAll");
                case 2 -> equal(n, file.readAtAll(0, back, n, MPI.INT).getCount(MPI.INT), "readAtAll");
                case 3 -> equal(n, file.read(back, n, MPI.INT).getCount(MPI.INT), "read");
                case 4 -> equal(n, file.iReadAt(0, IntBuffer.wrap(back), n, MPI.INT).waitStatus().getCount(MPI.INT),
                        "iReadAt");
                default -> {
                    file.readAllBegin(back, n, MPI.INT);
                    equal(n, file.readAllEnd(back).getCount(MPI.INT), "readAllEnd");
                }
            }
            equal(data, back, "what was written by kind " + kind);
            world.barrier();
            file.setSize(0);
        }
        file.close();
        that(!Files.exists(path("strided")), "deleted on close");
    }

    @Program
    static void largeContiguousParts() throws MPIException, IOException {
        int me = MPI.COMM_WORLD.getRank();
        int size = MPI.COMM_WORLD.getSize();
        int bytes = 3_000_017;
        File file = open("contiguous", CREATE);
        file.setSize(0);
        ByteBuffer data = MPI.newByteBuffer(bytes);
        for (int i = 0; i < bytes; i++) {
            data.put(i, (byte) (i * 7 + me));
        }
        Request write = file.iWriteAtAll((long) bytes * me, data, bytes, MPI.BYTE);
        equal(bytes, write.waitStatus().getCount(MPI.BYTE), "iWriteAtAll");
        file.sync();
        MPI.COMM_WORLD.barrier();
        int other = (me + 1) % size;
        byte[] back = new byte[bytes];
        equal(bytes, file.readAt((long) bytes * other, back, bytes, MPI.BYTE).getCount(MPI.BYTE), "readAt");
        for (int i = 0; i < bytes; i++) {
            that(back[i] == (byte) (i * 7 + other), "byte " + i);
        }
        file.close();
        that(Files.size(path("contiguous")) == (long) bytes * size, "size");
    }

    /** A rank that does not call MPI keeps nobody from the shared position, nor its own accesses from going on. */
    @Program(minRanks = 2)
    static void aRankThatComputesStopsNobody() throws MPIException, IOException, InterruptedException {
        int me = MPI.COMM_WORLD.getRank();
        int size = MPI.COMM_WORLD.getSize();
        File file = open("computes", CREATE | MPI.MODE_DELETE_ON_CLOSE);
        IntBuffer number = MPI.newIntBuffer(1);
        number.put(0, me);
        if (me == 0) {
            Request own = file.iWriteAt(4L * 1000, number, 1, MPI.INT);
            // No call of MPI until all others have written and this rank's own access is over.
            while (Files.size(path("computes")) < 4 * 1001 || !Files.exists(path("others"))) {
                Thread.sleep(1);
            }
            own.waitFor();
        } else {
            for (int i = 0; i < 20; i++) {
                file.writeShared(new int[] {me}, 1, MPI.INT);
            }
            Intracomm others = MPI.COMM_WORLD.createGroup(MPI.COMM_WORLD.getGroup().excl(new int[] {0}), 5);
            others.barrier();
            if (others.getRank() == 0) {
                Files.createFile(path("others"));
            }
            others.free();
        }
        equal(4L * 20 * (size - 1), file.getPositionShared(), "shared position");
        int[] all = new int[20 * (size - 1)];
        int got = file.readAtAll(0, all, all.length, MPI.INT).getCount(MPI.INT);
        equal(all.length, got, "ints written");
        int[] times = new int[size];
        for (int rank : all) {
            times[rank]++;
        }
        for (int rank = 1; rank < size; rank++) {
            equal(20, times[rank], "times of rank " + rank);
        }
        file.close();
        if (me == 0) {
            Files.delete(path("others"));
        }
    }

    @Program
    static void orderedAccessIsInTheOrderOfRanks() throws MPIException {
        int me = MPI.COMM_WORLD.getRank();
        int size = MPI.COMM_WORLD.getSize();
        File file = open("ordered", CREATE | MPI.MODE_DELETE_ON_CLOSE);
        file.setView(0, MPI.INT, MPI.INT, "native");
        int[] mine = new int[me + 1];
        Arrays.fill(mine, me);
        file.writeOrdered(mine, mine.length, MPI.INT);
        file.writeOrderedBegin(mine, mine.length, MPI.INT);
        equal(mine.length, file.writeOrderedEnd(mine).getCount(MPI.INT), "writeOrderedEnd");
        int once = size * (size + 1) / 2;
        equal(2L * once, file.getPositionShared(), "shared position");
        file.seekShared(once, MPI.SEEK_SET);
        int[] back = new int[me + 1];
        equal(mine.length, file.readOrdered(back, back.length, MPI.INT).getCount(MPI.INT), "readOrdered");
        equal(mine, back, "own part");
        file.close();
    }

    @Program
    static void manyRequestsAtOnce() throws MPIException {
        int me = MPI.COMM_WORLD.getRank();
        int size = MPI.COMM_WORLD.getSize();
        Info info = new Info();
        info.set("romio_cb_write", "enable");
        info.set("romio_cb_read", "enable");
        info.set("cb_buffer_size", "65536");
        File file = new File(MPI.COMM_WORLD, path("many").toString(), CREATE | MPI.MODE_DELETE_ON_CLOSE, info);
        file.setView(4L * me, MPI.INT, stride(size), "native");
        int part = 5000;
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            IntBuffer out = MPI.newIntBuffer(part);
            for (int k = 0; k < part; k++) {
                out.put(k, me + size * (i * part + k));
            }
            requests.add(i % 2 == 0 ? file.iWriteAll(out, part, MPI.INT) : file.iWrite(out, part, MPI.INT));
        }
        requests.add(MPI.COMM_WORLD.iBarrier());
        for (Status status : Request.waitAllStatus(requests.toArray(new Request[0]))) {
            equal(MPI.SUCCESS, status.getError(), "error");
        }
        MPI.COMM_WORLD.barrier();
        int[] all = new int[10 * part];
        equal(all.length, file.readAtAll(0, all, all.length, MPI.INT).getCount(MPI.INT), "ints");
        for (int i = 0; i < all.length; i++) {
            equal(me + size * i, all[i], "int " + i);
        }
        file.close();
    }

    @Program
    static void errorsAreOnAllRanks() throws MPIException {
        int me = MPI.COMM_WORLD.getRank();
        raises(MPI.ERR_NO_SUCH_FILE, () -> open("absent", MPI.MODE_RDONLY), "open", "absent");
        raises(MPI.ERR_AMODE, () -> open("absent", MPI.MODE_RDONLY | MPI.MODE_CREATE), "open", "amode");
        File file = open("errors", CREATE | MPI.MODE_DELETE_ON_CLOSE);
        if (MPI.COMM_WORLD.getSize() > 1) {
            raises(MPI.ERR_NOT_SAME, () -> file.setSize(me), "setSize", "size is " + me);
            raises(MPI.ERR_NOT_SAME, () -> file.seekShared(me, MPI.SEEK_SET), "seekShared", "offset");
            raises(MPI.ERR_DISP, () -> file.setView(me == 1 ? -5 : 0, MPI.INT, MPI.INT, "native"), "setView",
                    me == 1 ? "disp is -5" : "rank 1");
            raises(MPI.ERR_NOT_SAME, () -> file.setView(0, MPI.INT, MPI.INT, me == 1 ? "external32" : "native"),
                    "setView", "datarep");
        }
        file.write(new byte[3], 3, MPI.BYTE);
        file.close();
    }
}
