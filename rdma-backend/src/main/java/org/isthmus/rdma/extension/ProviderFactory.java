package org.isthmus.rdma.extension;

import com.ibm.disni.verbs.RdmaProvider;
import java.io.IOException;

/**
 * Makes a provider by name, for the setting {@code isthmus.rdma.provider}; found by {@link java.util.ServiceLoader}.
 * Has a public constructor without arguments. Any thread may call.
 */
public interface ProviderFactory {
    /** Short lower-case name: {@code native}, {@code software}. */
    String name();

    /** Whether {@code auto} may choose it; false for those that are no real device. */
    boolean isAutomatic();

    /**
     * The provider, one for each process; it implements {@link VerbsExtension}.
     *
     * @throws IOException if library, permission or device is missing: one line that says which, and what to do
     */
    RdmaProvider provider() throws IOException;
}
