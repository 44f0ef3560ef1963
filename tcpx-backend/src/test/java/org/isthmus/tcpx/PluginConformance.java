package org.isthmus.tcpx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Map;
import org.isthmus.node.spi.Backend;
import org.isthmus.node.spi.BackendConformance;
import org.isthmus.tcpx.plugin.TestPlugin;
import org.junit.jupiter.api.AfterEach;

/** Large transfers go through a plugin; one subclass for each version of its interface. */
abstract class PluginConformance extends BackendConformance {
    private final int version;

    PluginConformance(int version) {
        this.version = version;
    }

    @Override
    protected Backend backend() {
        return new TcpxBackend();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("isthmus.tcpx.addresses", "127.0.0.1", "isthmus.tcpx.timeout.close", "30s",
                "isthmus.tcpx.engine", "plugin", "isthmus.tcpx.plugin", library(), "isthmus.tcpx.chunk", "64k");
    }

    private String library() {
        try {
            return TestPlugin.build(version);
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void allCommsAreClosed() {
        nodeA().endpoint.abort();
        nodeB().endpoint.abort();
        assertEquals(0, TestPlugin.statistic(library(), TestPlugin.Statistic.OPEN));
    }
}
