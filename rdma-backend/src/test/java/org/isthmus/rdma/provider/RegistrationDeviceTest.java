package org.isthmus.rdma.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.disni.verbs.IbvMr;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.isthmus.rdma.verbs.LockedMemory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Registration and its limits. The process must lack the right to lock memory beyond its limit (CAP_IPC_LOCK). */
@Tag("device")
@Timeout(240)
class RegistrationDeviceTest {
    private static final int BYTES = 1 << 20;

    @Test
    void limitOfLockedMemoryIsNamed() throws Exception {
        try (ConnectedPair pair = new ConnectedPair()) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
            String before = LockedMemory.limit();
            limitLockedMemory("65536:");
            try {
                String message = assertThrows(IOException.class,
                        () -> pair.pd.regMr(buffer, Memory.ALL).execute()).getMessage();
                assertTrue(message.startsWith("ibv_reg_mr of 1048576 bytes at 0x"), message);
                assertTrue(message.contains("limit of locked memory is too small (now 65536 bytes), raise it: ulimit "
                        + "-l"), message);
            } finally {
                limitLockedMemory("unlimited:");
            }
            assertEquals(before, LockedMemory.limit());
            pair.pd.regMr(buffer, Memory.ALL).execute().free().getMr().deregMr().execute().free();
        }
    }

    private static void limitLockedMemory(String limit) throws Exception {
        assertEquals(0, new ProcessBuilder("prlimit", "--pid", Long.toString(ProcessHandle.current().pid()),
                "--memlock=" + limit).inheritIO().start().waitFor());
    }

    @Test
    void segmentIsRegisteredByItsAddress() throws IOException {
        try (ConnectedPair pair = new ConnectedPair(); Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocate(BYTES, 4096);
            IbvMr region = pair.provider.register(pair.pd, segment.address(), BYTES, Memory.ALL);
            assertEquals(segment.address(), region.getAddr());
            assertEquals(BYTES, region.getLength());
            region.deregMr().execute().free();
            assertTrue(assertThrows(IOException.class, () -> region.deregMr()).getMessage()
                    .startsWith("this MemoryRegion is closed"));
        }
    }

    @Test
    void memoryThatIsNotThereIsRefused() throws IOException {
        try (ConnectedPair pair = new ConnectedPair()) {
            assertTrue(assertThrows(IOException.class, () -> pair.provider.register(pair.pd, 4096, BYTES, Memory.ALL))
                    .getMessage().startsWith("ibv_reg_mr of 1048576 bytes at 0x1000 with access 0xf failed"));
        }
    }

    @Test
    void bufferOnTheHeapIsRefused() throws IOException {
        try (ConnectedPair pair = new ConnectedPair()) {
            assertTrue(assertThrows(IOException.class, () -> pair.pd.regMr(ByteBuffer.allocate(64), Memory.ALL))
                    .getMessage().endsWith("use ByteBuffer.allocateDirect"));
        }
    }

    @Test
    void dmabufIsRefusedByADeviceWithoutIt() throws IOException {
        try (ConnectedPair pair = new ConnectedPair()) {
            String message = assertThrows(IOException.class,
                    () -> pair.provider.registerDmabuf(pair.pd, 0, 0, 4096, 0, Memory.ALL)).getMessage();
            assertTrue(message.startsWith("ibv_reg_dmabuf_mr of 4096 bytes at offset 0 of descriptor 0 failed"),
                    message);
        }
    }
}
