package org.isthmus.rdma.extension;

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
import java.io.IOException;
import java.util.List;

/**
 * What DiSNI's API lacks: devices and their limits, shared receive queues, limits that were granted, private data of
 * connections, queue pair states, registrations above 2 GiB. A {@link com.ibm.disni.verbs.RdmaProvider} of ours
 * implements it; {@link VerbsProviders} makes it the one that DiSNI uses.
 *
 * <p>Objects are DiSNI's, made by the same provider. Any thread may call any method, two threads not at once for one
 * queue pair or completion queue. Errors are {@link IOException}s whose message names the call, the reason and what to
 * do.
 *
 * <p>A provider that implements this also promises of DiSNI's own calls: a failed completion carries {@code wr_id},
 * {@code status}, {@code vendor_err} and {@code qp_num} (opcode and lengths mean nothing then); the modifiers of
 * {@code SVCPostSend.getWrMod} are {@link SendModifier}s; {@code IbvSendWR.getAtomic()} is used; reads and atomics
 * work to the device's limit on every connection, since {@code RdmaConnParam} refuses to be told their depth.
 */
public interface VerbsExtension {
    /** Most bytes of private data that {@link #connect} takes. */
    int MAX_CONNECT_DATA = 56;
    /** Most bytes of private data that {@link #accept} and {@link #reject} take. */
    int MAX_REPLY_DATA = 148;

    /**
     * All devices with their ports; empty if there is none. An exception if the library or the permission is missing.
     */
    List<DeviceAttributes> devices() throws IOException;

    /** Limits of the device of an open context. */
    DeviceAttributes queryDevice(IbvContext context) throws IOException;

    /** @param maxWr receives that can be posted at a time; {@code maxSge} pieces of memory each */
    SharedReceiveQueue createSrq(IbvPd pd, int maxWr, int maxSge) throws IOException;

    /**
     * As {@code RdmaCm.createQP}, with the receives of {@code srq} instead of the queue pair's own; null for its own.
     * What was granted stands in {@code attributes.cap()} after the call.
     */
    IbvQP createQp(RdmaCmId id, IbvPd pd, IbvQPInitAttr attributes, SharedReceiveQueue srq) throws IOException;

    /** State now, an {@code IbvQP.IBV_QPS_*}. */
    int queryState(IbvQP qp) throws IOException;

    /** Moves the queue pair to the error state: all that is posted completes as flushed. */
    void setError(IbvQP qp) throws IOException;

    /**
     * Registers memory; unlike DiSNI's call more than 2 GiB. {@code IbvMr.getLength} is then the least of the length
     * and {@code Integer.MAX_VALUE}.
     *
     * @param access sum of {@code IbvMr.IBV_ACCESS_*}
     */
    IbvMr register(IbvPd pd, long address, long length, int access) throws IOException;

    /**
     * As {@code RdmaCm.connect}, with at most {@link #MAX_CONNECT_DATA} bytes that the other side reads before it
     * accepts.
     */
    void connect(RdmaCmId id, RdmaConnParam parameters, byte[] privateData) throws IOException;

    /** As {@code RdmaCm.accept}, with at most {@link #MAX_REPLY_DATA} bytes for the other side. */
    void accept(RdmaCmId id, RdmaConnParam parameters, byte[] privateData) throws IOException;

    /**
     * Refuses a connect request: the other side gets the event REJECTED with these bytes. The id is still to be
     * destroyed.
     */
    void reject(RdmaCmId id, byte[] privateData) throws IOException;

    /**
     * Private data of a CONNECT_REQUEST, ESTABLISHED or REJECTED event; maybe longer, by zeros. Valid also after its
     * ack.
     */
    byte[] privateData(RdmaCmEvent event);

    /** Local port of a bound id; needed after binding to port 0. */
    int localPort(RdmaCmId id) throws IOException;

    /** Ends a running or the next {@code getCqEvent} of that channel, which answers false. Any thread. */
    void wakeup(IbvCompChannel channel) throws IOException;

    /**
     * From now on {@code getCqEvent} of that channel ends also, and answers false, when a descriptor of this process is
     * readable; {@code onReadable} is called then, in the thread that waits, and has to read it empty.
     *
     * @return false if this provider does not wait in the operating system
     */
    boolean watch(IbvCompChannel channel, int descriptor, Runnable onReadable) throws IOException;

    /** Ends a running or the next {@code getCmEvent} of that channel, which answers null. Any thread. */
    void wakeup(RdmaEventChannel channel) throws IOException;
}
