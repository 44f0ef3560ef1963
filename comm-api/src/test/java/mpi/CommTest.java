package mpi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static mpi.SingleRank.assertRaises;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Communicators, their arguments' checks and their collectives, in a job of one rank. */
@ExtendWith(SingleRank.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CommTest {
    private final Intracomm comm = MPI.COMM_WORLD;

    @Test
    void duplicatesHaveAContextOfTheirOwn() throws MPIException {
        Intracomm copy = comm.dup();
        assertEquals(MPI.CONGRUENT, Comm.compare(comm, copy));
        assertEquals(MPI.IDENT, Comm.compare(copy, copy));
        assertEquals(MPI.CONGRUENT, Comm.compare(MPI.COMM_SELF, copy));
        assertSame(MPI.ERRORS_RETURN, copy.getErrhandler());
        Request send = copy.iSend(ByteBuffer.allocate(1), 1, MPI.BYTE, 0, 1);
        assertNull(comm.iProbe(0, 1));
        copy.recv(new byte[1], 1, MPI.BYTE, 0, 1);
        send.waitFor();
        copy.free();
        assertTrue(copy.isNull());
        assertRaises(MPI.ERR_COMM, "freed", copy::getSize);
        assertRaises(MPI.ERR_COMM, "predefined", comm::free);
        Intracomm later = comm.iDup();
        later.getRequest().waitFor();
        assertEquals(1, later.getSize());
        later.disconnect();
        assertFalse(comm.clone().isNull());
    }

    @Test
    void aCommunicatorOfAnyClassIsDuplicatedAsWhatItIs() throws MPIException {
        Comm any = comm;
        Info info = new Info();
        info.set("hint", "yes");
        for (Comm copy : new Comm[] {any.dup(), any.clone(), any.dupWithInfo(info), any.iDup()}) {
            assertSame(Intracomm.class, copy.getClass());
            if (copy.getRequest() != null) {
                copy.getRequest().waitFor();
            }
            assertEquals(MPI.CONGRUENT, Comm.compare(any, copy));
            copy.free();
        }
        Comm grid = comm.createCart(new int[] {1}, new boolean[1], false);
        info.free();
        assertSame(CartComm.class, grid.dup().getClass());
        assertSame(CartComm.class, grid.clone().getClass());
        assertSame(CartComm.class, grid.dupWithInfo(info).getClass());
    }

    @Test
    void splitsAndSubsets() throws MPIException {
        assertEquals(1, comm.split(3, 0).getSize());
        assertTrue(comm.split(MPI.UNDEFINED, 0).isNull());
        assertRaises(MPI.ERR_ARG, "colour is -2", () -> comm.split(-2, 0));
        assertEquals(0, comm.splitType(Comm.TYPE_SHARED, 0, MPI.INFO_NULL).getRank());
        assertRaises(MPI.ERR_ARG, "splitType is 5", () -> comm.splitType(5, 0, MPI.INFO_NULL));
        assertEquals(1, comm.create(comm.getGroup()).getSize());
        assertTrue(comm.create(MPI.GROUP_EMPTY).isNull());
        assertEquals(1, comm.createGroup(comm.getGroup(), 7).getSize());
        assertRaises(MPI.ERR_GROUP, "group is null", () -> comm.create(null));
    }

    @Test
    void attributesNamesAndHints() throws MPIException {
        assertEquals(Integer.MAX_VALUE, comm.getAttr(MPI.TAG_UB));
        assertEquals(Boolean.FALSE, comm.getAttr(MPI.WTIME_IS_GLOBAL));
        assertEquals(Runtime.getRuntime().availableProcessors(), comm.getAttr(MPI.UNIVERSE_SIZE));
        int key = Comm.createKeyval();
        comm.setAttr(key, "value");
        Intracomm copy = comm.dup();
        assertEquals("value", copy.getAttr(key));
        comm.deleteAttr(key);
        assertNull(comm.getAttr(key));
        assertRaises(MPI.ERR_ARG, "serialized", () -> comm.setAttr(key, new Object()));
        Comm.freeKeyval(key);
        assertRaises(MPI.ERR_KEYVAL, "keyval", () -> comm.setAttr(key, "value"));
        assertEquals("MPI_COMM_WORLD", comm.getName());
        copy.setName("mine");
        assertEquals("mine", copy.getName());
        Info info = new Info();
        info.set("hint", "yes");
        copy.setInfo(info);
        assertEquals("yes", copy.dup().getInfo().get("hint"));
        assertEquals(MPI.UNDEFINED, comm.getTopology());
        assertFalse(comm.isInter());
        comm.callErrhandler(MPI.ERR_OTHER);
    }

    @Test
    void badArgumentsAreNamed() throws MPIException {
        int[] data = new int[4];
        assertRaises(MPI.ERR_RANK, "dest is 1; it must be a rank from 0 to 0", () -> comm.send(data, 1, MPI.INT, 1, 0));
        assertRaises(MPI.ERR_RANK, "dest is -1", () -> comm.send(data, 1, MPI.INT, MPI.ANY_SOURCE, 0));
        assertRaises(MPI.ERR_RANK, "source is 5", () -> comm.recv(data, 1, MPI.INT, 5, 0));
        assertRaises(MPI.ERR_TAG, "tag is -1", () -> comm.send(data, 1, MPI.INT, 0, MPI.ANY_TAG));
        assertRaises(MPI.ERR_TAG, "tag is -3", () -> comm.recv(data, 1, MPI.INT, 0, -3));
        assertRaises(MPI.ERR_COUNT, "count is -1", () -> comm.send(data, -1, MPI.INT, 0, 0));
        assertRaises(MPI.ERR_TYPE, "datatype is null", () -> comm.send(data, 1, null, 0, 0));
        assertRaises(MPI.ERR_TYPE, "int[]", () -> comm.send(data, 1, MPI.DOUBLE, 0, 0));
        assertRaises(MPI.ERR_BUFFER, "buf is null", () -> comm.send(null, 1, MPI.INT, 0, 0));
        assertRaises(MPI.ERR_BUFFER, "needs 20 bytes", () -> comm.recv(data, 5, MPI.INT, 0, 0));
        assertRaises(MPI.ERR_BUFFER, "read-only",
                () -> comm.iRecv(ByteBuffer.allocateDirect(4).asReadOnlyBuffer(), 4, MPI.BYTE, 0, 0));
        assertRaises(MPI.ERR_ROOT, "root is 2; it must be a rank from 0 to 0", () -> comm.bcast(data, 1, MPI.INT, 2));
        assertRaises(MPI.ERR_OP, "MAXLOC is not defined for datatype MPI_INT",
                () -> comm.allReduce(data, 1, MPI.INT, MPI.MAXLOC));
        assertRaises(MPI.ERR_OP, "operation is null", () -> comm.allReduce(data, 1, MPI.INT, null));
        assertRaises(MPI.ERR_ARG, "recvcounts is null",
                () -> comm.allGatherv(data, 1, MPI.INT, data, null, new int[1], MPI.INT));
        assertRaises(MPI.ERR_COUNT, "recvcounts[0] is -4",
                () -> comm.allGatherv(data, 1, MPI.INT, data, new int[] {-4}, new int[1], MPI.INT));
        assertRaises(MPI.ERR_BUFFER, "recvbuf",
                () -> comm.allGatherv(data, 1, MPI.INT, data, new int[] {1}, new int[] {4}, MPI.INT));
        assertRaises(MPI.ERR_ARG, "call gatherv(recvbuf", () -> comm.gatherv(data, 1, MPI.INT, 0));
        assertRaises(MPI.ERR_ARG, "errhandler", () -> comm.setErrhandler(null));
        comm.send(null, 0, MPI.INT, MPI.PROC_NULL, 0);
    }

    @Test
    void aRankAloneReducesToItsOwnData() throws MPIException {
        int[] in = {3, 4};
        int[] out = new int[2];
        comm.allReduce(in, out, 2, MPI.INT, MPI.SUM);
        assertArrayEquals(in, out);
        comm.allReduce(out, 2, MPI.INT, MPI.PROD);
        comm.reduce(out, 2, MPI.INT, MPI.MAX, 0);
        comm.scan(out, 2, MPI.INT, MPI.SUM);
        comm.reduceScatter(out, new int[] {2}, MPI.INT, MPI.SUM);
        comm.reduceScatterBlock(out, 2, MPI.INT, MPI.SUM);
        assertArrayEquals(in, out);
        int[] untouched = {9};
        comm.exScan(new int[] {5}, untouched, 1, MPI.INT, MPI.SUM);
        assertArrayEquals(new int[] {9}, untouched);
        Comm.reduceLocal(in, out, 2, MPI.INT, MPI.SUM);
        assertArrayEquals(new int[] {6, 8}, out);
    }

    @Test
    void aRankAloneMovesDataToItself() throws MPIException {
        char[] in = {'a', 'b'};
        char[] out = new char[3];
        comm.gather(in, 2, MPI.CHAR, out, 2, MPI.CHAR, 0);
        comm.scatter(out, 1, MPI.CHAR, in, 1, MPI.CHAR, 0);
        comm.gather(out, 2, MPI.CHAR, 0);
        comm.gatherv(in, 2, MPI.CHAR, out, new int[] {2}, new int[] {1}, MPI.CHAR, 0);
        assertArrayEquals(new char[] {'a', 'a', 'b'}, out);
        comm.gatherv(out, new int[] {2}, new int[] {1}, MPI.CHAR, 0);
        comm.scatterv(out, new int[] {2}, new int[] {1}, MPI.CHAR, 0);
        comm.allGather(out, 2, MPI.CHAR);
        comm.allToAll(in, 2, MPI.CHAR, out, 2, MPI.CHAR);
        comm.allToAllw(in, new int[] {1}, new int[] {2}, new Datatype[] {MPI.CHAR}, out, new int[] {1}, new int[] {4},
                new Datatype[] {MPI.CHAR});
        assertArrayEquals(new char[] {'a', 'b', 'b'}, out);
        Request request = comm.iBarrier();
        request.waitFor();
        assertTrue(request.isNull());
    }

    @Test
    void usersFunctionsSeeArraysOrByteBuffers() throws MPIException {
        Op arrays = new Op(new UserFunction() {
            @Override
            public void call(Object in, Object inOut, int count, Datatype datatype) throws MPIException {
                assertEquals(count * datatype.getExtent(), ((double[]) in).length);
                for (int i = 0; i < ((double[]) in).length; i++) {
                    ((double[]) inOut)[i] = ((double[]) in)[i] - ((double[]) inOut)[i];
                }
            }
        }, false);
        double[] inOut = {1, 2, 3, 4};
        Comm.reduceLocal(new double[] {10, 20, 30, 40}, inOut, 2, MPI.DOUBLE_COMPLEX, arrays);
        assertArrayEquals(new double[] {9, 18, 27, 36}, inOut);
        assertFalse(arrays.isCommutative());

        Op bytes = new Op(new UserFunction() {
            @Override
            public void call(ByteBuffer in, ByteBuffer inOut, int count, Datatype datatype) {
                for (int i = 0; i < count; i++) {
                    inOut.putInt(8 * i + 4, in.getInt(8 * i) + inOut.getInt(8 * i));
                }
            }
        }, true);
        java.nio.IntBuffer a = MPI.newIntBuffer(4).put(0, new int[] {1, 2, 3, 4});
        java.nio.IntBuffer b = MPI.newIntBuffer(4).put(0, new int[] {10, 20, 30, 40});
        Comm.reduceLocal(a, b, 2, MPI.INT2, bytes);
        assertEquals(11, b.get(1));
        assertEquals(33, b.get(3));

        Op booleans = new Op(new UserFunction() {
            @Override
            public void call(Object in, Object inOut, int count, Datatype datatype) {
                ((boolean[]) inOut)[0] ^= ((boolean[]) in)[0];
            }
        }, true);
        boolean[] flags = {true};
        Comm.reduceLocal(new boolean[] {true}, flags, 1, MPI.BOOLEAN, booleans);
        assertFalse(flags[0]);
        booleans.free();
        assertTrue(booleans.isNull());
        assertRaises(MPI.ERR_OP, "freed", () -> Comm.reduceLocal(flags, flags, 1, MPI.BOOLEAN, booleans));
        assertRaises(MPI.ERR_OP, "predefined", MPI.SUM::free);
    }

    @Test
    void errorsOfAUsersFunctionReachTheCaller() {
        Op failing = new Op(new UserFunction() {
            @Override
            public void call(Object in, Object inOut, int count, Datatype datatype) throws MPIException {
                throw new MPIException("no such luck");
            }
        }, true);
        assertRaises(MPI.ERR_OTHER, "no such luck",
                () -> Comm.reduceLocal(new int[1], new int[1], 1, MPI.INT, failing));
    }
}
