package org.isthmus.rdma.provider;

import com.ibm.disni.verbs.IbvContext;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.isthmus.rdma.verbs.ContextDescriptor;
import org.isthmus.rdma.verbs.DataPathNative;
import org.isthmus.rdma.verbs.StructAccess;

/**
 * An open device, and the functions of its driver. Open for the life of the process: the connection manager owns it.
 */
final class Context extends IbvContext {
    private final long address;
    final MemorySegment pollCq;
    final MemorySegment requestNotification;
    final MemorySegment postSend;
    final MemorySegment postReceive;
    final MemorySegment postSharedReceive;

    Context(long address) throws IOException {
        super(StructAccess.getInt(address, ContextDescriptor.CMD_FD_OFFSET),
                StructAccess.getInt(address, ContextDescriptor.NUM_COMP_VECTORS_OFFSET));
        this.address = address;
        pollCq = DataPathNative.function(address, ContextDescriptor.POLL_CQ_OFFSET);
        requestNotification = DataPathNative.function(address, ContextDescriptor.REQ_NOTIFY_CQ_OFFSET);
        postSend = DataPathNative.function(address, ContextDescriptor.POST_SEND_OFFSET);
        postReceive = DataPathNative.function(address, ContextDescriptor.POST_RECV_OFFSET);
        postSharedReceive = DataPathNative.function(address, ContextDescriptor.POST_SRQ_RECV_OFFSET);
    }

    long address() {
        return address;
    }

    static Context of(IbvContext context) throws IOException {
        return Handles.open(Context.class, context, context != null && context.isOpen());
    }
}
