package mpi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static mpi.SingleRank.assertRaises;

import java.lang.foreign.MemorySegment;
import java.nio.IntBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Point-to-point calls and requests of a rank that talks to itself. */
@ExtendWith(SingleRank.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RequestTest {
    private final Intracomm comm = MPI.COMM_SELF;

    private static IntBuffer ints(int... values) {
        return MPI.newIntBuffer(values.length).put(0, values);
    }

    private Request send(int tag) throws MPIException {
        return comm.iSend(ints(tag), 1, MPI.INT, 0, tag);
    }

    @Test
    void aShortMessageLeavesTheRestOfTheArrayAlone() throws MPIException {
        int[] received = {1, 2, 3, 4};
        Request send = comm.iSend(ints(7, 8), 2, MPI.INT, 0, 3);
        Status status = comm.recv(received, 4, MPI.INT, MPI.ANY_SOURCE, MPI.ANY_TAG);
        send.waitFor();
        assertArrayEquals(new int[] {7, 8, 3, 4}, received);
        assertEquals(0, status.getSource());
        assertEquals(3, status.getTag());
        assertEquals(2, status.getCount(MPI.INT));
    }

    @Test
    void everyKindOfBufferTravels() throws MPIException {
        long[] array = {1, 2};
        Object[] buffers = {MPI.newLongBuffer(2).put(0, array), java.nio.LongBuffer.wrap(array), array,
            MemorySegment.ofArray(array), MemorySegment.ofBuffer(MPI.newLongBuffer(2).put(0, array))};
        for (Object buffer : buffers) {
            java.nio.LongBuffer received = java.nio.LongBuffer.allocate(2);
            Request receive = comm.iRecv(received, 2, MPI.LONG, 0, 1);
            comm.send(buffer, 2, MPI.LONG, 0, 1);
            assertEquals(2, receive.waitStatus().getCount(MPI.LONG));
            assertArrayEquals(array, received.array());
        }
    }

    @Test
    void anActiveCollectiveIsNotFreed() throws MPIException {
        Comm copy = comm.iDup();
        for (Request request : new Request[] {comm.iBarrier(), comm.iBcast(ints(1), 1, MPI.INT, 0),
            comm.iAllReduce(ints(1), ints(0), 1, MPI.INT, MPI.SUM), copy.getRequest()}) {
            assertRaises(MPI.ERR_REQUEST, "collective that is active", request::free);
            request.waitFor();
            request.free();
            assertTrue(request.isNull());
        }
        copy.free();
    }

    @Test
    void nobodySendsNothing() throws MPIException {
        int[] data = {5};
        comm.send(data, 1, MPI.INT, MPI.PROC_NULL, 1);
        Status status = comm.recv(data, 1, MPI.INT, MPI.PROC_NULL, 1);
        assertEquals(MPI.PROC_NULL, status.getSource());
        assertEquals(MPI.ANY_TAG, status.getTag());
        assertEquals(0, status.getCount(MPI.INT));
        assertEquals(MPI.PROC_NULL, comm.iRecv(ints(0), 1, MPI.INT, MPI.PROC_NULL, 1).waitStatus().getSource());
        assertEquals(MPI.PROC_NULL, comm.probe(MPI.PROC_NULL, 0).getSource());
        Message message = new Message();
        message.mProbe(MPI.PROC_NULL, 0, comm);
        assertTrue(message.isNoProc());
        assertEquals(0, message.mRecv(data, 1, MPI.INT).getCount(MPI.INT));
        assertTrue(message.isNull());
        assertEquals(5, data[0]);
    }

    @Test
    void requestsBecomeNull() throws MPIException {
        Request send = send(1);
        Request receive = comm.iRecv(ints(0), 1, MPI.INT, 0, 1);
        Status status = null;
        while (status == null) {
            status = receive.testStatus();
        }
        assertEquals(1, status.getTag());
        send.waitFor();
        assertTrue(send.isNull() && receive.isNull());
        assertTrue(send.test());
        assertEquals(0, receive.waitStatus().getCount(MPI.INT));
        assertTrue(MPI.REQUEST_NULL.isNull());
        assertEquals(MPI.ANY_SOURCE, MPI.REQUEST_NULL.waitStatus().getSource());
    }

    @Test
    void getStatusLeavesTheRequest() throws MPIException {
        Request receive = comm.iRecv(ints(0), 1, MPI.INT, 0, 1);
        assertNull(receive.getStatus());
        send(1).waitFor();
        Status status = null;
        while (status == null) {
            status = receive.getStatus();
        }
        assertFalse(receive.isNull());
        assertEquals(1, receive.waitStatus().getCount(MPI.INT));
    }

    @Test
    void anyOfSeveral() throws MPIException {
        Request[] requests = {null, comm.iRecv(ints(0), 1, MPI.INT, 0, 1), comm.iRecv(ints(0), 1, MPI.INT, 0, 2),
            MPI.REQUEST_NULL};
        assertEquals(MPI.UNDEFINED, Request.testAny(requests));
        assertNull(Request.testAnyStatus(requests));
        send(2).waitFor();
        Status status = Request.waitAnyStatus(requests);
        assertEquals(2, status.getIndex());
        assertEquals(2, status.getTag());
        send(1).waitFor();
        assertEquals(1, Request.waitAny(requests));
        assertEquals(MPI.UNDEFINED, Request.waitAny(requests));
        assertEquals(MPI.UNDEFINED, Request.waitAnyStatus(requests).getIndex());
        assertEquals(MPI.UNDEFINED, Request.testAnyStatus(requests).getIndex());
    }

    @Test
    void someOfSeveral() throws MPIException {
        Request[] requests = {comm.iRecv(ints(0), 1, MPI.INT, 0, 1), comm.iRecv(ints(0), 1, MPI.INT, 0, 2)};
        assertArrayEquals(new int[0], Request.testSome(requests));
        assertEquals(0, Request.testSomeStatus(requests).length);
        send(2).waitFor();
        Status[] statuses = Request.waitSomeStatus(requests);
        assertEquals(1, statuses.length);
        assertEquals(1, statuses[0].getIndex());
        send(1).waitFor();
        assertArrayEquals(new int[] {0}, Request.waitSome(requests));
        assertNull(Request.waitSome(requests));
        assertNull(Request.waitSomeStatus(requests));
        assertNull(Request.testSome(requests));
        assertNull(Request.testSomeStatus(requests));
    }

    @Test
    void allOfSeveral() throws MPIException {
        Request[] requests = {comm.iRecv(ints(0), 1, MPI.INT, 0, 1), null, comm.iRecv(ints(0), 1, MPI.INT, 0, 2)};
        send(1).waitFor();
        assertFalse(Request.testAll(requests));
        assertNull(Request.testAllStatus(requests));
        assertFalse(requests[0].isNull());
        send(2).waitFor();
        Status[] statuses = Request.waitAllStatus(requests);
        assertEquals(1, statuses[0].getTag());
        assertEquals(MPI.ANY_TAG, statuses[1].getTag());
        assertEquals(2, statuses[2].getTag());
        assertTrue(Request.testAll(requests));
        assertEquals(3, Request.testAllStatus(requests).length);
        Request.waitAll(new Request[0]);
    }

    @Test
    void tooLongAMessageIsAnErrorOfTheReceive() throws MPIException {
        int[] data = {1, 2, 3};
        Request send = comm.iSend(ints(7, 8, 9), 3, MPI.INT, 0, 1);
        assertRaises(MPI.ERR_TRUNCATE, "", () -> comm.recv(data, 2, MPI.INT, 0, 1));
        assertEquals(3, data[2]);
        send.waitFor();
        Request[] requests = {comm.iRecv(ints(0), 1, MPI.INT, 0, 1), comm.iRecv(ints(0), 1, MPI.INT, 0, 2)};
        comm.iSend(ints(7, 8, 9), 3, MPI.INT, 0, 1).waitFor();
        send(2).waitFor();
        assertRaises(MPI.ERR_IN_STATUS, "request 0 failed: ERR_TRUNCATE", () -> Request.waitAllStatus(requests));
        assertTrue(requests[0].isNull() && requests[1].isNull());
    }

    @Test
    void receivesCanBeCancelled() throws MPIException {
        Request receive = comm.iRecv(ints(0), 1, MPI.INT, 0, 9);
        receive.cancel();
        assertTrue(receive.waitStatus().isCancelled());
        assertRaises(MPI.ERR_REQUEST, "null or inactive", receive::cancel);
    }

    @Test
    void persistentRequestsAreStartedAgain() throws MPIException {
        IntBuffer out = MPI.newIntBuffer(1);
        IntBuffer in = MPI.newIntBuffer(1);
        Prequest[] requests = {comm.sendInit(out, 1, MPI.INT, 0, 4), comm.recvInit(in, 1, MPI.INT, 0, 4)};
        requests[0].waitFor();
        for (int i = 0; i < 3; i++) {
            out.put(0, i);
            Prequest.startAll(requests);
            assertRaises(MPI.ERR_REQUEST, "active already", requests[1]::start);
            Status[] statuses = Request.waitAllStatus(requests);
            assertEquals(1, statuses[1].getCount(MPI.INT));
            assertEquals(i, in.get(0));
            assertFalse(requests[0].isNull());
        }
        requests[0].free();
        requests[1].free();
        assertTrue(requests[1].isNull());
        assertRaises(MPI.ERR_REQUEST, "freed", requests[1]::start);
    }

    @Test
    void probesSeeAMessageAndMatchedOnesTakeIt() throws MPIException {
        assertNull(comm.iProbe(0, 6));
        Message message = new Message();
        assertTrue(message.isNull());
        assertNull(message.imProbe(0, 6, comm));
        Request send = send(6);
        assertEquals(1, comm.probe(MPI.ANY_SOURCE, MPI.ANY_TAG).getCount(MPI.INT));
        assertNotNull(comm.iProbe(0, 6));
        assertEquals(6, message.mProbe(0, 6, comm).getTag());
        assertNull(comm.iProbe(0, 6));
        int[] data = new int[1];
        assertEquals(1, message.mRecv(data, 1, MPI.INT).getCount(MPI.INT));
        assertEquals(6, data[0]);
        assertRaises(MPI.ERR_REQUEST, "the message is null", () -> message.mRecv(data, 1, MPI.INT));
        send.waitFor();
    }

    @Test
    void freedRequestsGoOn() throws MPIException {
        send(5).free();
        int[] data = new int[1];
        comm.recv(data, 1, MPI.INT, 0, 5);
        assertEquals(5, data[0]);
    }

    @Test
    void sendsAndReceivesAtOnce() throws MPIException {
        int[] in = new int[2];
        Status status = comm.sendRecv(new int[] {1, 2}, 2, MPI.INT, 0, 1, in, 2, MPI.INT, 0, 1);
        assertArrayEquals(new int[] {1, 2}, in);
        assertEquals(2, status.getCount(MPI.INT));
        comm.sendRecvReplace(in, 2, MPI.INT, 0, 1, 0, 1);
        assertArrayEquals(new int[] {1, 2}, in);
        assertRaises(MPI.ERR_RANK, "dest is 3", () -> comm.sendRecv(in, 1, MPI.INT, 3, 1, in, 1, MPI.INT, 0, 1));
        assertNull(comm.iProbe(MPI.ANY_SOURCE, MPI.ANY_TAG));
    }
}
