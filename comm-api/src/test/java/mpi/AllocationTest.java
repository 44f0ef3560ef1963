package mpi;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Blocking messages leave nothing on the heap, once the JIT has compiled them. */
@ExtendWith(SingleRank.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AllocationTest {
    private static final int MESSAGES = 20_000;
    private static final int ROUNDS = 100;

    private static void exchange(Object buffer) throws MPIException {
        for (int i = 0; i < MESSAGES; i++) {
            MPI.COMM_SELF.send(buffer, 64, MPI.BYTE, 0, 1);
            MPI.COMM_SELF.recv(buffer, 64, MPI.BYTE, 0, 1);
        }
    }

    @Test
    void sendAndReceiveAllocateNothing() throws MPIException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Object[] buffers = {MPI.newByteBuffer(64), new byte[64], ByteBuffer.allocate(64),
            ByteBuffer.allocateDirect(64)};
        for (Object buffer : buffers) {
            double bytes = Double.MAX_VALUE;
            for (int round = 0; round < ROUNDS && bytes >= 1; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                exchange(buffer);
                bytes = (threads.getCurrentThreadAllocatedBytes() - before) / (double) MESSAGES;
            }
            assertTrue(bytes < 1, buffer.getClass() + ": " + bytes + " bytes for a send and a receive");
        }
    }
}
