package org.isthmus.rdma.backend;

import java.util.Map;
import org.isthmus.node.spi.Backend;
import org.isthmus.node.spi.BackendConformance;
import org.isthmus.rdma.extension.VerbsProviders;
import org.isthmus.rdma.software.SoftwareProvider;
import org.junit.jupiter.api.BeforeAll;

class RdmaConformanceTest extends BackendConformance {
    @BeforeAll
    static void useSoftware() {
        VerbsProviders.replace(SoftwareProvider.shared());
    }

    @Override
    protected Backend backend() {
        return new RdmaBackend();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("isthmus.rdma.provider", "software", "isthmus.rdma.timeout.close", "30s");
    }
}
