package org.isthmus.rdma.provider;

import com.ibm.disni.verbs.RdmaProvider;
import java.io.IOException;
import org.isthmus.rdma.extension.ProviderFactory;

/** {@link NativeProvider} by its name. */
public final class NativeProviderFactory implements ProviderFactory {
    @Override
    public String name() {
        return "native";
    }

    @Override
    public boolean isAutomatic() {
        return true;
    }

    @Override
    public RdmaProvider provider() throws IOException {
        return NativeProvider.install();
    }
}
