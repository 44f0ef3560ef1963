package org.isthmus.rdma.provider;

import com.ibm.disni.verbs.IbvCompChannel;
import java.io.IOException;
import org.isthmus.rdma.verbs.CompletionChannelDescriptor;
import org.isthmus.rdma.verbs.StructAccess;
import org.isthmus.rdma.verbs.VerbsNative;

/** Where completion queues announce completions. */
final class CompletionChannel extends IbvCompChannel {
    private final long address;
    private int queues;
    final Waiting waiting;

    CompletionChannel(Context context, long address) throws IOException {
        this(context, address, StructAccess.getInt(address, CompletionChannelDescriptor.FD_OFFSET));
    }

    private CompletionChannel(Context context, long address, int descriptor) throws IOException {
        super(descriptor, context);
        this.address = address;
        this.waiting = new Waiting(descriptor);
    }

    long address() {
        return address;
    }

    synchronized void queueMade() {
        queues++;
    }

    synchronized void queueGone() throws IOException {
        queues--;
        destroyIfUnused();
    }

    synchronized void destroy() throws IOException {
        close();
        waiting.close();
        destroyIfUnused();
    }

    /** The library refuses to end a channel before its queues; DiSNI's endpoints end it first. */
    private void destroyIfUnused() throws IOException {
        if (queues == 0 && !isOpen()) {
            VerbsNative.destroyCompChannel(address);
        }
    }

    static CompletionChannel of(IbvCompChannel channel) throws IOException {
        return Handles.open(CompletionChannel.class, channel, channel != null && channel.isOpen());
    }
}
