package org.isthmus.rdma.software;

import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import com.ibm.disni.verbs.RdmaEventChannel;
import com.ibm.disni.verbs.RdmaProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.isthmus.rdma.extension.DeviceAttributes;
import org.isthmus.rdma.extension.PortAttributes;
import org.isthmus.rdma.extension.SharedReceiveQueue;
import org.isthmus.rdma.extension.VerbsExtension;

/** The extension of the software provider. */
abstract class SoftwareExtension extends RdmaProvider implements VerbsExtension {
    final SoftwareFabric fabric;
    final SoftwareVerbs verbs;
    final SoftwareCm cm;

    SoftwareExtension(SoftwareFabric fabric) {
        this.fabric = fabric;
        this.verbs = new SoftwareVerbs(fabric);
        this.cm = new SoftwareCm(fabric);
    }

    @Override
    public List<DeviceAttributes> devices() {
        PortAttributes port = new PortAttributes(1, true, SoftwareLimits.MTU, 0, true,
                List.of(new PortAttributes.Gid(0, "::ffff:127.0.0.1", "RoCE v2")));
        return List.of(new DeviceAttributes(SoftwareLimits.DEVICE, 1, SoftwareLimits.MAX_QP, SoftwareLimits.MAX_QP_WR,
                SoftwareLimits.MAX_SGE, SoftwareLimits.MAX_CQE, SoftwareLimits.MAX_MR, Long.MAX_VALUE,
                SoftwareLimits.MAX_SRQ_WR, SoftwareLimits.MAX_READS, true, true, List.of(port)));
    }

    @Override
    public DeviceAttributes queryDevice(IbvContext context) {
        return devices().getFirst();
    }

    @Override
    public SharedReceiveQueue createSrq(IbvPd pd, int maxWr, int maxSge) throws IOException {
        if (maxWr < 1 || maxWr > SoftwareLimits.MAX_SRQ_WR || maxSge < 1 || maxSge > SoftwareLimits.MAX_SGE) {
            throw SoftwareProvider.refused("createSrq", maxWr + " receives of " + maxSge + " pieces: at most "
                    + SoftwareLimits.MAX_SRQ_WR + " of " + SoftwareLimits.MAX_SGE + " are allowed");
        }
        return new SoftwareSrq(fabric, pd, maxWr, maxSge);
    }

    @Override
    public IbvQP createQp(RdmaCmId id, IbvPd pd, IbvQPInitAttr attributes, SharedReceiveQueue srq) throws IOException {
        return cm.createQp(id, pd, attributes, (SoftwareSrq) srq);
    }

    @Override
    public int queryState(IbvQP qp) {
        fabric.lock();
        try {
            return qp.getState();
        } finally {
            fabric.unlock();
        }
    }

    @Override
    public void setError(IbvQP qp) {
        fabric.lock();
        try {
            ((SoftwareQp) qp).enterError();
        } finally {
            fabric.unlock();
        }
    }

    @Override
    public IbvMr register(IbvPd pd, long address, long length, int access) throws IOException {
        return verbs.register(pd, address, length, access);
    }

    @Override
    public void connect(RdmaCmId id, RdmaConnParam parameters, byte[] privateData) throws IOException {
        cm.connect(id, parameters, checked("connect", privateData, MAX_CONNECT_DATA));
    }

    @Override
    public void accept(RdmaCmId id, RdmaConnParam parameters, byte[] privateData) throws IOException {
        cm.accept(id, parameters, checked("accept", privateData, MAX_REPLY_DATA));
    }

    @Override
    public void reject(RdmaCmId id, byte[] privateData) throws IOException {
        cm.reject(id, checked("reject", privateData, MAX_REPLY_DATA));
    }

    private static byte[] checked(String call, byte[] data, int most) throws IOException {
        if (data.length > most) {
            throw SoftwareProvider.refused(call, data.length + " bytes of private data, at most " + most);
        }
        return data;
    }

    @Override
    public byte[] privateData(RdmaCmEvent event) {
        return ((SoftwareCmEvent) event).data().clone();
    }

    @Override
    public int localPort(RdmaCmId id) throws IOException {
        return ((InetSocketAddress) cm.getSrcAddr(id)).getPort();
    }

    @Override
    public void wakeup(IbvCompChannel channel) {
        fabric.lock();
        try {
            ((SoftwareCompChannel) channel).wakeup();
        } finally {
            fabric.unlock();
        }
    }

    @Override
    public boolean watch(IbvCompChannel channel, int descriptor, Runnable onReadable) {
        return false;
    }

    @Override
    public void wakeup(RdmaEventChannel channel) {
        fabric.lock();
        try {
            ((SoftwareEventChannel) channel).wakeup();
        } finally {
            fabric.unlock();
        }
    }
}
