package org.isthmus.rdma.provider;

import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.RdmaCmId;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.isthmus.rdma.verbs.CmIdDescriptor;
import org.isthmus.rdma.verbs.SocketAddressDescriptor;
import org.isthmus.rdma.verbs.StructAccess;

/** One end of a connection, or a listener. */
final class CmId extends RdmaCmId {
    private final long address;
    private final Contexts contexts;

    CmId(EventChannel channel, long address, int portSpace, Contexts contexts) throws IOException {
        super(channel, null);
        this.address = address;
        this.contexts = contexts;
        this.ps = portSpace;
    }

    long address() {
        return address;
    }

    /** The device, once an address gave one; null before. */
    @Override
    public IbvContext getVerbs() throws IOException {
        if (verbs == null && isOpen()) {
            long context = StructAccess.getLong(address, CmIdDescriptor.VERBS_OFFSET);
            if (context != 0) {
                setVerbs(contexts.of(context));
            }
        }
        return verbs;
    }

    @Override
    public byte getPort_num() {
        return isOpen() ? StructAccess.getByte(address, CmIdDescriptor.PORT_NUM_OFFSET) : super.getPort_num();
    }

    void setQueuePair(IbvQP qp) {
        setQp(qp);
    }

    InetSocketAddress socketAddress(long offset) throws IOException {
        return SocketAddressDescriptor.read(StructAccess.slice(address, offset, SocketAddressDescriptor.BYTES));
    }

    static CmId of(RdmaCmId id) throws IOException {
        return Handles.open(CmId.class, id, id != null && id.isOpen());
    }
}
