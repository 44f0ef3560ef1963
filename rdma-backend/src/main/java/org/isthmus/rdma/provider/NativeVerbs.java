package org.isthmus.rdma.provider;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.RdmaVerbs;
import com.ibm.disni.verbs.SVCDeregMr;
import com.ibm.disni.verbs.SVCPollCq;
import com.ibm.disni.verbs.SVCPostRecv;
import com.ibm.disni.verbs.SVCPostSend;
import com.ibm.disni.verbs.SVCRegMr;
import com.ibm.disni.verbs.SVCReqNotify;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.isthmus.rdma.verbs.VerbsNative;

/**
 * DiSNI's verbs over libibverbs. Any thread may call; two threads not at once for one queue. Failures are exceptions
 * whose message names the call, the reason and what to do: no method answers null or a negative number for one.
 */
final class NativeVerbs extends RdmaVerbs {
    @Override
    public IbvPd allocPd(IbvContext context) throws IOException {
        Context device = Context.of(context);
        return new ProtectionDomain(device, VerbsNative.allocPd(device.address()));
    }

    @Override
    public IbvCompChannel createCompChannel(IbvContext context) throws IOException {
        Context device = Context.of(context);
        return new CompletionChannel(device, VerbsNative.createCompChannel(device.address()));
    }

    /** @param channel may be null: a queue that is only polled */
    @Override
    public IbvCQ createCQ(IbvContext context, IbvCompChannel channel, int entries, int vector) throws IOException {
        Context device = Context.of(context);
        CompletionChannel events = channel == null ? null : CompletionChannel.of(channel);
        return new CompletionQueue(device, events,
                VerbsNative.createCq(device.address(), entries, events == null ? 0 : events.address(), vector));
    }

    /**
     * Waits for an event of the channel, for {@code millis}, or without end if that is negative.
     *
     * @param cq as in DiSNI, not looked at: the event is of any queue of the channel
     * @return false when the time passed first
     */
    @Override
    public boolean getCqEvent(IbvCompChannel channel, IbvCQ cq, int millis) throws IOException {
        CompletionChannel events = CompletionChannel.of(channel);
        if (!events.waiting.await(millis)) {
            return false;
        }
        VerbsNative.getCqEvent(events.address());
        return true;
    }

    @Override
    public SVCRegMr regMr(IbvPd pd, ByteBuffer buffer, int access) throws IOException {
        return RegisterCall.ofBuffer(ProtectionDomain.of(pd), buffer, access);
    }

    @Override
    public SVCRegMr regMr(IbvPd pd, long address, int length, int access) throws IOException {
        return new RegisterCall(ProtectionDomain.of(pd), address, length, access, null);
    }

    /** 0: this provider registers memory without on-demand paging. */
    @Override
    public int queryOdpSupport(IbvContext context) throws IOException {
        Context.of(context);
        return 0;
    }

    @Override
    public int expPrefetchMr(IbvMr mr, long address, int length) throws IOException {
        throw new IOException("expPrefetchMr: this provider registers memory without on-demand paging, so that all of"
                + " it is in memory already; ask queryOdpSupport first");
    }

    @Override
    public SVCDeregMr deregMr(IbvMr mr) throws IOException {
        return new DeregisterCall(MemoryRegion.of(mr));
    }

    /** @param refused as in DiSNI, not written */
    @Override
    public SVCPostSend postSend(IbvQP qp, List<IbvSendWR> requests, List<IbvSendWR> refused) throws IOException {
        return new PostSendCall(QueuePair.of(qp), requests);
    }

    /** @param refused as in DiSNI, not written */
    @Override
    public SVCPostRecv postRecv(IbvQP qp, List<IbvRecvWR> requests, List<IbvRecvWR> refused) throws IOException {
        return new PostReceiveCall(QueuePair.of(qp), requests);
    }

    @Override
    public SVCPollCq pollCQ(IbvCQ cq, IbvWC[] completions, int most) throws IOException {
        return new PollCall(CompletionQueue.of(cq), completions, most);
    }

    @Override
    public SVCReqNotify reqNotifyCQ(IbvCQ cq, boolean solicitedOnly) throws IOException {
        return new NotifyCall(CompletionQueue.of(cq), solicitedOnly);
    }

    @Override
    public int ackCqEvents(IbvCQ cq, int count) throws IOException {
        VerbsNative.ackCqEvents(CompletionQueue.of(cq).address(), count);
        return 0;
    }

    /** Ends a channel; the library's part ends with the last of its queues. */
    @Override
    public int destroyCompChannel(IbvCompChannel channel) throws IOException {
        CompletionChannel.of(channel).destroy();
        return 0;
    }

    @Override
    public int deallocPd(IbvPd pd) throws IOException {
        ProtectionDomain domain = ProtectionDomain.of(pd);
        VerbsNative.deallocPd(domain.address());
        domain.close();
        return 0;
    }

    @Override
    public int destroyCQ(IbvCQ cq) throws IOException {
        CompletionQueue.of(cq).destroy();
        return 0;
    }
}
