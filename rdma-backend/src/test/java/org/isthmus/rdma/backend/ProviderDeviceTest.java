package org.isthmus.rdma.backend;

import com.ibm.disni.verbs.RdmaProvider;
import java.io.IOException;
import java.net.InetAddress;
import org.isthmus.rdma.extension.VerbsConformance;
import org.isthmus.rdma.extension.VerbsExtension;
import org.junit.jupiter.api.Tag;

/** The native provider, where there is a device. */
@Tag("device")
class ProviderDeviceTest extends VerbsConformance {
    @Override
    protected RdmaProvider provider() throws IOException {
        return DeviceChoice.provider("native");
    }

    @Override
    protected InetAddress address() throws IOException {
        return DeviceChoice.address((VerbsExtension) provider(), "auto", 0);
    }
}
