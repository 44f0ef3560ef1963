package org.isthmus.tcpx;

import java.io.IOException;
import org.isthmus.node.spi.Backend;
import org.isthmus.node.spi.Endpoint;
import org.isthmus.node.spi.EndpointContext;
import org.isthmus.tcpx.plugin.NetPlugin;

/** TCP over all network cards of a node: by plain non-blocking sockets, or with large transfers through an NCCL plugin. */
public final class TcpxBackend implements Backend {
    public static final String NAME = "tcpx";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Endpoint open(EndpointContext context) throws IOException {
        TcpxOptions options = TcpxOptions.of(context.settings());
        NetPlugin plugin = options.plugin().isEmpty() ? null : NetPlugin.load(options.plugin());
        return new TcpxEndpoint(context, options, new HostUnpacker(), plugin);
    }
}
