package org.isthmus.tcpx;

import java.io.IOException;
import java.util.Map;
import java.util.Properties;
import java.util.function.BooleanSupplier;
import org.isthmus.node.config.Settings;
import org.isthmus.node.spi.Backend;
import org.isthmus.node.spi.Endpoint;
import org.isthmus.node.spi.EndpointContext;
import org.isthmus.node.spi.TestNode;
import org.isthmus.node.wire.JobIdentification;
import org.isthmus.tcpx.plugin.NetPlugin;

/** Two connected nodes of this process, and their channel. */
final class TcpxPair implements AutoCloseable {
    static final JobIdentification JOB = new JobIdentification("job", new byte[32]);

    final TestNode a;
    final TestNode b;
    final TcpxChannel ab;
    final TcpxChannel ba;

    TcpxPair(Map<String, String> settings, Unpacker unpacker) throws IOException {
        a = open(0, settings, unpacker);
        b = open(1, settings, unpacker);
        ab = (TcpxChannel) a.endpoint.connect(1, b.endpoint.address());
        int links = TcpxAddress.decode(a.endpoint.address()).size();
        until(() -> a.connected.containsKey(1) && b.connected.containsKey(0) && ab.liveLinks() == links);
        ba = (TcpxChannel) b.connected.get(0);
        until(() -> ba.liveLinks() == links);
    }

    static TestNode open(int node, Map<String, String> texts, Unpacker unpacker) throws IOException {
        Properties properties = new Properties();
        texts.forEach(properties::setProperty);
        Settings settings = Settings.of(Map.of(), properties);
        Backend backend = new Backend() {
            @Override
            public String name() {
                return TcpxBackend.NAME;
            }

            @Override
            public Endpoint open(EndpointContext context) throws IOException {
                TcpxOptions options = TcpxOptions.of(settings);
                NetPlugin plugin = options.plugin().isEmpty() ? null : NetPlugin.load(options.plugin());
                return new TcpxEndpoint(context, options, unpacker, plugin);
            }
        };
        return new TestNode(backend, handler -> new EndpointContext(JOB, node, 8, 0, settings, handler), 16 << 10);
    }

    long count(TcpxCounters.Counter counter) {
        return ((TcpxEndpoint) a.endpoint).total().get(counter) + ((TcpxEndpoint) b.endpoint).total().get(counter);
    }

    void poll() {
        a.endpoint.poll(64);
        b.endpoint.poll(64);
    }

    void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (Thread.interrupted()) {
                throw new AssertionError("timed out: " + a.failures + b.failures);
            }
            poll();
        }
    }

    @Override
    public void close() {
        a.endpoint.abort();
        b.endpoint.abort();
    }
}
