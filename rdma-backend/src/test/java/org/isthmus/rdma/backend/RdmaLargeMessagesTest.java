package org.isthmus.rdma.backend;

import java.util.Map;
import org.isthmus.node.mux.LargeMessagesConformance;
import org.isthmus.node.spi.Backend;
import org.isthmus.rdma.extension.VerbsProviders;
import org.isthmus.rdma.software.SoftwareProvider;
import org.junit.jupiter.api.BeforeAll;

class RdmaLargeMessagesTest extends LargeMessagesConformance {
    @BeforeAll
    static void useSoftware() {
        VerbsProviders.replace(SoftwareProvider.shared());
    }

    @Override
    protected Backend backend(int node) {
        return new RdmaBackend();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("isthmus.rdma.provider", "software", "isthmus.rdma.timeout.close", "50ms");
    }
}
