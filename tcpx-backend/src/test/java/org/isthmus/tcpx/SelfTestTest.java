package org.isthmus.tcpx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.isthmus.node.config.Settings;
import org.isthmus.node.spi.Diagnosis;
import org.isthmus.tcpx.plugin.TestPlugin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code isthmus info} and {@code isthmus doctor} say of tcpx, here and with a plugin that errs. */
@Timeout(120)
class SelfTestTest {
    private static Settings settings(String... pairs) {
        Properties properties = new Properties();
        properties.setProperty("isthmus.tcpx.addresses", "127.0.0.1");
        properties.setProperty("isthmus.tcpx.timeout.close", "50ms");
        for (int i = 0; i < pairs.length; i += 2) {
            properties.setProperty(pairs[i], pairs[i + 1]);
        }
        return Settings.of(Map.of(), properties);
    }

    private static Settings plugin(String library) {
        return settings("isthmus.tcpx.engine", "plugin", "isthmus.tcpx.plugin", library,
                "isthmus.tcpx.window.receive", "20");
    }

    private static Diagnosis of(String subject, List<Diagnosis> all) {
        return all.stream().filter(diagnosis -> diagnosis.subject().equals(subject)).findFirst().orElseThrow();
    }

    @Test
    void socketsAreTried() throws IOException {
        List<Diagnosis> all = new TcpxBackend().diagnose(settings("isthmus.tcpx.chunk", "64k"));
        assertTrue(of("tcpx sockets", all).found().startsWith("32 MiB arrived intact"), all.toString());
        assertTrue(of("tcpx pieces", all).advice().contains("isthmus.tcpx.chunk=512k"), all.toString());
        assertTrue(of("device memory", all).advice().isEmpty(), all.toString());
    }

    @Test
    void aPluginIsTried() throws Exception {
        List<Diagnosis> all = new TcpxBackend().diagnose(plugin(TestPlugin.build(10)));
        assertTrue(of("tcpx plugin", all).found().startsWith("32 MiB arrived intact"), all.toString());
        assertTrue(of("tcpx slots", all).advice().contains("window.receive=16"), all.toString());
    }

    @Test
    void exhaustedSlotsAreNamed() throws Exception {
        String library = TestPlugin.build(8);
        TestPlugin.fault(library, TestPlugin.FAULT_SEND);
        Diagnosis found = of("tcpx plugin", new TcpxBackend().diagnose(plugin(library)));
        assertTrue(found.fails() && found.found().contains("to isend") && found.advice().contains("slots ran out"),
                found.toString());
    }

    @Test
    void anEarlyReleaseIsNamed() throws Exception {
        Unpacker never = new Unpacker() {
            @Override
            public long begin(MemorySegment bounce, MemorySegment place, long offset, int length) {
                return 0;
            }

            @Override
            public boolean isDone(long ticket) {
                return true;
            }
        };
        Diagnosis found = of("tcpx plugin", new SelfTest(plugin(TestPlugin.build(9)), never).run());
        assertTrue(found.fails() && found.advice().contains("released before"), found.toString());
    }

    @Test
    void aMissingPluginIsNamed() throws IOException {
        Diagnosis found = of("tcpx plugin", new TcpxBackend().diagnose(plugin("libnccl-net-none.so")));
        assertTrue(found.fails() && found.found().contains("libnccl-net-none.so cannot be loaded"), found.toString());
    }

    @Test
    void eachEngineSaysWhyItIsUsedOrNot() throws Exception {
        List<String> lines = new TcpxBackend().describe(settings());
        assertEquals("engine sockets: used for all, 1 to a node for each of 127.0.0.1", lines.get(0));
        assertEquals("engine plugin: not used: isthmus.tcpx.engine is sockets", lines.get(1));
        assertEquals("zero-copy sends: not used: isthmus.tcpx.zerocopy is false", lines.get(2));
        assertTrue(lines.get(3).startsWith("device memory: not used"), lines.get(3));
        lines = new TcpxBackend().describe(plugin(TestPlugin.build(7)));
        assertEquals("engine plugin: used for large transfers, test (interface V7, 2 network cards)", lines.get(1));
        lines = new TcpxBackend().describe(plugin("libnccl-net-none.so"));
        assertTrue(lines.get(1).startsWith("engine plugin: cannot be used: libnccl-net-none.so"), lines.get(1));
        lines = new TcpxBackend().describe(settings("isthmus.tcpx.zerocopy", "true"));
        assertFalse(lines.get(2).contains("not used"), lines.get(2));
    }
}
