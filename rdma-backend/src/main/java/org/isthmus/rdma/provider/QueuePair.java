package org.isthmus.rdma.provider;

import com.ibm.disni.verbs.IbvQP;
import java.io.IOException;
import org.isthmus.rdma.verbs.QueuePairDescriptor;
import org.isthmus.rdma.verbs.StructAccess;

/** A queue pair. One thread posts. */
final class QueuePair extends IbvQP {
    private final long address;
    final Context device;

    QueuePair(long address, ProtectionDomain pd, CompletionQueue sends, CompletionQueue receives, int type)
            throws IOException {
        super(StructAccess.getInt(address, QueuePairDescriptor.QP_NUM_OFFSET));
        this.address = address;
        this.device = pd.openContext();
        this.context = device;
        this.pd = pd;
        this.send_cq = sends;
        this.recv_cq = receives;
        this.qp_type = type;
        this.handle = StructAccess.getInt(address, QueuePairDescriptor.HANDLE_OFFSET);
    }

    long address() {
        return address;
    }

    static QueuePair of(IbvQP qp) throws IOException {
        return Handles.open(QueuePair.class, qp, qp != null && qp.isOpen());
    }
}
