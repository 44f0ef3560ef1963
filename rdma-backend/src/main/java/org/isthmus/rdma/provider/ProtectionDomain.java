package org.isthmus.rdma.provider;

import com.ibm.disni.verbs.IbvPd;
import java.io.IOException;
import org.isthmus.rdma.verbs.ProtectionDomainDescriptor;
import org.isthmus.rdma.verbs.StructAccess;

/** A protection domain. */
final class ProtectionDomain extends IbvPd {
    private final long address;

    ProtectionDomain(Context context, long address) throws IOException {
        super(context);
        this.address = address;
        this.context = context;
        this.handle = StructAccess.getInt(address, ProtectionDomainDescriptor.HANDLE_OFFSET);
    }

    long address() {
        return address;
    }

    Context openContext() throws IOException {
        return Context.of(context);
    }

    static ProtectionDomain of(IbvPd pd) throws IOException {
        return Handles.open(ProtectionDomain.class, pd, pd != null && pd.isOpen());
    }
}
