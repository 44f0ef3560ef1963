package org.isthmus.rdma.provider;

import com.ibm.disni.verbs.IbvCQ;
import java.io.IOException;
import org.isthmus.rdma.verbs.CompletionQueueDescriptor;
import org.isthmus.rdma.verbs.StructAccess;
import org.isthmus.rdma.verbs.VerbsNative;

/** A completion queue. */
final class CompletionQueue extends IbvCQ {
    private final long address;
    private final CompletionChannel events;
    final Context device;

    /** @param channel may be null */
    CompletionQueue(Context context, CompletionChannel channel, long address) throws IOException {
        super(context, channel, StructAccess.getInt(address, CompletionQueueDescriptor.HANDLE_OFFSET));
        this.address = address;
        this.device = context;
        this.events = channel;
        if (channel != null) {
            channel.queueMade();
        }
        this.cqe = StructAccess.getInt(address, CompletionQueueDescriptor.CQE_OFFSET);
    }

    void destroy() throws IOException {
        VerbsNative.destroyCq(address);
        close();
        if (events != null) {
            events.queueGone();
        }
    }

    long address() {
        return address;
    }

    static CompletionQueue of(IbvCQ cq) throws IOException {
        return Handles.open(CompletionQueue.class, cq, cq != null && cq.isOpen());
    }
}
