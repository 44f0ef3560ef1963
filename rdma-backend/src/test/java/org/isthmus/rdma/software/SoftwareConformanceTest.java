package org.isthmus.rdma.software;

import com.ibm.disni.verbs.RdmaProvider;
import java.net.InetAddress;
import org.isthmus.rdma.extension.VerbsConformance;

class SoftwareConformanceTest extends VerbsConformance {
    @Override
    protected RdmaProvider provider() {
        return SoftwareProvider.shared();
    }

    @Override
    protected InetAddress address() {
        return InetAddress.getLoopbackAddress();
    }
}
