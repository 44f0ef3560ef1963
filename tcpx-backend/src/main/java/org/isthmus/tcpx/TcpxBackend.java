package org.isthmus.tcpx;

import java.io.IOException;
import java.util.List;
import org.isthmus.node.config.Settings;
import org.isthmus.node.spi.Backend;
import org.isthmus.node.spi.Diagnosis;
import org.isthmus.node.spi.Endpoint;
import org.isthmus.node.spi.EndpointContext;
import org.isthmus.tcpx.plugin.NetPlugin;

/**
 * TCP over all network cards of a node: by plain non-blocking sockets, or with large transfers through an NCCL plugin.
 */
public final class TcpxBackend implements Backend {
    public static final String NAME = "tcpx";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Endpoint open(EndpointContext context) throws IOException {
        TcpxOptions options = TcpxOptions.of(context.settings());
        System.Logger logger = System.getLogger(TcpxBackend.class.getName());
        if (logger.isLoggable(System.Logger.Level.DEBUG)) {
            describe(context.settings()).forEach(line -> logger.log(System.Logger.Level.DEBUG, line));
        }
        NetPlugin plugin = options.plugin().isEmpty() ? null : NetPlugin.load(options.plugin());
        return new TcpxEndpoint(context, options, new HostUnpacker(), plugin);
    }

    @Override
    public List<String> describe(Settings settings) throws IOException {
        return new Engines(settings).lines();
    }

    @Override
    public List<Diagnosis> diagnose(Settings settings) throws IOException {
        return new SelfTest(settings).run();
    }
}
