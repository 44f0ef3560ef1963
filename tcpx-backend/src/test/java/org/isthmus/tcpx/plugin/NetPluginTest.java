package org.isthmus.tcpx.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls into a real library of each version: layouts, order, and that the test plugin sees what callers do wrong. */
@Timeout(60)
class NetPluginTest {
    private static final byte POISON = (byte) 0xDB;
    private static final int BYTES = 1000;

    @ParameterizedTest
    @ValueSource(ints = {7, 8, 9, 10})
    void describesItsCards(int version) throws Exception {
        NetPlugin plugin = NetPlugin.load(TestPlugin.build(version));
        assertEquals(NetPluginVersion.valueOf("V" + version), plugin.functions().version());
        assertEquals("test", plugin.functions().name());
        assertTrue(plugin.functions().wantsConsumed());
        assertEquals(2, plugin.devices().size());
        assertEquals(new NetPluginDevice(1, "test1", true, 10_001, 77, false), plugin.devices().get(1));
        assertSame(plugin, NetPlugin.load(TestPlugin.build(version)));
    }

    /** Two comms of one process, and their memory. */
    private static final class Pair implements AutoCloseable {
        final NetPluginNative plugin;
        final Arena arena = Arena.ofConfined();
        final MemorySegment out = arena.allocate(20 * BYTES);
        final MemorySegment in = arena.allocate(20 * BYTES);
        final MemorySegment scratch = arena.allocate(NetPluginNative.SCRATCH_BYTES, 8);
        final long listener;
        final long sender;
        final long receiver;
        final long outHandle;
        final long inHandle;

        Pair(int version) throws Exception {
            plugin = NetPlugin.load(TestPlugin.build(version)).functions();
            MemorySegment handle = arena.allocate(NetPluginNative.HANDLE_BYTES, 8);
            listener = plugin.listen(0, handle);
            long s = 0;
            long r = 0;
            while (s == 0 || r == 0) {
                s = s == 0 ? plugin.connect(1, handle) : s;
                r = r == 0 ? plugin.accept(listener) : r;
            }
            sender = s;
            receiver = r;
            outHandle = plugin.register(sender, out);
            inHandle = plugin.register(receiver, in);
        }

        long send(int at) throws NetPluginException {
            long request = 0;
            while (request == 0) {
                request = plugin.send(sender, out.address() + at, BYTES, outHandle, scratch);
            }
            return request;
        }

        long receive(int at) throws NetPluginException {
            long request = 0;
            while (request == 0) {
                request = plugin.receive(receiver, in.address() + at, BYTES, inHandle, scratch);
            }
            return request;
        }

        void finish(long send, long receive) throws NetPluginException {
            boolean sent = false;
            boolean received = false;
            while (!sent || !received) {
                sent = sent || plugin.test(send, scratch);
                received = received || plugin.test(receive, scratch);
            }
        }

        @Override
        public void close() throws NetPluginException {
            plugin.deregister(sender, outHandle);
            plugin.deregister(receiver, inHandle);
            plugin.closeSend(sender);
            plugin.closeReceive(receiver);
            plugin.closeListen(listener);
            arena.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 8, 9, 10})
    void carriesBytesAndPoisonsWhatIsReleased(int version) throws Exception {
        try (Pair pair = new Pair(version)) {
            pair.out.asSlice(0, BYTES).fill((byte) 5);
            long receive = pair.receive(0);
            long send = pair.send(0);
            assertFalse(send == receive);
            pair.finish(send, receive);
            assertEquals(BYTES, pair.plugin.testedSize(pair.scratch));
            assertEquals(5, pair.in.get(ValueLayout.JAVA_BYTE, BYTES - 1));
            assertEquals(POISON, pair.out.get(ValueLayout.JAVA_BYTE, BYTES - 1));
            pair.plugin.consumed(pair.receiver, receive);
            assertEquals(POISON, pair.in.get(ValueLayout.JAVA_BYTE, BYTES - 1));
        }
    }

    @Test
    void slotsRunOut() throws Exception {
        try (Pair pair = new Pair(7)) {
            for (int i = 0; i < 16; i++) {
                pair.receive(i * BYTES);
            }
            String message = assertThrows(NetPluginException.class, () -> pair.receive(16 * BYTES)).getMessage();
            assertEquals("plugin test answered 3 (internal error) to irecv", message);
        }
    }

    @Test
    void anotherThanTheOldestRequestIsRefused() throws Exception {
        try (Pair pair = new Pair(8)) {
            long first = pair.receive(0);
            long second = pair.receive(BYTES);
            assertThrows(NetPluginException.class, () -> pair.plugin.test(second, pair.scratch));
            assertThrows(NetPluginException.class, () -> pair.plugin.consumed(pair.receiver, first));
            assertFalse(pair.plugin.test(first, pair.scratch));
        }
    }

    @Test
    void memoryMustBeRegistered() throws Exception {
        try (Pair pair = new Pair(9)) {
            assertThrows(NetPluginException.class, () -> pair.send(19 * BYTES + 1));
        }
    }

    @Test
    void whatCannotBeUsedSaysWhy() throws Exception {
        String failing = TestPlugin.build(8, "-DINIT_FAILS");
        String message = assertThrows(NetPluginException.class, () -> NetPlugin.load(failing)).getMessage();
        assertEquals("plugin test answered 2 (system error) to init", message);
        message = assertThrows(NetPluginException.class, () -> NetPlugin.load("libnccl-net-none.so")).getMessage();
        assertTrue(message.contains("cannot be loaded") && message.contains("LD_LIBRARY_PATH"), message);
        message = assertThrows(NetPluginException.class, () -> NetPlugin.load("libc.so.6")).getMessage();
        assertTrue(message.contains("exports none of"), message);
        String unpacking = TestPlugin.build(7, "-DUNPACKS");
        message = assertThrows(NetPluginException.class, () -> NetPlugin.load(unpacking)).getMessage();
        assertTrue(message.contains("test0 receives into the memory of a GPU"), message);
    }

    @Test
    void theFileIsNamedAsInNccl() {
        assertEquals("/a/b.so", NetPlugin.file("/a/b.so", "c"));
        assertEquals("libnccl-net-ofi.so", NetPlugin.file("", "ofi"));
        assertEquals("/x/libnccl-net.so", NetPlugin.file("", "/x/libnccl-net.so"));
        assertEquals("libnccl-net.so", NetPlugin.file("", null));
    }
}
