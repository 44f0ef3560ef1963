package org.isthmus.rdma.provider;

import com.ibm.disni.verbs.SVCReqNotify;
import java.io.IOException;
import org.isthmus.rdma.verbs.DataPathNative;

/** A prepared request that the next completion makes an event of the channel. */
final class NotifyCall extends SVCReqNotify {
    private final CompletionQueue cq;
    private final boolean solicitedOnly;
    private boolean valid = true;

    NotifyCall(CompletionQueue cq, boolean solicitedOnly) {
        this.cq = cq;
        this.solicitedOnly = solicitedOnly;
    }

    @Override
    public SVCReqNotify execute() throws IOException {
        if (!valid || !cq.isOpen()) {
            throw new IOException("request of a notification: " + (valid ? "its queue is closed" : "it was freed"));
        }
        int errno = DataPathNative.requestNotification(cq.device.requestNotification, cq.address(), solicitedOnly);
        if (errno != 0) {
            throw new IOException("req_notify_cq failed with errno " + errno);
        }
        return this;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public SVCReqNotify free() {
        valid = false;
        return this;
    }
}
