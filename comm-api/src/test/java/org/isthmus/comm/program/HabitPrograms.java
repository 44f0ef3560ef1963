package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;
import static org.isthmus.comm.program.Verify.that;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.Arrays;
import mpi.Datatype;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Op;
import mpi.Prequest;
import mpi.Request;
import mpi.Status;
import mpi.UserFunction;

/** What programs do although MPI does not promise it, or seldom do although it does. */
final class HabitPrograms {
    private HabitPrograms() {}

    /** One array as send and receive buffer of blocking calls: the JNI binding copied arrays, so this worked. */
    @Program
    static void oneArrayAsBothBuffers() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int size = w.getSize();
        int rank = w.getRank();
        for (int count : new int[] {1, 100, 3000, 40_000}) {
            int[] a = new int[count * size];
            Arrays.setAll(a, i -> rank + i / count * 10);
            w.allReduce(a, a, count * size, MPI.INT, MPI.SUM);
            equal(size * (size - 1) / 2 + 10 * size * (size - 1), a[a.length - 1], "allReduce " + count);
            Arrays.fill(a, rank + 1);
            w.reduce(a, a, count, MPI.INT, MPI.SUM, 0);
            equal(rank == 0 ? size * (size + 1) / 2 : rank + 1, a[count - 1], "reduce " + count);
            Arrays.fill(a, 1);
            w.scan(a, a, count, MPI.INT, MPI.SUM);
            equal(rank + 1, a[count - 1], "scan " + count);
            Arrays.fill(a, 1);
            w.exScan(a, a, count, MPI.INT, MPI.SUM);
            that(rank == 0 || a[count - 1] == rank, "exScan " + count);
            Arrays.fill(a, rank);
            w.allGather(a, count, MPI.INT, a, count, MPI.INT);
            for (int i = 0; i < size; i++) {
                equal(i, a[(i + 1) * count - 1], "allGather " + count);
            }
            Arrays.fill(a, rank);
            w.gather(a, count, MPI.INT, a, count, MPI.INT, size - 1);
            for (int i = 0; rank == size - 1 && i < size; i++) {
                equal(i, a[(i + 1) * count - 1], "gather " + count);
            }
            Arrays.setAll(a, i -> i / count);
            w.scatter(a, count, MPI.INT, a, count, MPI.INT, 0);
            equal(rank, a[count - 1], "scatter " + count);
            Arrays.setAll(a, i -> rank * 100 + i / count);
            w.allToAll(a, count, MPI.INT, a, count, MPI.INT);
            for (int i = 0; i < size; i++) {
                equal(i * 100 + rank, a[(i + 1) * count - 1], "allToAll " + count);
            }
            vectorForms(w, a, count);
            Arrays.fill(a, rank);
            w.sendRecv(a, count, MPI.INT, (rank + 1) % size, 0, a, count, MPI.INT, (rank + size - 1) % size, 0);
            equal((rank + size - 1) % size, a[count - 1], "sendRecv " + count);
        }
    }

    private static void vectorForms(Intracomm w, int[] a, int count) throws MPIException {
        int size = w.getSize();
        int rank = w.getRank();
        int[] counts = new int[size];
        Arrays.fill(counts, count);
        int[] displs = new int[size];
        Arrays.setAll(displs, i -> i * count);
        Arrays.fill(a, rank);
        w.allGatherv(a, count, MPI.INT, a, counts, displs, MPI.INT);
        equal(size - 1, a[a.length - 1], "allGatherv " + count);
        Arrays.fill(a, rank);
        w.gatherv(a, count, MPI.INT, a, counts, displs, MPI.INT, size - 1);
        that(rank != size - 1 || a[0] == 0, "gatherv " + count);
        Arrays.setAll(a, i -> i / count);
        w.scatterv(a, counts, displs, MPI.INT, a, count, MPI.INT, 0);
        equal(rank, a[count - 1], "scatterv " + count);
        Arrays.setAll(a, i -> rank * 100 + i / count);
        w.allToAllv(a, counts, displs, MPI.INT, a, counts, displs, MPI.INT);
        for (int i = 0; i < size; i++) {
            equal(i * 100 + rank, a[(i + 1) * count - 1], "allToAllv " + count);
        }
        Arrays.fill(a, 1);
        w.reduceScatter(a, a, counts, MPI.INT, MPI.SUM);
        equal(size, a[count - 1], "reduceScatter " + count);
        Arrays.fill(a, 1);
        w.reduceScatterBlock(a, a, count, MPI.INT, MPI.SUM);
        equal(size, a[count - 1], "reduceScatterBlock " + count);
    }

    /**
     * Everybody sends eight megabytes of small messages to the next first and receives afterwards: they are buffered.
     */
    @Program(maxRanks = 5)
    static void allSendBeforeAnyReceives() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int next = (w.getRank() + 1) % w.getSize();
        int previous = (w.getRank() + w.getSize() - 1) % w.getSize();
        for (int bytes : new int[] {8, 1000, 4000}) {
            int messages = 8_000_000 / (bytes + 64);
            byte[] out = new byte[bytes];
            for (int i = 0; i < messages; i++) {
                Arrays.fill(out, (byte) i);
                w.send(out, bytes, MPI.BYTE, next, 0);
            }
            byte[] in = new byte[bytes];
            for (int i = 0; i < messages; i++) {
                w.recv(in, bytes, MPI.BYTE, previous, 0);
                that(in[0] == (byte) i && in[bytes - 1] == (byte) i, "message " + i + " has " + in[0]);
            }
        }
    }

    @Program
    static void manyLargeUnexpectedMessages() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int next = (w.getRank() + 1) % w.getSize();
        int previous = (w.getRank() + w.getSize() - 1) % w.getSize();
        int messages = 100;
        int length = 100_000;
        Request[] sends = new Request[messages];
        for (int i = 0; i < messages; i++) {
            byte[] out = new byte[length];
            out[length - 1] = (byte) i;
            sends[i] = w.iSend(ByteBuffer.wrap(out), length, MPI.BYTE, next, i);
        }
        w.barrier();
        byte[] in = new byte[length];
        for (int i = messages - 1; i >= 0; i--) {
            w.recv(in, length, MPI.BYTE, previous, i);
            equal((byte) i, in[length - 1], "message " + i);
        }
        Request.waitAll(sends);
    }

    @Program
    static void freeWithOperationsUnderWay() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int size = w.getSize();
        int rank = w.getRank();
        for (int round = 0; round < 10; round++) {
            Intracomm first = w.dup();
            IntBuffer in = MPI.newIntBuffer(50_000);
            IntBuffer out = MPI.newIntBuffer(50_000);
            out.put(49_999, rank + 1);
            IntBuffer sum = MPI.newIntBuffer(1);
            Request[] requests = {first.iRecv(in, 50_000, MPI.INT, MPI.ANY_SOURCE, MPI.ANY_TAG),
                first.iAllReduce(IntBuffer.wrap(new int[] {1}), sum, 1, MPI.INT, MPI.SUM), null};
            if (rank == 0) {
                w.barrier(); // the others have gone on to the second one
            }
            requests[2] = rank == 0 ? first.iSend(out, 50_000, MPI.INT, 1 % size, 3) : MPI.REQUEST_NULL;
            if (rank != 0) {
                w.barrier();
                requests[2] = first.iSend(out, 50_000, MPI.INT, (rank + 1) % size, 3);
            }
            first.free();
            Intracomm second = w.dup();
            int[] got = new int[2];
            Status status = second.sendRecv(new int[] {-1, rank}, 2, MPI.INT, (rank + size - 1) % size, 3, got, 2,
                    MPI.INT, MPI.ANY_SOURCE, MPI.ANY_TAG);
            equal((rank + 1) % size, got[1], "message of the second communicator");
            equal(2, status.getCount(MPI.INT), "count");
            Request.waitAll(requests);
            equal((rank + size - 1) % size + 1, in.get(49_999), "message of the freed communicator");
            equal(size, sum.get(0), "collective of the freed communicator");
            second.free();
        }
    }

    @Program
    static void cancelledSend() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int next = (w.getRank() + 1) % w.getSize();
        int previous = (w.getRank() + w.getSize() - 1) % w.getSize();
        for (int count : new int[] {1, 50_000}) {
            Request send = w.isSend(MPI.newIntBuffer(count), count, MPI.INT, next, 0);
            send.cancel();
            w.barrier();
            Request receive = w.iRecv(MPI.newIntBuffer(count), count, MPI.INT, previous, 0);
            boolean cancelled = send.waitStatus().isCancelled();
            boolean[] theirs = new boolean[1];
            w.sendRecv(new boolean[] {cancelled}, 1, MPI.BOOLEAN, next, 1, theirs, 1, MPI.BOOLEAN, previous, 1);
            if (theirs[0]) {
                receive.cancel();
            }
            equal(theirs[0], receive.waitStatus().isCancelled(), "received or cancelled, not both");
            w.barrier(); // the next message is for the next receive
        }
    }

    /** A send that nobody ever receives can be cancelled, whatever its mode and kind of request. */
    @Program
    static void cancelledSendThatNobodyReceives() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int next = (w.getRank() + 1) % w.getSize();
        IntBuffer big = MPI.newIntBuffer(200_000);
        IntBuffer far = ByteBuffer.allocateDirect(800_000).order(ByteOrder.nativeOrder()).asIntBuffer();
        Prequest persistent = w.sSendInit(far, 1, MPI.INT, next, 4);
        persistent.start();
        Request[] sends = {w.isSend(big, 1, MPI.INT, next, 0), w.iSend(big, 200_000, MPI.INT, next, 1),
            w.iSend(far, 200_000, MPI.INT, next, 2), w.isSend(far, 200_000, MPI.INT, next, 3), persistent};
        for (Request send : sends) {
            send.cancel();
        }
        for (Status status : Request.waitAllStatus(sends)) {
            that(status.isCancelled(), "cancelled");
        }
        persistent.free();
        w.barrier();
        that(w.iProbe(MPI.ANY_SOURCE, MPI.ANY_TAG) == null, "nothing is left");
    }

    /** More than the node's pool may hold; a program that never frees must not fail for that. */
    @Program(maxRanks = 2)
    static void largeNewBuffers() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        ByteBuffer[] buffers = new ByteBuffer[6];
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = MPI.newByteBuffer(64 << 20);
            buffers[i].put((64 << 20) - 1, (byte) (i + w.getRank()));
        }
        byte[] in = new byte[1];
        for (int i = 0; i < buffers.length; i++) {
            int other = w.getSize() - 1 - w.getRank();
            w.sendRecv(MPI.slice(buffers[i], (64 << 20) - 1), 1, MPI.BYTE, other, 0, in, 1, MPI.BYTE, other, 0);
            equal((byte) (i + other), in[0], "last byte");
        }
    }

    /** Between neighbours, 200 MB of fresh memory a rank. */
    @Program(maxRanks = 5)
    static void buffersAreKeptAliveAndReusable() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int next = (w.getRank() + 1) % w.getSize();
        int previous = (w.getRank() + w.getSize() - 1) % w.getSize();
        for (int round = 0; round < 30; round++) {
            Request[] sends = new Request[8];
            for (int i = 0; i < sends.length; i++) {
                IntBuffer out = i % 2 == 0 ? MPI.newIntBuffer(30_000)
                        : ByteBuffer.allocateDirect(120_000).order(ByteOrder.nativeOrder()).asIntBuffer();
                out.put(29_999, i + round);
                sends[i] = w.iSend(out, 30_000, MPI.INT, next, i);
            }
            if (round % 10 == 0) {
                System.gc();
            }
            for (int i = 0; i < 50; i++) {
                MPI.newIntBuffer(30_000).put(29_999, -1);
            }
            int[] in = new int[30_000];
            for (int i = 0; i < sends.length; i++) {
                w.recv(in, 30_000, MPI.INT, previous, i);
                equal(i + round, in[29_999], "message " + i);
            }
            Request.waitAll(sends);
        }
    }

    private static final int RECORD = Integer.BYTES + Double.BYTES;

    /** Records of several bytes, reduced as so many {@code MPI.BYTE}: no call may cut one. */
    @Program
    static void recordsReducedAsBytes() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int size = w.getSize();
        Op sumAndLargest = new Op(new UserFunction() {
            @Override
            public void call(ByteBuffer in, ByteBuffer inOut, int count, Datatype datatype) throws MPIException {
                if (count % RECORD != 0) {
                    throw new MPIException(count + " bytes are no whole number of records");
                }
                for (int at = 0; at < count; at += RECORD) {
                    inOut.putInt(at, in.getInt(at) + inOut.getInt(at));
                    inOut.putDouble(at + 4, Math.max(in.getDouble(at + 4), inOut.getDouble(at + 4)));
                }
            }
        }, true);
        for (int records : new int[] {1, 7, 300, 1501, 20_000}) {
            ByteBuffer operand = MPI.newByteBuffer(records * RECORD);
            ByteBuffer result = MPI.newByteBuffer(records * RECORD);
            byte[] array = new byte[records * RECORD];
            for (int i = 0; i < records; i++) {
                operand.putInt(i).putDouble(w.getRank() + i / 2.0);
            }
            operand.get(0, array);
            w.allReduce(operand, result, records * RECORD, MPI.BYTE, sumAndLargest);
            checkRecords(result, records, size, "allReduce");
            w.iAllReduce(operand, result.put(0, new byte[records * RECORD]), records * RECORD, MPI.BYTE, sumAndLargest)
                    .waitFor();
            checkRecords(result, records, size, "iAllReduce");
            w.reduce(operand, result.put(0, new byte[records * RECORD]), records * RECORD, MPI.BYTE, sumAndLargest,
                    size - 1);
            if (w.getRank() == size - 1) {
                checkRecords(result, records, size, "reduce");
            }
            w.allReduce(array, records * RECORD, MPI.BYTE, sumAndLargest);
            checkRecords(ByteBuffer.wrap(array).order(ByteOrder.nativeOrder()), records, size, "allReduce of an array");
        }
        sumAndLargest.free();
    }

    private static void checkRecords(ByteBuffer records, int count, int size, String what) {
        for (int i = 0; i < count; i++) {
            equal(i * size, records.getInt(i * RECORD), what + ", sum in record " + i + " of " + count);
            equal(size - 1 + i / 2.0, records.getDouble(i * RECORD + 4), what + ", largest in record " + i);
        }
    }
}
