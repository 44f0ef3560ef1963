package org.isthmus.rdma.provider;

import com.ibm.disni.verbs.SVCDeregMr;
import java.io.IOException;
import org.isthmus.rdma.verbs.VerbsNative;

/** A prepared end of a registration. */
final class DeregisterCall extends SVCDeregMr {
    private final MemoryRegion region;
    private boolean valid = true;

    DeregisterCall(MemoryRegion region) {
        this.region = region;
    }

    @Override
    public SVCDeregMr execute() throws IOException {
        VerbsNative.deregMr(MemoryRegion.of(region).nativeAddress());
        region.close();
        return this;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public SVCDeregMr free() {
        valid = false;
        return this;
    }
}
