package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;
import static org.isthmus.comm.program.Verify.raises;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import mpi.Comm;
import mpi.Datatype;
import mpi.Errhandler;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Message;
import mpi.Op;
import mpi.Prequest;
import mpi.Request;
import mpi.UserFunction;

/** Wrong arguments: each is refused by the right error class and a message that names it; the rest goes on. */
final class BadInputPrograms {
    private BadInputPrograms() {}

    private interface OnComm {
        void run(Intracomm c) throws MPIException;
    }

    /** Runs on a communicator whose errors are exceptions, which then still works. */
    private static void guarded(OnComm body) throws MPIException {
        Errhandler handler = MPI.COMM_WORLD.getErrhandler();
        MPI.COMM_WORLD.setErrhandler(MPI.ERRORS_RETURN);
        Intracomm c = MPI.COMM_WORLD.dup();
        body.run(c);
        int[] sum = {1};
        c.allReduce(sum, 1, MPI.INT, MPI.SUM);
        equal(c.getSize(), sum[0], "the communicator is usable after errors");
        int[] in = new int[1];
        int next = (c.getRank() + 1) % c.getSize();
        c.sendRecv(new int[] {next}, 1, MPI.INT, next, 0, in, 1, MPI.INT, MPI.ANY_SOURCE, MPI.ANY_TAG);
        equal(c.getRank(), in[0], "the communicator is usable after errors");
        c.free();
        MPI.COMM_WORLD.setErrhandler(handler);
    }

    @Program
    static void ranks() throws MPIException {
        guarded(c -> {
            int[] buf = new int[1];
            IntBuffer direct = MPI.newIntBuffer(1);
            int size = c.getSize();
            String range = "0 to " + (size - 1);
            for (int bad : new int[] {size, -1, -3, -5, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                String value = "is " + bad;
                raises(MPI.ERR_RANK, () -> c.send(buf, 1, MPI.INT, bad, 0), "send", "dest", value, range);
                raises(MPI.ERR_RANK, () -> c.bSend(buf, 1, MPI.INT, bad, 0), "bSend", "dest", value, range);
                raises(MPI.ERR_RANK, () -> c.sSend(buf, 1, MPI.INT, bad, 0), "sSend", "dest", value, range);
                raises(MPI.ERR_RANK, () -> c.rSend(buf, 1, MPI.INT, bad, 0), "rSend", "dest", value, range);
                raises(MPI.ERR_RANK, () -> c.iSend(direct, 1, MPI.INT, bad, 0), "iSend", "dest", value, range);
                raises(MPI.ERR_RANK, () -> c.sendInit(direct, 1, MPI.INT, bad, 0), "sendInit", "dest", value, range);
                raises(MPI.ERR_RANK, () -> c.sendRecv(buf, 1, MPI.INT, bad, 0, buf, 1, MPI.INT, 0, 99), "sendRecv",
                        "dest", value, range);
                raises(MPI.ERR_RANK, () -> c.sendRecvReplace(buf, 1, MPI.INT, bad, 0, 0, 99), "sendRecvReplace", "dest",
                        value, range);
                if (bad != MPI.ANY_SOURCE) {
                    raises(MPI.ERR_RANK, () -> c.recv(buf, 1, MPI.INT, bad, 0), "recv", "source", value, range);
                    raises(MPI.ERR_RANK, () -> c.iRecv(direct, 1, MPI.INT, bad, 0), "iRecv", "source", value, range);
                    raises(MPI.ERR_RANK, () -> c.recvInit(direct, 1, MPI.INT, bad, 0), "recvInit", "source", value);
                    raises(MPI.ERR_RANK, () -> c.probe(bad, 0), "probe", "source", value, range);
                    raises(MPI.ERR_RANK, () -> c.iProbe(bad, 0), "iProbe", "source", value, range);
                    raises(MPI.ERR_RANK, () -> new Message().mProbe(bad, 0, c), "mProbe", "source", value, range);
                    raises(MPI.ERR_RANK, () -> c.sendRecv(buf, 1, MPI.INT, 0, 99, buf, 1, MPI.INT, bad, 0), "sendRecv",
                            "source", value, range);
                }
                roots(c, bad, value, range);
            }
        });
    }

    private static void roots(Intracomm c, int bad, String value, String range) {
        int[] buf = new int[64];
        IntBuffer direct = MPI.newIntBuffer(64);
        raises(MPI.ERR_ROOT, () -> c.bcast(buf, 1, MPI.INT, bad), "bcast", "root", value, range);
        raises(MPI.ERR_ROOT, () -> c.iBcast(direct, 1, MPI.INT, bad), "iBcast", "root", value, range);
        raises(MPI.ERR_ROOT, () -> c.gather(buf, 1, MPI.INT, buf, 1, MPI.INT, bad), "gather", "root", value, range);
        raises(MPI.ERR_ROOT, () -> c.gather(buf, 1, MPI.INT, bad), "gather", "root", value, range);
        raises(MPI.ERR_ROOT, () -> c.scatter(buf, 1, MPI.INT, buf, 1, MPI.INT, bad), "scatter", "root", value, range);
        raises(MPI.ERR_ROOT, () -> c.gatherv(buf, 1, MPI.INT, bad), "gatherv", "root", value, range);
        raises(MPI.ERR_ROOT, () -> c.scatterv(buf, 1, MPI.INT, bad), "scatterv", "root", value, range);
        raises(MPI.ERR_ROOT, () -> c.reduce(buf, buf, 1, MPI.INT, MPI.SUM, bad), "reduce", "root", value, range);
        raises(MPI.ERR_ROOT, () -> c.iReduce(direct, 1, MPI.INT, MPI.SUM, bad), "iReduce", "root", value, range);
    }

    @Program
    static void tagsAndCounts() throws MPIException {
        guarded(c -> {
            int[] buf = new int[64];
            IntBuffer direct = MPI.newIntBuffer(64);
            raises(MPI.ERR_TAG, () -> c.send(buf, 1, MPI.INT, 0, -1), "send", "tag is -1", "TAG_UB");
            raises(MPI.ERR_TAG, () -> c.iSend(direct, 1, MPI.INT, 0, -9), "iSend", "tag is -9");
            raises(MPI.ERR_TAG, () -> c.recv(buf, 1, MPI.INT, 0, -2), "recv", "tag is -2", "ANY_TAG");
            raises(MPI.ERR_TAG, () -> c.iRecv(direct, 1, MPI.INT, 0, -2), "iRecv", "tag is -2");
            raises(MPI.ERR_TAG, () -> c.iProbe(0, -2), "iProbe", "tag is -2");
            raises(MPI.ERR_TAG, () -> c.sendRecv(buf, 1, MPI.INT, 0, -1, buf, 1, MPI.INT, 0, 0), "sendRecv",
                    "tag is -1");
            raises(MPI.ERR_TAG, () -> c.createGroup(c.getGroup(), -4), "createGroup", "tag is -4");
            raises(MPI.ERR_COUNT, () -> c.send(buf, -1, MPI.INT, 0, 0), "send", "count is -1", "0 or more");
            raises(MPI.ERR_COUNT, () -> c.recv(buf, -1, MPI.INT, 0, 0), "recv", "count is -1");
            raises(MPI.ERR_COUNT, () -> c.iSend(direct, -1, MPI.INT, 0, 0), "iSend", "count is -1");
            raises(MPI.ERR_COUNT, () -> c.bcast(buf, -1, MPI.INT, 0), "bcast", "count is -1");
            raises(MPI.ERR_COUNT, () -> c.allReduce(buf, buf, -1, MPI.INT, MPI.SUM), "allReduce", "count is -1");
            raises(MPI.ERR_COUNT, () -> c.allGather(buf, -2, MPI.INT, buf, 1, MPI.INT), "allGather", "sendcount is -2");
            raises(MPI.ERR_COUNT, () -> c.allGather(buf, 1, MPI.INT, buf, -2, MPI.INT), "allGather", "recvcount is -2");
            raises(MPI.ERR_COUNT, () -> c.allToAll(buf, 1, MPI.INT, buf, -2, MPI.INT), "allToAll", "recvcount is -2");
            raises(MPI.ERR_COUNT, () -> c.packSize(-1, MPI.INT), "packSize", "incount is -1");
            raises(MPI.ERR_COUNT, () -> Datatype.createVector(-1, 1, 1, MPI.INT), "createVector", "count is -1");
            raises(MPI.ERR_COUNT, () -> Datatype.createIndexed(new int[] {-3}, new int[1], MPI.INT), "createIndexed",
                    "blockLengths[0] is -3");
        });
    }

    @Program
    static void datatypes() throws MPIException {
        guarded(c -> {
            int[] buf = new int[64];
            IntBuffer direct = MPI.newIntBuffer(64);
            Datatype freed = Datatype.createContiguous(2, MPI.INT);
            freed.free();
            Datatype uncommitted = Datatype.createContiguous(2, MPI.INT);
            Datatype[] bad = {null, MPI.DATATYPE_NULL, freed, uncommitted};
            String[] texts = {"null", "DATATYPE_NULL", "freed", "commit()"};
            for (int i = 0; i < bad.length; i++) {
                Datatype type = bad[i];
                String text = texts[i];
                raises(MPI.ERR_TYPE, () -> c.send(buf, 1, type, 0, 0), "send", text);
                raises(MPI.ERR_TYPE, () -> c.recv(buf, 1, type, 0, 0), "recv", text);
                raises(MPI.ERR_TYPE, () -> c.iRecv(direct, 1, type, 0, 0), "iRecv", text);
                raises(MPI.ERR_TYPE, () -> c.bcast(buf, 1, type, 0), "bcast", text);
                raises(MPI.ERR_TYPE, () -> c.allReduce(buf, 1, type, MPI.SUM), "allReduce", text);
                raises(MPI.ERR_TYPE, () -> c.allGather(buf, 1, MPI.INT, buf, 1, type), "allGather", text);
                raises(MPI.ERR_TYPE, () -> c.pack(buf, 1, type, new byte[8], 0), "pack", text);
            }
            raises(MPI.ERR_TYPE, () -> Datatype.createContiguous(2, null), "createContiguous", "null");
            raises(MPI.ERR_TYPE, () -> Datatype.createContiguous(2, freed), "createContiguous", "freed");
            raises(MPI.ERR_TYPE, freed::getExtent, "getExtent", "freed");
            raises(MPI.ERR_TYPE, freed::free, "free", "freed");
            raises(MPI.ERR_ARG, () -> Datatype.createIndexed(null, new int[1], MPI.INT), "createIndexed",
                    "blockLengths is null");
            raises(MPI.ERR_ARG, () -> Datatype.createIndexed(new int[2], new int[1], MPI.INT), "createIndexed",
                    "displacements has 1");
            raises(MPI.ERR_ARG, () -> Datatype.createStruct(new int[1], new int[1], null), "createStruct",
                    "types is null");
            raises(MPI.ERR_TYPE, () -> c.send(new double[4], 1, MPI.INT, 0, 0), "send",
                    "buf", "double[]", "INT", "int[]");
            raises(MPI.ERR_TYPE, () -> c.recv(new int[4], 1, MPI.BYTE, 0, 0), "recv", "int[]", "byte[]");
            raises(MPI.ERR_TYPE, () -> c.bcast(new long[4], 1, MPI.DOUBLE, 0), "bcast", "long[]");
            raises(MPI.ERR_TYPE, () -> c.allReduce(new short[4], new char[4], 1, MPI.CHAR, MPI.SUM), "allReduce",
                    "sendbuf", "short[]");
        });
    }

    @Program
    static void buffers() throws MPIException {
        guarded(c -> {
            IntBuffer readOnly = MPI.newIntBuffer(4).asReadOnlyBuffer();
            IntBuffer heapReadOnly = IntBuffer.wrap(new int[4]).asReadOnlyBuffer();
            int self = c.getRank();
            raises(MPI.ERR_BUFFER, () -> c.send(null, 1, MPI.INT, 0, 0), "send", "buf is null");
            raises(MPI.ERR_BUFFER, () -> c.recv(null, 1, MPI.INT, 0, 0), "recv", "buf is null");
            raises(MPI.ERR_BUFFER, () -> c.iRecv(null, 1, MPI.INT, 0, 0), "iRecv", "buf is null");
            raises(MPI.ERR_BUFFER, () -> c.send(new int[3], 4, MPI.INT, 0, 0), "send", "buf", "12 bytes", "16 bytes");
            raises(MPI.ERR_BUFFER, () -> c.recv(new int[3], 4, MPI.INT, 0, 0), "recv", "12 bytes", "16 bytes");
            raises(MPI.ERR_BUFFER, () -> c.iSend(MPI.newIntBuffer(3), 4, MPI.INT, 0, 0),
                    "iSend", "12 bytes", "16 bytes");
            raises(MPI.ERR_BUFFER, () -> c.iSend(ByteBuffer.allocateDirect(15), 4, MPI.INT, 0, 0), "iSend", "15 bytes");
            raises(MPI.ERR_BUFFER, () -> c.send(IntBuffer.wrap(new int[4], 1, 3).slice(), 4, MPI.INT, 0, 0), "slice");
            raises(MPI.ERR_BUFFER, () -> c.send(new int[3], Integer.MAX_VALUE, MPI.INT, 0, 0), "huge count");
            raises(MPI.ERR_BUFFER, () -> c.recv(readOnly, 1, MPI.INT, 0, 0), "recv", "read-only");
            raises(MPI.ERR_BUFFER, () -> c.iRecv(readOnly, 1, MPI.INT, 0, 0), "iRecv", "read-only");
            raises(MPI.ERR_BUFFER, () -> c.recv(heapReadOnly, 1, MPI.INT, 0, 0), "recv", "read-only");
            raises(MPI.ERR_BUFFER, () -> c.allReduce(new int[1], readOnly, 1, MPI.INT, MPI.SUM), "allReduce", "recvbuf",
                    "read-only");
            raises(MPI.ERR_BUFFER, () -> c.send("text", 1, MPI.BYTE, 0, 0), "send", "String");
            raises(MPI.ERR_BUFFER, () -> c.send(new int[2][2], 1, MPI.INT, 0, 0), "send", "int[][]");
            raises(MPI.ERR_BUFFER, () -> c.send(new Integer[2], 1, MPI.INT, 0, 0), "send", "Integer[]");
            Request send = c.iSend(readOnly, 4, MPI.INT, self, 1);
            c.recv(new int[4], 4, MPI.INT, self, 1);
            send.waitFor();
            int size = c.getSize();
            raises(MPI.ERR_BUFFER, () -> c.allGather(new int[1], 1, MPI.INT, new int[size - 1], 1, MPI.INT),
                    "allGather", "recvbuf");
            raises(MPI.ERR_BUFFER, () -> c.allToAll(new int[size - 1], 1, MPI.INT, new int[size], 1, MPI.INT),
                    "allToAll", "sendbuf");
            raises(MPI.ERR_BUFFER, () -> c.allReduce(null, new int[1], 1, MPI.INT, MPI.SUM), "allReduce", "sendbuf");
            Datatype before = Datatype.createIndexed(new int[] {1}, new int[] {-1}, MPI.INT);
            before.commit();
            raises(MPI.ERR_BUFFER, () -> c.send(new int[4], 1, before, 0, 0), "before the start", "4 bytes before");
        });
    }

    @Program
    static void countsAndDisplacements() throws MPIException {
        guarded(c -> {
            int size = c.getSize();
            int[] ones = new int[size];
            java.util.Arrays.fill(ones, 1);
            int[] displs = new int[size];
            java.util.Arrays.setAll(displs, i -> i);
            int[] buf = new int[size];
            int[] beyond = displs.clone();
            beyond[size - 1] = size;
            int[] negative = displs.clone();
            negative[0] = -1;
            int[] negativeCount = ones.clone();
            negativeCount[size - 1] = -6;
            int[] shorter = new int[size - 1];
            raises(MPI.ERR_ARG, () -> c.allGatherv(buf, 1, MPI.INT, buf, null, displs, MPI.INT), "counts null",
                    "recvcounts is null");
            raises(MPI.ERR_ARG, () -> c.allGatherv(new int[1], 1, MPI.INT, buf, shorter, displs, MPI.INT),
                    "counts short", "recvcounts has " + (size - 1));
            raises(MPI.ERR_ARG, () -> c.allGatherv(new int[1], 1, MPI.INT, buf, ones, shorter, MPI.INT), "displs short",
                    "displacements has " + (size - 1));
            raises(MPI.ERR_COUNT, () -> c.allGatherv(new int[1], 1, MPI.INT, buf, negativeCount, displs, MPI.INT),
                    "negative", "recvcounts[" + (size - 1) + "] is -6");
            raises(MPI.ERR_BUFFER, () -> c.allGatherv(new int[1], 1, MPI.INT, buf, ones, beyond, MPI.INT), "beyond",
                    "recvbuf");
            raises(MPI.ERR_BUFFER, () -> c.allGatherv(new int[1], 1, MPI.INT, buf, ones, negative, MPI.INT), "negative",
                    "recvbuf");
            raises(MPI.ERR_BUFFER, () -> c.allToAllv(buf, ones, beyond, MPI.INT, buf.clone(), ones, displs, MPI.INT),
                    "beyond", "sendbuf");
            raises(MPI.ERR_ARG, () -> c.allToAllv(buf, shorter, displs, MPI.INT, buf.clone(), ones, displs, MPI.INT),
                    "short", "sendcounts");
            raises(MPI.ERR_COUNT, () -> c.reduceScatter(buf, buf.clone(), negativeCount, MPI.INT, MPI.SUM), "negative",
                    "recvcounts[" + (size - 1) + "]");
            Datatype[] types = new Datatype[size];
            raises(MPI.ERR_TYPE, () -> c.allToAllw((Object) buf, ones, displs, types, buf.clone(), ones, displs, types),
                    "null types", "null");
            if (c.getRank() == 0) {
                raises(MPI.ERR_ARG, () -> c.gatherv(new int[1], 1, MPI.INT, buf, shorter, displs, MPI.INT, 0),
                        "gatherv", "recvcounts");
                raises(MPI.ERR_ARG, () -> c.scatterv(buf, null, displs, MPI.INT, new int[1], 1, MPI.INT, 0), "scatterv",
                        "sendcounts");
                raises(MPI.ERR_ARG, () -> c.gatherv(new int[1], 1, MPI.INT, 0), "form for others", "root");
            } else {
                raises(MPI.ERR_ARG, () -> c.gatherv(buf, ones, displs, MPI.INT, 0), "form for the root", "root");
            }
        });
    }

    @Program
    static void operations() throws MPIException {
        guarded(c -> {
            Op freed = new Op(new UserFunction() {}, true);
            freed.free();
            int[] buf = {1};
            raises(MPI.ERR_OP, () -> c.allReduce(buf, 1, MPI.INT, null), "null", "null");
            raises(MPI.ERR_OP, () -> c.allReduce(buf, 1, MPI.INT, freed), "freed", "freed");
            raises(MPI.ERR_OP, () -> c.allReduce(new double[1], 1, MPI.DOUBLE, MPI.BAND), "BAND on doubles", "BAND",
                    "DOUBLE");
            raises(MPI.ERR_OP, () -> c.allReduce(buf, 1, MPI.INT, MPI.MAXLOC), "MAXLOC on ints", "MAXLOC");
            raises(MPI.ERR_OP, () -> c.reduce(new byte[16], 1, MPI.DOUBLE_INT, MPI.SUM, 0), "SUM on pairs", "SUM");
            raises(MPI.ERR_OP, () -> c.allReduce(buf, 1, MPI.INT, MPI.REPLACE), "REPLACE", "one-sided");
            raises(MPI.ERR_OP, () -> Comm.reduceLocal(new int[1], buf, 1, MPI.INT, MPI.NO_OP), "NO_OP", "one-sided");
            raises(MPI.ERR_OP, () -> c.scan(new float[2], 1, MPI.FLOAT_COMPLEX, MPI.MAX), "MAX on complex", "MAX");
            raises(MPI.ERR_OP, MPI.SUM::free, "free", "predefined");
        });
    }

    @Program
    static void handles() throws MPIException {
        guarded(c -> {
            Intracomm freed = c.dup();
            freed.free();
            int[] buf = {1};
            raises(MPI.ERR_COMM, () -> freed.send(buf, 1, MPI.INT, 0, 0), "send", "freed");
            raises(MPI.ERR_COMM, () -> freed.recv(buf, 1, MPI.INT, 0, 0), "recv", "freed");
            raises(MPI.ERR_COMM, () -> freed.iSend(MPI.newIntBuffer(1), 1, MPI.INT, 0, 0), "iSend", "freed");
            raises(MPI.ERR_COMM, freed::barrier, "barrier", "freed");
            raises(MPI.ERR_COMM, () -> freed.bcast(buf, 1, MPI.INT, 0), "bcast", "freed");
            raises(MPI.ERR_COMM, freed::dup, "dup", "freed");
            raises(MPI.ERR_COMM, freed::getRank, "getRank", "freed");
            raises(MPI.ERR_COMM, freed::getSize, "getSize", "freed");
            raises(MPI.ERR_COMM, freed::free, "free", "freed");
            raises(MPI.ERR_COMM, () -> freed.split(0, 0), "split", "freed");
            raises(MPI.ERR_COMM, () -> Comm.compare(freed, c), "compare", "freed");
            raises(MPI.ERR_COMM, () -> Comm.compare(null, c), "compare", "comm1 is null");
            raises(MPI.ERR_COMM, MPI.COMM_WORLD::free, "free", "predefined");
            raises(MPI.ERR_COMM, () -> new Message().imProbe(0, 0, null), "imProbe", "comm is null");
            raises(MPI.ERR_ARG, () -> c.split(-5, 0), "split", "colour is -5");
            raises(MPI.ERR_ARG, () -> c.splitType(77, 0, MPI.INFO_NULL), "splitType", "77");
            raises(MPI.ERR_GROUP, () -> c.create(null), "create", "null");
            raises(MPI.ERR_ARG, () -> c.setErrhandler(null), "setErrhandler", "null");
            raises(MPI.ERR_KEYVAL, () -> c.getAttr(MPI.KEYVAL_INVALID), "getAttr", "keyval is -1");
            raises(MPI.ERR_ARG, () -> c.setAttr(Comm.createKeyval(), new Object()), "setAttr", "serialized");
            raises(MPI.ERR_REQUEST, () -> MPI.REQUEST_NULL.cancel(), "cancel", "null");
            raises(MPI.ERR_REQUEST, () -> Request.waitAny(null), "waitAny", "null");
            raises(MPI.ERR_REQUEST, () -> Prequest.startAll(null), "startAll", "null");
            raises(MPI.ERR_INFO_KEY, () -> new mpi.Info().set(null, "x"), "Info.set", "null");
        });
    }

    /** A receive with an error in its other half leaves nothing posted behind. */
    @Program
    static void halfOfSendRecv() throws MPIException {
        guarded(c -> {
            LongBuffer in = MPI.newLongBuffer(1);
            int self = c.getRank();
            raises(MPI.ERR_COUNT, () -> c.sendRecv(new int[1], -1, MPI.INT, self, 5, in, 1, MPI.LONG, self, 5),
                    "sendRecv", "count is -1");
            long[] got = new long[1];
            c.sendRecv(new long[] {77}, 1, MPI.LONG, self, 5, got, 1, MPI.LONG, self, 5);
            equal(77L, got[0], "the next message");
            equal(0L, in.get(0), "the refused receive gets nothing");
        });
    }
}
