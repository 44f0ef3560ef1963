package org.isthmus.rdma.software;

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
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;

/** The verbs of the software provider; queues and memory are objects, what they do is in {@link SoftwareQp}. */
final class SoftwareVerbs extends RdmaVerbs {
    private final SoftwareFabric fabric;

    SoftwareVerbs(SoftwareFabric fabric) {
        this.fabric = fabric;
    }

    @Override
    public IbvPd allocPd(IbvContext context) throws IOException {
        return new IbvPd(context) {
            {
                this.context = context;
            }
        };
    }

    @Override
    public IbvCompChannel createCompChannel(IbvContext context) throws IOException {
        return new SoftwareCompChannel(context, fabric);
    }

    @Override
    public IbvCQ createCQ(IbvContext context, IbvCompChannel channel, int cqe, int vector) throws IOException {
        if (cqe < 1 || cqe > SoftwareLimits.MAX_CQE) {
            throw SoftwareProvider.refused("createCQ", "cqe = " + cqe + ": from 1 to " + SoftwareLimits.MAX_CQE
                    + " is allowed");
        }
        return new SoftwareCq(context, (SoftwareCompChannel) channel, cqe);
    }

    @Override
    public boolean getCqEvent(IbvCompChannel channel, IbvCQ cq, int timeoutMillis) throws IOException {
        fabric.lock();
        try {
            return ((SoftwareCompChannel) channel).await((SoftwareCq) cq, timeoutMillis);
        } finally {
            fabric.unlock();
        }
    }

    @Override
    public SVCRegMr regMr(IbvPd pd, ByteBuffer buffer, int access) throws IOException {
        return regMr(pd, MemorySegment.ofBuffer(buffer.duplicate().clear()).address(), buffer.capacity(), access);
    }

    @Override
    public SVCRegMr regMr(IbvPd pd, long address, int length, int access) {
        return new SoftwareCalls.RegMr(fabric, pd, address, length, access);
    }

    IbvMr register(IbvPd pd, long address, long length, int access) throws IOException {
        fabric.lock();
        try {
            return fabric.memory().register(pd, address, length, access);
        } finally {
            fabric.unlock();
        }
    }

    @Override
    public int queryOdpSupport(IbvContext context) {
        return 0;
    }

    @Override
    public int expPrefetchMr(IbvMr mr, long address, int length) throws IOException {
        throw SoftwareProvider.refused("expPrefetchMr", "memory is never paged on demand here");
    }

    @Override
    public SVCDeregMr deregMr(IbvMr mr) {
        return new SoftwareCalls.DeregMr(fabric, mr);
    }

    @Override
    public SVCPostSend postSend(IbvQP qp, List<IbvSendWR> requests, List<IbvSendWR> bad) throws IOException {
        return new SoftwarePostSend(fabric, (SoftwareQp) qp, requests);
    }

    @Override
    public SVCPostRecv postRecv(IbvQP qp, List<IbvRecvWR> requests, List<IbvRecvWR> bad) throws IOException {
        return new SoftwarePostRecv(fabric, (SoftwareQp) qp, requests);
    }

    @Override
    public SVCPollCq pollCQ(IbvCQ cq, IbvWC[] completions, int most) {
        return new SoftwareCalls.PollCq(fabric, (SoftwareCq) cq, completions, most);
    }

    @Override
    public SVCReqNotify reqNotifyCQ(IbvCQ cq, boolean solicitedOnly) {
        return new SoftwareCalls.ReqNotify(fabric, (SoftwareCq) cq, solicitedOnly);
    }

    @Override
    public int ackCqEvents(IbvCQ cq, int events) {
        return 0;
    }

    @Override
    public int destroyCompChannel(IbvCompChannel channel) {
        channel.close();
        return 0;
    }

    @Override
    public int deallocPd(IbvPd pd) {
        pd.close();
        return 0;
    }

    @Override
    public int destroyCQ(IbvCQ cq) {
        cq.close();
        return 0;
    }
}
