package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;
import static org.isthmus.comm.program.Verify.raises;

import java.nio.IntBuffer;
import java.util.Arrays;
import mpi.CartComm;
import mpi.Comm;
import mpi.Datatype;
import mpi.Errhandler;
import mpi.GraphComm;
import mpi.Info;
import mpi.Intercomm;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Message;
import mpi.Op;
import mpi.Prequest;
import mpi.Request;

/**
 * Wrong arguments of what {@link BadInputPrograms} leaves out: non-blocking collectives, persistent and non-blocking
 * sends, handles. All ranks make the same mistake, and the communicator goes on working.
 */
final class WrongCallPrograms {
    private WrongCallPrograms() {}

    private interface OnComm {
        void run(Intracomm c, int size) throws MPIException;
    }

    private static void guarded(OnComm body) throws MPIException {
        Errhandler handler = MPI.COMM_WORLD.getErrhandler();
        MPI.COMM_WORLD.setErrhandler(MPI.ERRORS_RETURN);
        Intracomm c = MPI.COMM_WORLD.dup();
        body.run(c, c.getSize());
        IntBuffer one = MPI.newIntBuffer(1).put(0, 1);
        c.iAllReduce(one, 1, MPI.INT, MPI.SUM).waitFor();
        equal(c.getSize(), one.get(0), "the communicator works after errors");
        c.free();
        MPI.COMM_WORLD.setErrhandler(handler);
    }

    @Program
    static void sends() throws MPIException {
        guarded((c, size) -> {
            IntBuffer b = MPI.newIntBuffer(2);
            String range = "0 to " + (size - 1);
            raises(MPI.ERR_RANK, () -> c.ibSend(b, 1, MPI.INT, size, 0), "ibSend", "dest is " + size, range);
            raises(MPI.ERR_RANK, () -> c.isSend(b, 1, MPI.INT, -7, 0), "isSend", "dest is -7", range);
            raises(MPI.ERR_TAG, () -> c.irSend(b, 1, MPI.INT, 0, -3), "irSend", "tag is -3", "TAG_UB");
            raises(MPI.ERR_COUNT, () -> c.bSendInit(b, -2, MPI.INT, 0, 0), "bSendInit", "count is -2", "0 or more");
            raises(MPI.ERR_TYPE, () -> c.sSendInit(b, 1, null, 0, 0), "sSendInit", "datatype is null");
            raises(MPI.ERR_BUFFER, () -> c.rSendInit(b, 3, MPI.INT, 0, 0), "rSendInit", "8 bytes", "12 bytes");
            Message message = new Message();
            raises(MPI.ERR_REQUEST, () -> message.imRecv(b, 1, MPI.INT), "imRecv of none", "mProbe");
            int self = c.getRank();
            Request send = c.iSend(b, 2, MPI.INT, self, 4);
            message.mProbe(self, 4, c);
            raises(MPI.ERR_BUFFER, () -> message.imRecv(b, 3, MPI.INT), "imRecv", "8 bytes", "12 bytes");
            raises(MPI.ERR_COUNT, () -> message.mRecv(b, -3, MPI.INT), "mRecv", "count is -3");
            equal(2, message.imRecv(MPI.newIntBuffer(2), 2, MPI.INT).waitStatus().getCount(MPI.INT),
                    "a refused receive leaves the message");
            send.waitFor();
        });
    }

    @Program
    static void nonBlockingCollectives() throws MPIException {
        guarded((c, size) -> {
            IntBuffer in = MPI.newIntBuffer(size);
            IntBuffer out = MPI.newIntBuffer(size);
            Datatype t = MPI.INT;
            String range = "0 to " + (size - 1);
            raises(MPI.ERR_ROOT, () -> c.iGather(in, 1, t, out, 1, t, size), "iGather", "root is " + size, range);
            raises(MPI.ERR_ROOT, () -> c.iGather(out, 1, t, -1), "iGather", "root is -1", range);
            raises(MPI.ERR_ROOT, () -> c.iScatter(in, 1, t, out, 1, t, size), "iScatter", "root is " + size, range);
            raises(MPI.ERR_ROOT, () -> c.iScatter(out, 1, t, -9), "iScatter", "root is -9", range);
            raises(MPI.ERR_ROOT, () -> c.iReduce(in, out, 1, t, MPI.SUM, size), "iReduce", "root is " + size, range);
            raises(MPI.ERR_BUFFER, () -> c.iAllGather(in, 1, t, MPI.newIntBuffer(size - 1), 1, t),
                    "iAllGather", "recvbuf");
            raises(MPI.ERR_COUNT, () -> c.iAllGather(out, -1, t), "iAllGather", "count is -1");
            raises(MPI.ERR_COUNT, () -> c.iAllToAll(in, -1, t, out, 1, t), "iAllToAll", "sendcount is -1");
            raises(MPI.ERR_COUNT, () -> c.iAllReduce(in, out, -1, t, MPI.SUM), "iAllReduce", "count is -1");
            raises(MPI.ERR_OP, () -> c.iAllReduce(out, 1, t, null), "iAllReduce", "null");
            raises(MPI.ERR_OP, () -> c.iReduceScatterBlock(in, out, 1, t, MPI.MAXLOC), "iReduceScatterBlock", "MAXLOC");
            raises(MPI.ERR_BUFFER, () -> c.iReduceScatterBlock(out, 2, t, MPI.SUM), "iReduceScatterBlock", "buf");
            raises(MPI.ERR_COUNT, () -> c.reduceScatterBlock(in, out, -1, t, MPI.SUM), "reduceScatterBlock",
                    "recvcount is -1");
            Op none = null;
            raises(MPI.ERR_OP, () -> c.iScan(in, out, 1, t, none), "iScan", "null");
            raises(MPI.ERR_COUNT, () -> c.iScan(out, -1, t, MPI.SUM), "iScan", "count is -1");
            raises(MPI.ERR_BUFFER, () -> c.scan(in, null, 1, t, MPI.SUM), "scan", "recvbuf is null");
            raises(MPI.ERR_TYPE, () -> c.iExScan(in, out, 1, null, MPI.SUM), "iExScan", "datatype is null");
            raises(MPI.ERR_OP, () -> c.iExScan(out, 1, t, MPI.MINLOC), "iExScan", "MINLOC");
            raises(MPI.ERR_COUNT, () -> c.exScan(in, out, -4, t, MPI.SUM), "exScan", "count is -4");
            raises(MPI.ERR_TYPE, () -> c.exScan(new double[1], 1, t, MPI.SUM), "exScan", "double[]");
        });
    }

    @Program
    static void vectorCollectives() throws MPIException {
        guarded((c, size) -> {
            IntBuffer in = MPI.newIntBuffer(size);
            IntBuffer out = MPI.newIntBuffer(size);
            Datatype t = MPI.INT;
            int[] ones = new int[size];
            Arrays.fill(ones, 1);
            int[] places = new int[size];
            Arrays.setAll(places, i -> i);
            int[] bytes = new int[size];
            Arrays.setAll(bytes, i -> 4 * i);
            int[] shorter = new int[size - 1];
            int[] negative = ones.clone();
            negative[size - 1] = -6;
            String last = "[" + (size - 1) + "] is -6";
            Datatype[] types = new Datatype[size];
            Arrays.fill(types, t);
            Datatype[] gap = types.clone();
            gap[size - 1] = null;
            raises(MPI.ERR_ARG, () -> c.iAllGatherv(in, 1, t, out, shorter, places, t), "iAllGatherv",
                    "recvcounts has " + (size - 1));
            raises(MPI.ERR_COUNT, () -> c.iAllGatherv(out, negative, places, t), "iAllGatherv", "recvcounts" + last);
            raises(MPI.ERR_COUNT, () -> c.iAllToAllv(in, negative, places, t, out, ones, places, t), "iAllToAllv",
                    "sendcounts" + last);
            raises(MPI.ERR_TYPE, () -> c.iAllToAllw(in, ones, bytes, gap, out, ones, bytes, types),
                    "iAllToAllw", "null");
            raises(MPI.ERR_ARG, () -> c.allToAllw(in, ones, bytes, types, out, ones, shorter, types), "allToAllw",
                    "displacements has " + (size - 1));
            raises(MPI.ERR_COUNT, () -> c.iReduceScatter(in, out, negative, t, MPI.SUM), "iReduceScatter",
                    "recvcounts" + last);
            raises(MPI.ERR_ARG, () -> c.iReduceScatter(out, null, t, MPI.SUM), "iReduceScatter", "recvcounts is null");
            raises(MPI.ERR_ROOT, () -> c.iGatherv(in, 1, t, out, ones, places, t, size), "iGatherv", "root is " + size);
            raises(MPI.ERR_ROOT, () -> c.iScatterv(in, ones, places, t, out, 1, t, -8), "iScatterv", "root is -8");
            raises(MPI.ERR_ROOT, () -> c.scatterv(in, ones, places, t, size), "scatterv", "root is " + size);
            raises(MPI.ERR_ROOT, () -> c.iScatterv(in, ones, places, t, size), "iScatterv", "root is " + size);
            raises(MPI.ERR_ROOT, () -> c.iGatherv(out, ones, places, t, size), "iGatherv", "root is " + size);
            if (c.getRank() == 0) {
                raises(MPI.ERR_ARG, () -> c.iGatherv(in, 1, t, 0), "iGatherv", "iGatherv(recvbuf", "root");
                raises(MPI.ERR_ARG, () -> c.iScatterv(in, 1, t, 0), "iScatterv", "iScatterv(sendbuf", "root");
            } else {
                raises(MPI.ERR_ARG, () -> c.iScatterv(in, ones, places, t, 0),
                        "iScatterv", "iScatterv(recvbuf", "root");
            }
        });
    }

    @Program
    static void freedCommunicators() throws MPIException {
        guarded((c, size) -> {
            Intracomm freed = c.dup();
            freed.free();
            int keyval = Comm.createKeyval();
            Info info = new Info();
            raises(MPI.ERR_COMM, () -> ((Comm) freed).dupWithInfo(info), "dupWithInfo", "freed");
            raises(MPI.ERR_COMM, () -> freed.dupWithInfo(info), "dupWithInfo", "freed");
            CartComm grid = c.createCart(new int[] {size}, new boolean[1], false);
            GraphComm graph = c.createDistGraphAdjacent(new int[0], new int[0], MPI.INFO_NULL, false);
            Intercomm inter = size == 1 ? Intercomm.getParent() : between(c);
            for (Comm made : size == 1 ? new Comm[] {grid, graph} : new Comm[] {grid, graph, inter}) {
                made.free();
            }
            raises(MPI.ERR_COMM, () -> grid.dupWithInfo(info), "dupWithInfo", "freed");
            raises(MPI.ERR_COMM, () -> graph.dupWithInfo(info), "dupWithInfo", "freed");
            raises(MPI.ERR_COMM, () -> inter.dupWithInfo(info), "dupWithInfo", "null");
            raises(MPI.ERR_COMM, () -> freed.setInfo(info), "setInfo", "freed");
            raises(MPI.ERR_COMM, () -> freed.setName("name"), "setName", "freed");
            raises(MPI.ERR_COMM, () -> freed.callErrhandler(MPI.ERR_OTHER), "callErrhandler", "freed");
            raises(MPI.ERR_COMM, () -> freed.deleteAttr(keyval), "deleteAttr", "freed");
            raises(MPI.ERR_COMM, freed::getTopology, "getTopology", "freed");
            raises(MPI.ERR_COMM, freed::getGroup, "getGroup", "freed");
            raises(MPI.ERR_COMM, freed::iBarrier, "iBarrier", "freed");
            raises(MPI.ERR_COMM, freed::iDup, "iDup", "freed");
            raises(MPI.ERR_COMM, freed::disconnect, "disconnect", "freed");
            raises(MPI.ERR_KEYVAL, () -> c.deleteAttr(MPI.TAG_UB), "deleteAttr", "keyval is " + MPI.TAG_UB);
            Comm.freeKeyval(keyval);
            raises(MPI.ERR_KEYVAL, () -> Comm.freeKeyval(keyval), "freeKeyval", "keyval is " + keyval);
        });
    }

    private static Intercomm between(Intracomm c) throws MPIException {
        boolean first = c.getRank() == 0;
        return c.createIntercomm(c.split(first ? 0 : 1, 0), 0, first ? 1 : 0, 3);
    }

    @Program
    static void arraysOfRequests() throws MPIException {
        guarded((c, size) -> {
            raises(MPI.ERR_REQUEST, () -> Request.waitAnyStatus(null), "waitAnyStatus", "requests is null");
            raises(MPI.ERR_REQUEST, () -> Request.waitSome(null), "waitSome", "requests is null");
            raises(MPI.ERR_REQUEST, () -> Request.waitSomeStatus(null), "waitSomeStatus", "requests is null");
            raises(MPI.ERR_REQUEST, () -> Request.waitAll(null), "waitAll", "requests is null");
            raises(MPI.ERR_REQUEST, () -> Request.waitAllStatus(null), "waitAllStatus", "requests is null");
            raises(MPI.ERR_REQUEST, () -> Request.testAll(null), "testAll", "requests is null");
            raises(MPI.ERR_REQUEST, () -> Request.testAllStatus(null), "testAllStatus", "requests is null");
            raises(MPI.ERR_REQUEST, () -> Request.testAny(null), "testAny", "requests is null");
            raises(MPI.ERR_REQUEST, () -> Request.testAnyStatus(null), "testAnyStatus", "requests is null");
            raises(MPI.ERR_REQUEST, () -> Request.testSome(null), "testSome", "requests is null");
            raises(MPI.ERR_REQUEST, () -> Request.testSomeStatus(null), "testSomeStatus", "requests is null");
            Prequest active = c.recvInit(MPI.newIntBuffer(1), 1, MPI.INT, c.getRank(), 9);
            active.start();
            raises(MPI.ERR_REQUEST, active::start, "start twice", "active");
            raises(MPI.ERR_REQUEST, () -> Prequest.startAll(new Prequest[] {active}), "startAll", "active");
            active.cancel();
            equal(true, active.waitStatus().isCancelled(), "the receive was cancelled");
            active.free();
        });
    }

    @Program
    static void errorsInSeveralRequests() throws MPIException {
        guarded((c, size) -> {
            int self = c.getRank();
            for (int form = 0; form < 8; form++) {
                Request[] requests = {c.iRecv(MPI.newIntBuffer(1), 1, MPI.INT, self, 1),
                    c.iRecv(MPI.newIntBuffer(2), 2, MPI.INT, self, 2)};
                c.send(new int[2], 2, MPI.INT, self, 2);
                c.send(new int[2], 2, MPI.INT, self, 1);
                int kind = form;
                raises(form < 4 ? MPI.ERR_TRUNCATE : MPI.ERR_IN_STATUS, () -> {
                    switch (kind) {
                        case 0 -> Request.waitAll(requests);
                        case 1 -> until(() -> Request.testAll(requests));
                        case 2 -> until(() -> Request.waitAny(requests) == MPI.UNDEFINED);
                        case 3 -> until(() -> Request.waitSome(requests) == null);
                        case 4 -> Request.waitAllStatus(requests);
                        case 5 -> until(() -> Request.testAllStatus(requests) != null);
                        case 6 -> until(() -> Request.waitSomeStatus(requests) == null);
                        default -> until(() -> Request.testSomeStatus(requests) == null);
                    }
                }, "form " + form, "8", "4");
                Request.waitAll(requests);
                equal(true, requests[0].isNull() && requests[1].isNull(), "both ended");
            }
        });
    }

    private interface Condition {
        boolean holds() throws MPIException;
    }

    private static void until(Condition condition) throws MPIException {
        while (!condition.holds()) {
            Thread.onSpinWait();
        }
    }
}
