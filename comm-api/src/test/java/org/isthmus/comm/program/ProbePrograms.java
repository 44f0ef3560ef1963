package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;
import static org.isthmus.comm.program.Verify.raises;
import static org.isthmus.comm.program.Verify.that;

import java.nio.IntBuffer;
import mpi.Comm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Message;
import mpi.Prequest;
import mpi.Request;
import mpi.Status;

/** Probes, matched probes and cancellation. */
final class ProbePrograms {
    private ProbePrograms() {}

    @Program
    static void probe() throws MPIException {
        Comm w = MPI.COMM_WORLD;
        int size = w.getSize();
        int next = (w.getRank() + 1) % size;
        int previous = (w.getRank() + size - 1) % size;
        equal(null, w.iProbe(MPI.ANY_SOURCE, MPI.ANY_TAG), "nothing to probe");
        w.barrier();
        for (int count : new int[] {0, 3, 30_000}) {
            Request send = w.iSend(IntBuffer.wrap(new int[count]), count, MPI.INT, next, 7);
            Status status = w.probe(MPI.ANY_SOURCE, MPI.ANY_TAG);
            Status again = w.iProbe(previous, 7);
            for (Status s : new Status[] {status, again}) {
                equal(previous, s.getSource(), "source");
                equal(7, s.getTag(), "tag");
                equal(count, s.getCount(MPI.INT), "count");
                equal(count * 4, s.getElements(MPI.BYTE), "elements");
            }
            equal(null, w.iProbe(previous, 8), "other tag");
            int[] in = new int[status.getCount(MPI.INT)];
            w.recv(in, in.length, MPI.INT, status.getSource(), status.getTag());
            send.waitFor();
            equal(null, w.iProbe(MPI.ANY_SOURCE, MPI.ANY_TAG), "received already");
            w.barrier();
        }
    }

    @Program
    static void matchedProbe() throws MPIException {
        Comm w = MPI.COMM_WORLD;
        int size = w.getSize();
        int next = (w.getRank() + 1) % size;
        int previous = (w.getRank() + size - 1) % size;
        Message message = new Message();
        that(message.isNull() && !message.isNoProc(), "a new message is null");
        equal(null, message.imProbe(MPI.ANY_SOURCE, MPI.ANY_TAG, w), "nothing to probe");
        w.barrier();
        for (int count : new int[] {1, 300, 30_000}) {
            Request[] sends = new Request[3];
            for (int i = 0; i < 3; i++) {
                int[] out = new int[count];
                out[count - 1] = i + 10 * w.getRank();
                sends[i] = w.iSend(IntBuffer.wrap(out), count, MPI.INT, next, 7);
            }
            Status status = message.mProbe(previous, MPI.ANY_TAG, w);
            equal(count, status.getCount(MPI.INT), "count");
            that(!message.isNull(), "probed");
            int[] second = new int[count];
            w.recv(second, count, MPI.INT, previous, 7);
            equal(1 + 10 * previous, second[count - 1], "recv takes the next message");
            int[] first = new int[count];
            status = message.mRecv(first, count, MPI.INT);
            equal(previous, status.getSource(), "source");
            equal(10 * previous, first[count - 1], "the probed message");
            that(message.isNull(), "received");
            Status polled = null;
            while (polled == null) {
                polled = message.imProbe(MPI.ANY_SOURCE, 7, w);
            }
            IntBuffer third = MPI.newIntBuffer(count);
            equal(count, message.imRecv(third, count, MPI.INT).waitStatus().getCount(MPI.INT), "count");
            equal(2 + 10 * previous, third.get(count - 1), "the last message");
            Request.waitAll(sends);
        }
        equal(MPI.PROC_NULL, message.mProbe(MPI.PROC_NULL, 0, w).getSource(), "source");
        that(message.isNoProc() && !message.isNull(), "message of nobody");
        equal(0, message.mRecv(new int[1], 1, MPI.INT).getCount(MPI.INT), "count");
        that(message.isNull(), "received");
        w.setErrhandler(MPI.ERRORS_RETURN);
        raises(MPI.ERR_REQUEST, () -> message.mRecv(new int[1], 1, MPI.INT), "null message", "mProbe");
        w.setErrhandler(MPI.ERRORS_ARE_FATAL);
    }

    @Program
    static void probedMessageThatDoesNotFit() throws MPIException {
        Comm w = MPI.COMM_WORLD;
        int size = w.getSize();
        int next = (w.getRank() + 1) % size;
        int previous = (w.getRank() + size - 1) % size;
        w.setErrhandler(MPI.ERRORS_RETURN);
        for (int count : new int[] {4, 50_000}) {
            Request send = w.iSend(IntBuffer.wrap(new int[count]), count, MPI.INT, next, 7);
            Message message = new Message();
            message.mProbe(previous, 7, w);
            raises(MPI.ERR_BUFFER, () -> message.mRecv(new int[1], 2, MPI.INT), "buffer too small");
            that(!message.isNull(), "the message is still there");
            int[] in = {-1, -1, -1, -1};
            raises(MPI.ERR_TRUNCATE, () -> message.mRecv(in, 3, MPI.INT), "truncated");
            equal(-1, in[3], "beyond the count");
            send.waitFor();
        }
        w.setErrhandler(MPI.ERRORS_ARE_FATAL);
    }

    @Program
    static void cancelledReceive() throws MPIException {
        Comm w = MPI.COMM_WORLD;
        int size = w.getSize();
        int next = (w.getRank() + 1) % size;
        int previous = (w.getRank() + size - 1) % size;
        IntBuffer in = MPI.newIntBuffer(1);
        Request receive = w.iRecv(in, 1, MPI.INT, previous, 1);
        receive.cancel();
        that(receive.waitStatus().isCancelled(), "cancelled");
        that(receive.isNull(), "complete");
        w.barrier();
        int[] got = new int[1];
        w.sendRecv(new int[] {w.getRank()}, 1, MPI.INT, next, 1, got, 1, MPI.INT, previous, 1);
        equal(previous, got[0], "the message goes to the next receive");
        equal(0, in.get(0), "the cancelled receive gets nothing");
        Request late = w.iRecv(in, 1, MPI.INT, previous, 2);
        w.send(new int[] {5}, 1, MPI.INT, next, 2);
        while (late.getStatus() == null) {
            Thread.onSpinWait();
        }
        late.cancel();
        that(!late.waitStatus().isCancelled(), "too late to cancel");
        equal(5, in.get(0), "received");
    }

    @Program
    static void cancellingWhatIsDoneDoesNothing() throws MPIException {
        Comm w = MPI.COMM_WORLD;
        IntBuffer buf = MPI.newIntBuffer(1);
        Request[] requests = {w.iRecv(buf, 1, MPI.INT, MPI.PROC_NULL, 1), w.iSend(buf, 1, MPI.INT, MPI.PROC_NULL, 1),
                w.ibSend(buf, 1, MPI.INT, w.getRank(), 1)};
        for (Request request : requests) {
            request.cancel();
            that(!request.waitStatus().isCancelled(), "done before");
        }
        w.recv(new int[1], 1, MPI.INT, w.getRank(), 1);
    }

    @Program
    static void requestsOfAFreedCommunicatorGoOn() throws MPIException {
        Comm w = MPI.COMM_WORLD;
        int size = w.getSize();
        int next = (w.getRank() + 1) % size;
        int previous = (w.getRank() + size - 1) % size;
        Comm freed = w.dup();
        IntBuffer in = MPI.newIntBuffer(1);
        Prequest[] persistent = {freed.recvInit(in, 1, MPI.INT, previous, 1),
                freed.sendInit(MPI.newIntBuffer(1).put(0, w.getRank()), 1, MPI.INT, next, 1)};
        Request cancelled = freed.iRecv(MPI.newIntBuffer(1), 1, MPI.INT, previous, 2);
        freed.send(new int[] {w.getRank() + 7}, 1, MPI.INT, next, 3);
        Message message = new Message();
        message.mProbe(previous, 3, freed);
        freed.free();
        Comm other = w.dup();
        for (int i = 0; i < 2; i++) {
            in.put(0, -1);
            Prequest.startAll(persistent);
            that(other.iProbe(MPI.ANY_SOURCE, MPI.ANY_TAG) == null, "the other communicator's messages are its own");
            Request.waitAll(persistent);
            equal(previous, in.get(0), "persistent");
        }
        int[] got = new int[1];
        message.mRecv(got, 1, MPI.INT);
        equal(previous + 7, got[0], "matched before");
        cancelled.cancel();
        that(cancelled.waitStatus().isCancelled(), "cancelled");
        for (Prequest request : persistent) {
            request.free();
        }
        other.free();
    }
}
