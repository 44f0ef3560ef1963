package org.isthmus.rdma.provider;

import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import com.ibm.disni.verbs.RdmaEventChannel;
import com.ibm.disni.verbs.RdmaProvider;
import com.ibm.disni.verbs.RdmaVerbs;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.isthmus.rdma.extension.DeviceAttributes;
import org.isthmus.rdma.extension.SharedReceiveQueue;
import org.isthmus.rdma.extension.VerbsExtension;
import org.isthmus.rdma.extension.VerbsProviders;
import org.isthmus.rdma.verbs.CmIdDescriptor;
import org.isthmus.rdma.verbs.CmNative;
import org.isthmus.rdma.verbs.ContextDescriptor;
import org.isthmus.rdma.verbs.QueuePairAttributesDescriptor;
import org.isthmus.rdma.verbs.QueuePairRequestDescriptor;
import org.isthmus.rdma.verbs.SharedReceiveQueueRequestDescriptor;
import org.isthmus.rdma.verbs.StructAccess;
import org.isthmus.rdma.verbs.VerbsAvailability;
import org.isthmus.rdma.verbs.VerbsNative;

/**
 * A DiSNI provider that calls libibverbs and librdmacm itself, and what DiSNI's API lacks. Needs no native library of
 * DiSNI's and no flag of the JDK apart from native access. One for each process: {@link #install}.
 */
public final class NativeProvider extends RdmaProvider implements VerbsExtension {
    private static final int VERSION = 1;
    private static NativeProvider installed;

    private final NativeVerbs verbs = new NativeVerbs();
    private final NativeCm cm = new NativeCm(new Contexts());

    private NativeProvider() {}

    /**
     * Makes this the provider that DiSNI uses in this process, before DiSNI opens another one.
     *
     * @throws IOException if a library, a device file, a permission or a device is missing: one line that says which,
     *         and what to do
     * @throws IllegalStateException if another provider is in use
     */
    public static synchronized NativeProvider install() throws IOException {
        if (installed == null) {
            new VerbsAvailability().check();
            NativeProvider provider = new NativeProvider();
            VerbsProviders.install(provider);
            AffinityClass.defineIfMissing();
            installed = provider;
        }
        return installed;
    }

    @Override
    public RdmaCm openCm() {
        return cm;
    }

    @Override
    public RdmaVerbs openVerbs() {
        return verbs;
    }

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public List<DeviceAttributes> devices() throws IOException {
        return DeviceQueries.all();
    }

    @Override
    public DeviceAttributes queryDevice(IbvContext context) throws IOException {
        long address = Context.of(context).address();
        return DeviceQueries.device(
                VerbsNative.deviceName(StructAccess.getLong(address, ContextDescriptor.DEVICE_OFFSET)), address);
    }

    @Override
    public SharedReceiveQueue createSrq(IbvPd pd, int maxWr, int maxSge) throws IOException {
        ProtectionDomain domain = ProtectionDomain.of(pd);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(SharedReceiveQueueRequestDescriptor.LAYOUT);
            request.set(ValueLayout.JAVA_INT, SharedReceiveQueueRequestDescriptor.MAX_WR_OFFSET, maxWr);
            request.set(ValueLayout.JAVA_INT, SharedReceiveQueueRequestDescriptor.MAX_SGE_OFFSET, maxSge);
            return new NativeSharedReceiveQueue(domain.openContext(), VerbsNative.createSrq(domain.address(), request));
        }
    }

    @Override
    public IbvQP createQp(RdmaCmId id, IbvPd pd, IbvQPInitAttr attributes, SharedReceiveQueue srq) throws IOException {
        return cm.createQp(id, pd, attributes, srq);
    }

    @Override
    public int queryState(IbvQP qp) throws IOException {
        QueuePair pair = QueuePair.of(qp);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(QueuePairAttributesDescriptor.LAYOUT);
            MemorySegment request = arena.allocate(QueuePairRequestDescriptor.LAYOUT);
            VerbsNative.queryQp(pair.address(), attributes, QueuePairAttributesDescriptor.STATE_MASK, request);
            return attributes.get(ValueLayout.JAVA_INT, QueuePairAttributesDescriptor.QP_STATE_OFFSET);
        }
    }

    @Override
    public void setError(IbvQP qp) throws IOException {
        QueuePair pair = QueuePair.of(qp);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(QueuePairAttributesDescriptor.LAYOUT);
            attributes.set(ValueLayout.JAVA_INT, QueuePairAttributesDescriptor.QP_STATE_OFFSET, IbvQP.IBV_QPS_ERR);
            VerbsNative.modifyQp(pair.address(), attributes, QueuePairAttributesDescriptor.STATE_MASK);
        }
    }

    @Override
    public IbvMr register(IbvPd pd, long address, long length, int access) throws IOException {
        return new RegisterCall(ProtectionDomain.of(pd), address, length, access, null).execute().getMr();
    }

    /**
     * Registers memory of another device, such as a GPU, that a dmabuf stands for.
     *
     * @param descriptor of the dmabuf
     * @param offset of the first byte in it
     * @param iova the address that requests will name for that byte
     * @param access sum of {@code IbvMr.IBV_ACCESS_*}
     */
    public IbvMr registerDmabuf(IbvPd pd, int descriptor, long offset, long length, long iova, int access)
            throws IOException {
        ProtectionDomain domain = ProtectionDomain.of(pd);
        long mr = VerbsNative.regDmabufMr(domain.address(), offset, length, iova, descriptor, access);
        return new MemoryRegion(domain.openContext(), mr, iova, length, access, null);
    }

    @Override
    public void connect(RdmaCmId id, RdmaConnParam parameters, byte[] privateData) throws IOException {
        cm.connect(id, parameters, checked(privateData, MAX_CONNECT_DATA));
    }

    @Override
    public void accept(RdmaCmId id, RdmaConnParam parameters, byte[] privateData) throws IOException {
        cm.accept(id, parameters, checked(privateData, MAX_REPLY_DATA));
    }

    @Override
    public void reject(RdmaCmId id, byte[] privateData) throws IOException {
        CmNative.reject(CmId.of(id).address(), checked(privateData, MAX_REPLY_DATA));
    }

    private static byte[] checked(byte[] privateData, int most) throws IOException {
        if (privateData.length > most) {
            throw new IOException("privateData has " + privateData.length + " bytes: at most " + most + " fit");
        }
        return privateData;
    }

    @Override
    public byte[] privateData(RdmaCmEvent event) {
        if (event instanceof CmEvent own) {
            return own.privateData();
        }
        throw new IllegalArgumentException("not an event of this provider: " + event);
    }

    @Override
    public int localPort(RdmaCmId id) throws IOException {
        return CmId.of(id).socketAddress(CmIdDescriptor.SRC_ADDR_OFFSET).getPort();
    }

    @Override
    public void wakeup(IbvCompChannel channel) throws IOException {
        CompletionChannel.of(channel).waiting.wake();
    }

    @Override
    public boolean watch(IbvCompChannel channel, int descriptor, Runnable onReadable) throws IOException {
        CompletionChannel.of(channel).waiting.watch(descriptor, onReadable);
        return true;
    }

    @Override
    public void wakeup(RdmaEventChannel channel) throws IOException {
        EventChannel.of(channel).waiting.wake();
    }

    /** What the library says of the status of a completion, such as "remote access error". */
    public String statusText(int status) throws IOException {
        return VerbsNative.statusText(status);
    }

    @Override
    public String toString() {
        return "libibverbs";
    }
}
