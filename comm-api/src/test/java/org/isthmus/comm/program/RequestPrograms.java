package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;
import static org.isthmus.comm.program.Verify.raises;
import static org.isthmus.comm.program.Verify.that;

import java.nio.IntBuffer;
import java.util.Arrays;
import mpi.Comm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Prequest;
import mpi.Request;
import mpi.Status;

/** Completion of requests, one and many. */
final class RequestPrograms {
    private static final int N = 6;

    private RequestPrograms() {}

    private static int next() throws MPIException {
        return (MPI.COMM_WORLD.getRank() + 1) % MPI.COMM_WORLD.getSize();
    }

    private static int previous() throws MPIException {
        return (MPI.COMM_WORLD.getRank() + MPI.COMM_WORLD.getSize() - 1) % MPI.COMM_WORLD.getSize();
    }

    private static Request[] receives(IntBuffer[] in) throws MPIException {
        Request[] requests = new Request[N];
        for (int i = 0; i < N; i++) {
            in[i] = MPI.newIntBuffer(1);
            requests[i] = MPI.COMM_WORLD.iRecv(in[i], 1, MPI.INT, previous(), i);
        }
        return requests;
    }

    private static void sendAll() throws MPIException {
        for (int i = N - 1; i >= 0; i--) {
            MPI.COMM_WORLD.send(new int[] {i * i}, 1, MPI.INT, next(), i);
        }
    }

    private static void check(IntBuffer[] in) {
        for (int i = 0; i < N; i++) {
            equal(i * i, in[i].get(0), "message " + i);
        }
    }

    @Program
    static void any() throws MPIException {
        IntBuffer[] in = new IntBuffer[N];
        Request[] requests = receives(in);
        equal(MPI.UNDEFINED, Request.testAny(requests), "testAny with nothing complete");
        equal(null, Request.testAnyStatus(requests), "testAnyStatus with nothing complete");
        MPI.COMM_WORLD.barrier();
        sendAll();
        boolean[] done = new boolean[N];
        for (int k = 0; k < N; k++) {
            int index;
            if (k % 2 == 0) {
                index = Request.waitAny(requests);
            } else {
                Status status = Request.waitAnyStatus(requests);
                index = status.getIndex();
                equal(index, status.getTag(), "tag");
                equal(previous(), status.getSource(), "source");
            }
            that(!done[index], "each completes once");
            done[index] = true;
            that(requests[index].isNull(), "complete requests are null");
        }
        check(in);
        equal(MPI.UNDEFINED, Request.waitAny(requests), "waitAny of null requests");
        equal(MPI.UNDEFINED, Request.testAny(requests), "testAny of null requests");
        equal(MPI.UNDEFINED, Request.waitAnyStatus(requests).getIndex(), "waitAnyStatus of null requests");
        equal(MPI.UNDEFINED, Request.testAnyStatus(requests).getIndex(), "testAnyStatus of null requests");
        equal(MPI.UNDEFINED, Request.waitAny(new Request[0]), "waitAny of none");
        equal(MPI.UNDEFINED, Request.waitAny(new Request[] {MPI.REQUEST_NULL}), "waitAny of REQUEST_NULL");
    }

    @Program
    static void testAnyFindsAll() throws MPIException {
        IntBuffer[] in = new IntBuffer[N];
        Request[] requests = receives(in);
        sendAll();
        for (int k = 0; k < N; k++) {
            Status status = null;
            int index = MPI.UNDEFINED;
            while (status == null && index == MPI.UNDEFINED) {
                if (k % 2 == 0) {
                    status = Request.testAnyStatus(requests);
                } else {
                    index = Request.testAny(requests);
                }
            }
            that(requests[status == null ? index : status.getIndex()].isNull(), "complete");
        }
        check(in);
    }

    @Program
    static void some() throws MPIException {
        for (int form = 0; form < 4; form++) {
            IntBuffer[] in = new IntBuffer[N];
            Request[] requests = receives(in);
            if (form == 1) {
                equal(0, Request.testSome(requests).length, "testSome with nothing complete");
                equal(0, Request.testSomeStatus(requests).length, "testSomeStatus with nothing complete");
            }
            MPI.COMM_WORLD.barrier();
            sendAll();
            int complete = 0;
            while (complete < N) {
                int[] indices = switch (form) {
                    case 0 -> Request.waitSome(requests);
                    case 1 -> Request.testSome(requests);
                    case 2 -> indices(Request.waitSomeStatus(requests));
                    default -> indices(Request.testSomeStatus(requests));
                };
                that(indices.length > 0 || form % 2 == 1, "waitSome completes at least one");
                for (int index : indices) {
                    equal(index * index, in[index].get(0), "message");
                    that(requests[index].isNull(), "complete");
                }
                complete += indices.length;
            }
            equal(null, Request.waitSome(requests), "waitSome of null requests");
            equal(null, Request.testSome(requests), "testSome of null requests");
            equal(null, Request.waitSomeStatus(requests), "waitSomeStatus of null requests");
            equal(null, Request.testSomeStatus(requests), "testSomeStatus of null requests");
        }
    }

    private static int[] indices(Status[] statuses) {
        int[] indices = new int[statuses.length];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = statuses[i].getIndex();
            equal(indices[i], statuses[i].getTag(), "tag");
        }
        return indices;
    }

    @Program
    static void all() throws MPIException {
        for (int form = 0; form < 4; form++) {
            IntBuffer[] in = new IntBuffer[N];
            Request[] requests = Arrays.copyOf(receives(in), N + 2);
            requests[N] = MPI.REQUEST_NULL;
            requests[N + 1] = MPI.COMM_WORLD.iSend(MPI.newIntBuffer(1), 0, MPI.INT, MPI.PROC_NULL, 0);
            if (form > 1) {
                that(!Request.testAll(requests), "testAll with nothing complete");
                equal(null, Request.testAllStatus(requests), "testAllStatus with nothing complete");
            }
            MPI.COMM_WORLD.barrier();
            sendAll();
            Status[] statuses = null;
            switch (form) {
                case 0 -> Request.waitAll(requests);
                case 1 -> statuses = Request.waitAllStatus(requests);
                case 2 -> {
                    while (!Request.testAll(requests)) {
                        Thread.onSpinWait();
                    }
                }
                default -> {
                    while (statuses == null) {
                        statuses = Request.testAllStatus(requests);
                    }
                }
            }
            check(in);
            for (int i = 0; statuses != null && i < N; i++) {
                equal(i, statuses[i].getTag(), "tag");
                equal(previous(), statuses[i].getSource(), "source");
                equal(1, statuses[i].getCount(MPI.INT), "count");
            }
            for (Request request : requests) {
                that(request.isNull(), "complete");
            }
            Request.waitAll(requests);
            that(Request.testAll(requests), "null requests are complete");
            equal(N + 2, Request.waitAllStatus(requests).length, "statuses of null requests");
        }
        Request.waitAll(new Request[0]);
    }

    @Program
    static void one() throws MPIException {
        IntBuffer in = MPI.newIntBuffer(1);
        Request receive = MPI.COMM_WORLD.iRecv(in, 1, MPI.INT, previous(), 0);
        that(!receive.test(), "test with nothing complete");
        equal(null, receive.testStatus(), "testStatus with nothing complete");
        equal(null, receive.getStatus(), "getStatus with nothing complete");
        MPI.COMM_WORLD.barrier();
        Request send = MPI.COMM_WORLD.iSend(IntBuffer.wrap(new int[] {3}), 1, MPI.INT, next(), 0);
        Status status = null;
        while (status == null) {
            status = receive.getStatus();
        }
        equal(1, status.getCount(MPI.INT), "getStatus");
        that(!receive.isNull(), "getStatus leaves the request alone");
        equal(1, receive.testStatus().getCount(MPI.INT), "testStatus");
        that(receive.isNull(), "testStatus ends the request");
        equal(3, in.get(0), "message");
        send.waitStatus();
        Status empty = receive.waitStatus();
        equal(MPI.ANY_SOURCE, empty.getSource(), "empty status");
        equal(MPI.ANY_TAG, empty.getTag(), "empty status");
        equal(0, empty.getCount(MPI.INT), "empty status");
        that(MPI.REQUEST_NULL.isNull() && MPI.REQUEST_NULL.test(), "REQUEST_NULL is complete");
        MPI.REQUEST_NULL.waitFor();
    }

    @Program
    static void persistent() throws MPIException {
        Comm w = MPI.COMM_WORLD;
        for (int count : new int[] {1, 30_000}) {
            IntBuffer out = MPI.newIntBuffer(count);
            IntBuffer in = MPI.newIntBuffer(count);
            Prequest[] both = {w.recvInit(in, count, MPI.INT, previous(), 1),
                    w.sendInit(out, count, MPI.INT, next(), 1)};
            equal(0, both[0].waitStatus().getCount(MPI.INT), "an inactive request is complete");
            that(!both[0].isNull(), "inactive is not null");
            for (int round = 0; round < 20; round++) {
                out.put(count - 1, round + 100 * w.getRank());
                if (round % 2 == 0) {
                    Prequest.startAll(both);
                } else {
                    both[0].start();
                    both[1].start();
                }
                Status[] statuses = Request.waitAllStatus(both);
                equal(count, statuses[0].getCount(MPI.INT), "count");
                equal(round + 100 * previous(), in.get(count - 1), "round " + round);
                that(!both[0].isNull() && !both[1].isNull(), "persistent requests stay");
            }
            both[0].free();
            both[1].free();
            that(both[0].isNull(), "freed");
        }
        w.setErrhandler(MPI.ERRORS_RETURN);
        Prequest receive = w.recvInit(MPI.newIntBuffer(1), 1, MPI.INT, previous(), 1);
        receive.start();
        raises(MPI.ERR_REQUEST, receive::start, "started twice", "active");
        receive.cancel();
        that(receive.waitStatus().isCancelled(), "cancelled");
        receive.free();
        raises(MPI.ERR_REQUEST, receive::start, "freed", "freed");
        w.setErrhandler(MPI.ERRORS_ARE_FATAL);
        w.barrier();
    }

    @Program
    static void freedRequestsGoOn() throws MPIException {
        Comm w = MPI.COMM_WORLD;
        for (int count : new int[] {1, 40_000}) {
            IntBuffer out = MPI.newIntBuffer(count);
            out.put(count - 1, w.getRank());
            Request send = w.iSend(out, count, MPI.INT, next(), 1);
            send.free();
            that(send.isNull(), "freed");
            int[] in = new int[count];
            w.recv(in, count, MPI.INT, previous(), 1);
            equal(previous(), in[count - 1], "message");
        }
        w.barrier();
    }

    @Program
    static void errorsInArrays() throws MPIException {
        Comm w = MPI.COMM_WORLD;
        w.setErrhandler(MPI.ERRORS_RETURN);
        for (boolean statuses : new boolean[] {false, true}) {
            IntBuffer[] in = new IntBuffer[N];
            Request[] requests = receives(in);
            w.barrier();
            for (int i = 0; i < N; i++) {
                w.send(new int[] {i * i, 0}, i == 2 ? 2 : 1, MPI.INT, next(), i);
            }
            if (statuses) {
                raises(MPI.ERR_IN_STATUS, () -> Request.waitAllStatus(requests), "waitAllStatus", "request 2");
            } else {
                raises(MPI.ERR_TRUNCATE, () -> Request.waitAll(requests), "waitAll");
            }
            for (int i = 0; i < N; i++) {
                that(requests[i].isNull(), "complete");
                that(i == 2 || in[i].get(0) == i * i, "message " + i);
            }
        }
        raises(MPI.ERR_REQUEST, () -> Request.waitAll(null), "null array", "null");
        raises(MPI.ERR_REQUEST, () -> Prequest.startAll(new Prequest[] {null}), "null request", "requests[0]");
        w.setErrhandler(MPI.ERRORS_ARE_FATAL);
        w.barrier();
    }

    /** Collectives and messages complete by the same calls. */
    @Program
    static void mixed() throws MPIException {
        Comm w = MPI.COMM_WORLD;
        IntBuffer sum = MPI.newIntBuffer(1);
        IntBuffer in = MPI.newIntBuffer(1);
        Request[] requests = {w.iBarrier(), w.iRecv(in, 1, MPI.INT, previous(), 0),
            w.iAllReduce(IntBuffer.wrap(new int[] {2}), sum, 1, MPI.INT, MPI.SUM),
            w.iSend(IntBuffer.wrap(new int[] {9}), 1, MPI.INT, next(), 0)};
        boolean[] seen = new boolean[4];
        for (int k = 0; k < 4; k++) {
            int index = Request.waitAny(requests);
            that(!seen[index], "once");
            seen[index] = true;
        }
        equal(2 * w.getSize(), sum.get(0), "sum");
        equal(9, in.get(0), "message");
    }
}
