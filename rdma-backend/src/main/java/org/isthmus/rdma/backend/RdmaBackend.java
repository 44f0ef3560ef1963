package org.isthmus.rdma.backend;

import com.ibm.disni.verbs.RdmaProvider;
import java.io.IOException;
import java.net.InetAddress;
import org.isthmus.node.spi.Backend;
import org.isthmus.node.spi.Endpoint;
import org.isthmus.node.spi.EndpointContext;
import org.isthmus.rdma.extension.VerbsExtension;

/** Queue pairs over a verbs device, one for each shard and node. */
public final class RdmaBackend implements Backend {
    public static final String NAME = "rdma";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Endpoint open(EndpointContext context) throws IOException {
        RdmaOptions options = RdmaOptions.of(context.settings());
        RdmaProvider provider = DeviceChoice.provider(options.provider());
        VerbsExtension extension = (VerbsExtension) provider;
        InetAddress local = DeviceChoice.address(extension, options.address(), context.shard());
        return new RdmaEndpoint(context, options, extension, local);
    }
}
