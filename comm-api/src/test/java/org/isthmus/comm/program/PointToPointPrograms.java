package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;
import static org.isthmus.comm.program.Verify.raises;
import static org.isthmus.comm.program.Verify.that;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.Random;
import mpi.Comm;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Prequest;
import mpi.Request;
import mpi.Status;

/** Modes, forms, order, sizes and limits of point-to-point communication. */
final class PointToPointPrograms {
    private static final int[] SIZES =
            {0, 1, 7, 8, 63, 64, 65, 500, 1023, 1024, 1025, 4095, 4096, 4097, 8191, 8192, 8193,
        16384, 32768, 65535, 65536, 65537, 262144, 1 << 20, (1 << 20) + 1};

    private PointToPointPrograms() {}

    private static Intracomm world() {
        return MPI.COMM_WORLD;
    }

    private static byte[] pattern(int length, int seed) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + (i >> 8) + seed);
        }
        return bytes;
    }

    private interface Send {
        void send(Object buf, int count, int dest, int tag) throws MPIException;
    }

    private interface Start {
        Request start(IntBuffer buf, int count, int dest, int tag) throws MPIException;
    }

    @Program
    static void blockingModes() throws MPIException {
        Comm w = world();
        int rank = w.getRank();
        int size = w.getSize();
        int next = (rank + 1) % size;
        int previous = (rank + size - 1) % size;
        MPI.attachBuffer(new byte[4 * 50_000 + MPI.BSEND_OVERHEAD]);
        Send[] modes = {(b, c, d, t) -> w.send(b, c, MPI.INT, d, t), (b, c, d, t) -> w.sSend(b, c, MPI.INT, d, t),
            (b, c, d, t) -> w.rSend(b, c, MPI.INT, d, t), (b, c, d, t) -> w.bSend(b, c, MPI.INT, d, t)};
        for (int mode = 0; mode < modes.length; mode++) {
            for (int count : new int[] {0, 1, 10, 3000, 50_000}) {
                IntBuffer in = MPI.newIntBuffer(count);
                Request receive = w.iRecv(in, count, MPI.INT, previous, mode);
                w.barrier();
                int[] out = new int[count];
                Arrays.setAll(out, i -> i * (rank + 1));
                modes[mode].send(out, count, next, mode);
                Status status = receive.waitStatus();
                equal(previous, status.getSource(), "source");
                equal(mode, status.getTag(), "tag");
                equal(count, status.getCount(MPI.INT), "count");
                for (int i = 0; i < count; i++) {
                    equal(i * (previous + 1), in.get(i), "mode " + mode + " count " + count + " element " + i);
                }
            }
        }
        equal(4 * 50_000 + MPI.BSEND_OVERHEAD, MPI.detachBuffer().length, "detached");
    }

    @Program
    static void nonBlockingModes() throws MPIException {
        Comm w = world();
        int rank = w.getRank();
        int size = w.getSize();
        MPI.attachBuffer(new byte[size * (4 * 20_000 + MPI.BSEND_OVERHEAD)]);
        Start[] modes = {(b, c, d, t) -> w.iSend(b, c, MPI.INT, d, t), (b, c, d, t) -> w.isSend(b, c, MPI.INT, d, t),
            (b, c, d, t) -> w.irSend(b, c, MPI.INT, d, t), (b, c, d, t) -> w.ibSend(b, c, MPI.INT, d, t),
            (b, c, d, t) -> started(w.sendInit(b, c, MPI.INT, d, t)),
            (b, c, d, t) -> started(w.sSendInit(b, c, MPI.INT, d, t)),
            (b, c, d, t) -> started(w.rSendInit(b, c, MPI.INT, d, t)),
            (b, c, d, t) -> started(w.bSendInit(b, c, MPI.INT, d, t))};
        for (int mode = 0; mode < modes.length; mode++) {
            for (int count : new int[] {0, 3, 20_000}) {
                Request[] requests = new Request[2 * size];
                IntBuffer[] in = new IntBuffer[size];
                for (int peer = 0; peer < size; peer++) {
                    in[peer] = MPI.newIntBuffer(count);
                    requests[peer] = w.iRecv(in[peer], count, MPI.INT, peer, mode);
                }
                w.barrier();
                for (int peer = 0; peer < size; peer++) {
                    IntBuffer out = MPI.newIntBuffer(count);
                    for (int i = 0; i < count; i++) {
                        out.put(i, i + 1000 * rank + peer);
                    }
                    requests[size + peer] = modes[mode].start(out, count, peer, mode);
                }
                Status[] statuses = Request.waitAllStatus(requests);
                for (int peer = 0; peer < size; peer++) {
                    equal(peer, statuses[peer].getSource(), "source");
                    equal(count, statuses[peer].getCount(MPI.INT), "count");
                    for (int i = 0; i < count; i++) {
                        equal(i + 1000 * peer + rank, in[peer].get(i), "mode " + mode + " element " + i);
                    }
                }
            }
        }
        MPI.detachBuffer();
    }

    private static Request started(Prequest request) throws MPIException {
        request.start();
        return request;
    }

    @Program
    static void sizes() throws MPIException {
        Comm w = world();
        int next = (w.getRank() + 1) % w.getSize();
        int previous = (w.getRank() + w.getSize() - 1) % w.getSize();
        for (int size : SIZES) {
            byte[] in = new byte[size + 5];
            Status status = w.sendRecv(pattern(size, w.getRank()), size, MPI.BYTE, next, 1, in, size + 5, MPI.BYTE,
                    previous, 1);
            equal(size, status.getCount(MPI.BYTE), "count");
            equal(Arrays.copyOf(pattern(size, previous), size + 5), in, size + " bytes in arrays");
            ByteBuffer[] outs = {ByteBuffer.allocateDirect(size), MPI.newByteBuffer(size)};
            ByteBuffer[] ins = {MPI.newByteBuffer(size), ByteBuffer.allocateDirect(size)};
            for (int k = 0; k < 2; k++) {
                outs[k].put(0, pattern(size, w.getRank()));
                w.sendRecv(outs[k], size, MPI.BYTE, next, 1, ins[k], size, MPI.BYTE, previous, 1);
                byte[] got = new byte[size];
                ins[k].get(0, got);
                equal(pattern(size, previous), got, size + " bytes in buffers");
            }
        }
    }

    @Program(maxRanks = 4)
    static void sixteenMebibytes() throws MPIException {
        Comm w = world();
        int next = (w.getRank() + 1) % w.getSize();
        int previous = (w.getRank() + w.getSize() - 1) % w.getSize();
        int size = 16 << 20;
        byte[] in = new byte[size];
        w.sendRecv(pattern(size, w.getRank()), size, MPI.BYTE, next, 1, in, size, MPI.BYTE, previous, 1);
        equal(pattern(size, previous), in, "16 MiB");
    }

    @Program
    static void shortReceivesLeaveTheRestAlone() throws MPIException {
        Comm w = world();
        int next = (w.getRank() + 1) % w.getSize();
        int previous = (w.getRank() + w.getSize() - 1) % w.getSize();
        for (int sent : new int[] {0, 1, 100, 5000, 100_000}) {
            int[] in = new int[sent + 200];
            Arrays.fill(in, -7);
            int[] out = new int[sent];
            Arrays.setAll(out, i -> i);
            Request request = w.iSend(IntBuffer.wrap(out), sent, MPI.INT, next, 3);
            Status status = w.recv(in, in.length, MPI.INT, previous, 3);
            request.waitFor();
            equal(sent, status.getCount(MPI.INT), "count");
            for (int i = 0; i < in.length; i++) {
                equal(i < sent ? i : -7, in[i], sent + " sent, element " + i);
            }
        }
    }

    @Program
    static void truncation() throws MPIException {
        Comm w = world();
        w.setErrhandler(MPI.ERRORS_RETURN);
        int next = (w.getRank() + 1) % w.getSize();
        int previous = (w.getRank() + w.getSize() - 1) % w.getSize();
        for (int sent : new int[] {2, 100, 5000, 100_000}) {
            for (boolean late : new boolean[] {false, true}) {
                int[] in = new int[sent + 2];
                Arrays.fill(in, -7);
                IntBuffer out = MPI.newIntBuffer(sent);
                w.barrier();
                if (late) {
                    Request send = w.iSend(out, sent, MPI.INT, next, 3);
                    raises(MPI.ERR_TRUNCATE, () -> w.recv(in, sent - 1, MPI.INT, previous, 3), "recv",
                            "room for " + 4 * (sent - 1));
                    send.waitFor();
                } else {
                    Request receive = w.iRecv(IntBuffer.wrap(in), sent - 1, MPI.INT, previous, 3);
                    w.barrier();
                    w.send(out, sent, MPI.INT, next, 3);
                    raises(MPI.ERR_TRUNCATE, receive::waitFor, "iRecv");
                }
                equal(-7, in[sent - 1], "beyond the count");
                equal(-7, in[sent], "beyond the count");
                w.sendRecv(new int[] {w.getRank()}, 1, MPI.INT, next, 4, in, 1, MPI.INT, previous, 4);
                equal(previous, in[0], "the next message");
            }
        }
        w.setErrhandler(MPI.ERRORS_ARE_FATAL);
    }

    @Program
    static void anySourceAnyTag() throws MPIException {
        Comm w = world();
        int size = w.getSize();
        int messages = 40;
        Request[] sends = new Request[messages];
        for (int i = 0; i < messages; i++) {
            int[] out = new int[i % 5 == 4 ? 20_000 : 2];
            out[0] = w.getRank();
            out[1] = i;
            sends[i] = w.iSend(IntBuffer.wrap(out), out.length, MPI.INT, 0, i % 7);
        }
        if (w.getRank() == 0) {
            int[] seen = new int[size];
            for (int k = 0; k < size * messages; k++) {
                int[] in = new int[20_000];
                Status status = w.recv(in, in.length, MPI.INT, MPI.ANY_SOURCE, MPI.ANY_TAG);
                equal(in[0], status.getSource(), "source");
                equal(seen[in[0]]++, in[1], "order of messages of rank " + in[0]);
                equal(in[1] % 7, status.getTag(), "tag");
                equal(in[1] % 5 == 4 ? 20_000 : 2, status.getCount(MPI.INT), "count");
            }
        }
        Request.waitAll(sends);
    }

    @Program
    static void messagesAreMatchedByTagInOrder() throws MPIException {
        Comm w = world();
        int next = (w.getRank() + 1) % w.getSize();
        int previous = (w.getRank() + w.getSize() - 1) % w.getSize();
        int messages = 60;
        Request[] sends = new Request[messages];
        for (int i = 0; i < messages; i++) {
            int[] out = new int[i % 4 == 0 ? 30_000 : i];
            Arrays.fill(out, i);
            sends[i] = w.iSend(IntBuffer.wrap(out), out.length, MPI.INT, next, i % 3);
        }
        for (int tag = 2; tag >= 0; tag--) {
            for (int i = tag; i < messages; i += 3) {
                int length = i % 4 == 0 ? 30_000 : i;
                int[] in = new int[30_000];
                Status status = w.recv(in, 30_000, MPI.INT, previous, tag);
                equal(length, status.getCount(MPI.INT), "count of message " + i);
                that(length == 0 || in[0] == i && in[length - 1] == i, "message " + i + " has " + in[0]);
            }
        }
        Request.waitAll(sends);
    }

    @Program
    static void toAndFromNobody() throws MPIException {
        Comm w = world();
        int nobody = MPI.PROC_NULL;
        int[] data = {5};
        w.send(data, 1, MPI.INT, nobody, 0);
        w.sSend(data, 1, MPI.INT, nobody, 0);
        w.rSend(data, 1, MPI.INT, nobody, 0);
        w.bSend(data, 1, MPI.INT, nobody, 0);
        Status[] statuses = {w.recv(data, 1, MPI.INT, nobody, 3), w.probe(nobody, 3), w.iProbe(nobody, 3),
            w.iRecv(IntBuffer.wrap(data), 1, MPI.INT, nobody, 3).waitStatus(),
            w.sendRecv(data, 1, MPI.INT, nobody, 0, data, 1, MPI.INT, nobody, 3),
            w.sendRecvReplace(data, 1, MPI.INT, nobody, 0, nobody, 3)};
        for (Status status : statuses) {
            equal(nobody, status.getSource(), "source");
            equal(MPI.ANY_TAG, status.getTag(), "tag");
            equal(0, status.getCount(MPI.INT), "count");
        }
        equal(5, data[0], "data");
        w.iSend(IntBuffer.wrap(data), 1, MPI.INT, nobody, 0).waitFor();
        w.isSend(IntBuffer.wrap(data), 1, MPI.INT, nobody, 0).waitFor();
        Prequest persistent = w.recvInit(IntBuffer.wrap(data), 1, MPI.INT, nobody, 0);
        persistent.start();
        persistent.waitFor();
        persistent.start();
        equal(nobody, persistent.waitStatus().getSource(), "source");
        persistent.free();
        int[] exchanged = {-1};
        int right = w.getRank() + 1 < w.getSize() ? w.getRank() + 1 : nobody;
        int left = w.getRank() > 0 ? w.getRank() - 1 : nobody;
        w.sendRecv(new int[] {w.getRank()}, 1, MPI.INT, right, 0, exchanged, 1, MPI.INT, left, 0);
        equal(w.getRank() - 1, exchanged[0], "chain");
    }

    @Program
    static void zeroCountsWithoutBuffers() throws MPIException {
        Comm w = world();
        int next = (w.getRank() + 1) % w.getSize();
        int previous = (w.getRank() + w.getSize() - 1) % w.getSize();
        Request receive = w.iRecv(null, 0, MPI.DOUBLE, previous, 1);
        w.send(null, 0, MPI.DOUBLE, next, 1);
        Status status = receive.waitStatus();
        equal(0, status.getCount(MPI.DOUBLE), "count");
        equal(previous, status.getSource(), "source");
        status = w.sendRecv(null, 0, MPI.BYTE, next, 2, new byte[0], 0, MPI.BYTE, previous, 2);
        equal(2, status.getTag(), "tag");
    }

    @Program
    static void sendRecvReplaceShiftsARing() throws MPIException {
        Comm w = world();
        int rank = w.getRank();
        int size = w.getSize();
        for (int count : new int[] {1, 1000, 60_000}) {
            double[] data = new double[count];
            Arrays.fill(data, rank);
            for (int step = 1; step <= size; step++) {
                Status status =
                        w.sendRecvReplace(data, count, MPI.DOUBLE, (rank + 1) % size, 5, (rank + size - 1) % size, 5);
                equal(count, status.getCount(MPI.DOUBLE), "count");
                double expected = (rank - step % size + size) % size;
                that(data[0] == expected && data[count - 1] == expected, "step " + step + " has " + data[0]);
            }
        }
    }

    @Program
    static void messagesToSelf() throws MPIException {
        for (Comm c : new Comm[] {world(), MPI.COMM_SELF}) {
            int self = c.getRank();
            for (int size : new int[] {0, 1, 1000, 100_000, 3_000_000}) {
                byte[] in = new byte[size];
                Request receive = c.iRecv(ByteBuffer.wrap(in), size, MPI.BYTE, self, 9);
                c.sSend(pattern(size, 3), size, MPI.BYTE, self, 9);
                equal(size, receive.waitStatus().getCount(MPI.BYTE), "count");
                equal(pattern(size, 3), in, "posted before, " + size);
                Arrays.fill(in, (byte) 0);
                Request send = c.iSend(ByteBuffer.wrap(pattern(size, 4)), size, MPI.BYTE, self, 9);
                equal(size, c.probe(MPI.ANY_SOURCE, 9).getCount(MPI.BYTE), "probed");
                c.recv(in, size, MPI.BYTE, MPI.ANY_SOURCE, MPI.ANY_TAG);
                send.waitFor();
                equal(pattern(size, 4), in, "posted after, " + size);
            }
        }
    }

    @Program
    static void synchronousSendWaitsForItsReceive() throws MPIException {
        Comm w = world();
        int next = (w.getRank() + 1) % w.getSize();
        int previous = (w.getRank() + w.getSize() - 1) % w.getSize();
        Request send = w.isSend(IntBuffer.wrap(new int[] {1}), 1, MPI.INT, next, 0);
        w.barrier();
        for (int i = 0; i < 20; i++) {
            that(!send.test(), "a synchronous send is complete before its receive");
        }
        w.barrier();
        w.recv(new int[1], 1, MPI.INT, previous, 0);
        send.waitFor();
    }

    /** Everybody floods rank 0 while it is busy elsewhere; nothing gets lost or out of order. */
    @Program(minRanks = 2)
    static void unexpectedFlood() throws MPIException {
        Comm w = world();
        int messages = 1500;
        if (w.getRank() != 0) {
            long[] out = new long[40];
            for (int i = 0; i < messages; i++) {
                out[0] = i;
                out[39] = -i;
                w.send(out, 40, MPI.LONG, 0, 1);
            }
            w.send(null, 0, MPI.LONG, 0, 2);
        } else {
            for (int peer = 1; peer < w.getSize(); peer++) {
                w.recv(null, 0, MPI.LONG, peer, 2);
            }
            for (int peer = w.getSize() - 1; peer > 0; peer--) {
                for (int i = 0; i < messages; i++) {
                    long[] in = new long[40];
                    w.recv(in, 40, MPI.LONG, peer, 1);
                    that(in[0] == i && in[39] == -i, "message " + i + " of " + peer + " is " + in[0]);
                }
            }
        }
    }

    @Program
    static void randomExchange() throws MPIException {
        Comm w = world();
        int rank = w.getRank();
        int size = w.getSize();
        int rounds = 30;
        for (int round = 0; round < rounds; round++) {
            Request[] requests = new Request[2 * size];
            byte[][] in = new byte[size][];
            for (int peer = 0; peer < size; peer++) {
                in[peer] = new byte[length(round, peer, rank)];
            }
            for (int peer = 0; peer < size; peer++) {
                byte[] out = pattern(length(round, rank, peer), rank + round);
                requests[2 * peer] = (peer + round) % 2 == 0
                        ? w.iSend(ByteBuffer.wrap(out), out.length, MPI.BYTE, peer, round)
                        : w.isSend(ByteBuffer.allocateDirect(out.length).put(0, out),
                        out.length, MPI.BYTE, peer, round);
            }
            for (int peer = size - 1; peer >= 0; peer--) {
                requests[2 * peer + 1] = w.iRecv(ByteBuffer.wrap(in[peer]), in[peer].length, MPI.BYTE, peer, round);
            }
            Request.waitAll(requests);
            for (int peer = 0; peer < size; peer++) {
                equal(pattern(in[peer].length, peer + round), in[peer], "round " + round + " from " + peer);
            }
        }
    }

    private static int length(int round, int from, int to) {
        Random random = new Random(round * 10_007L + from * 101 + to);
        return random.nextInt(1 << random.nextInt(18));
    }

    @Program
    static void bufferedSendsNeedRoom() throws MPIException {
        Comm w = world();
        w.setErrhandler(MPI.ERRORS_RETURN);
        int self = w.getRank();
        raises(MPI.ERR_BUFFER, () -> w.bSend(new int[100], 100, MPI.INT, self, 0), "nothing attached", "attachBuffer");
        MPI.attachBuffer(new byte[300 + MPI.BSEND_OVERHEAD]);
        raises(MPI.ERR_BUFFER, () -> MPI.attachBuffer(new byte[10]), "attached twice", "detachBuffer");
        raises(MPI.ERR_BUFFER, () -> w.bSend(new byte[301], 301, MPI.BYTE, self, 0), "too long", "301");
        w.bSend(pattern(300, 1), 300, MPI.BYTE, self, 0);
        byte[] in = new byte[300];
        w.recv(in, 300, MPI.BYTE, self, 0);
        equal(pattern(300, 1), in, "buffered message");
        MPI.detachBuffer();
        int next = (self + 1) % w.getSize();
        for (int i = 0; i < 300; i++) {
            w.bSend(pattern(256, i), 256, MPI.BYTE, next, 1);
            in = new byte[256];
            w.recv(in, 256, MPI.BYTE, MPI.ANY_SOURCE, 1);
            equal(pattern(256, i), in, "small message without an attached buffer");
        }
        w.setErrhandler(MPI.ERRORS_ARE_FATAL);
    }

    @Program
    static void detachDeliversAllBufferedMessages() throws MPIException {
        Comm w = world();
        int next = (w.getRank() + 1) % w.getSize();
        int previous = (w.getRank() + w.getSize() - 1) % w.getSize();
        int messages = 50;
        int length = 20_000;
        byte[] attached = new byte[messages * (length + MPI.BSEND_OVERHEAD)];
        MPI.attachBuffer(attached);
        byte[] out = new byte[length];
        for (int i = 0; i < messages; i++) {
            Arrays.fill(out, (byte) i);
            w.bSend(out, length, MPI.BYTE, next, 0);
        }
        Arrays.fill(out, (byte) -1);
        byte[] in = new byte[length];
        for (int i = 0; i < messages; i++) {
            w.recv(in, length, MPI.BYTE, previous, 0);
            that(in[0] == i && in[length - 1] == i, "message " + i + " has " + in[0]);
        }
        that(MPI.detachBuffer() == attached, "the detached buffer is the attached one");
    }
}
