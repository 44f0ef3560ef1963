package org.isthmus.rdma.software;

import com.ibm.disni.verbs.RdmaProvider;
import org.isthmus.rdma.extension.ProviderFactory;

/**
 * Finds the software provider by name; never chosen without being asked for, since it joins nothing but one process.
 */
public final class SoftwareProviderFactory implements ProviderFactory {
    @Override
    public String name() {
        return SoftwareProvider.NAME;
    }

    @Override
    public boolean isAutomatic() {
        return false;
    }

    @Override
    public RdmaProvider provider() {
        return SoftwareProvider.shared();
    }
}
