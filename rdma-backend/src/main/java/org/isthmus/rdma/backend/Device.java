package org.isthmus.rdma.backend;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.SVCPollCq;
import com.ibm.disni.verbs.SVCReqNotify;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.isthmus.rdma.extension.DeviceAttributes;
import org.isthmus.rdma.extension.SharedReceiveQueue;
import org.isthmus.rdma.extension.VerbsExtension;

/**
 * One endpoint's share of a device: protection domain, completion queue, and the pool of receive buffers that all queue
 * pairs draw from. The owner's thread uses it; {@link #createQueuePair} may be called by another one,
 * {@link #wakeup} by any.
 */
final class Device implements AutoCloseable {
    /** Work requests that a queue pair may have out. */
    static final int SEND_SLOTS = 128;
    private static final int POLLED = 32;
    private static final int MAX_INLINE = 224;

    private final VerbsExtension extension;
    private final IbvPd pd;
    private final IbvCompChannel channel;
    private final IbvCQ cq;
    private final SharedReceiveQueue receives;
    private final RdmaRegion pool;
    private final ByteBuffer poolView;
    private final IbvWC[] completions = new IbvWC[POLLED];
    private final SVCPollCq poll;
    private final SVCReqNotify arm;
    private final int slots;
    private final boolean atomics;
    private boolean closed;

    Device(VerbsExtension extension, IbvContext context, int buffers, int maxActive) throws IOException {
        this.extension = extension;
        DeviceAttributes attributes = extension.queryDevice(context);
        if (attributes.maxSrqWr() == 0) {
            throw new IOException("device " + attributes.name() + " has no shared receive queues: use another device"
                    + " (isthmus.rdma.address), or isthmus.backend=tcpx");
        }
        atomics = attributes.globalAtomics();
        int count = Math.min(buffers, attributes.maxSrqWr());
        slots = Math.min(SEND_SLOTS, attributes.maxQpWr());
        pd = context.allocPd();
        channel = context.createCompChannel();
        long cqe = count + (long) slots * (maxActive + 8L);
        cq = context.createCQ(channel, (int) Math.min(attributes.maxCqe(), cqe), 0);
        receives = extension.createSrq(pd, count, 1);
        pool = register(Arena.ofAuto().allocate((long) count * RdmaDescriptor.BUFFER_BYTES, 4096));
        poolView = pool.memory().asByteBuffer();
        for (int i = 0; i < POLLED; i++) {
            completions[i] = new IbvWC();
        }
        poll = cq.poll(completions, POLLED);
        arm = cq.reqNotification(false);
        for (int i = 0; i < count; i++) {
            repost(i);
        }
    }

    VerbsExtension extension() {
        return extension;
    }

    /** Registers memory of the backend itself. */
    RdmaRegion register(MemorySegment memory) throws IOException {
        return register(memory, RdmaRegion.OWN);
    }

    /** Registers memory that peers may use. */
    RdmaRegion registerOpen(MemorySegment memory) throws IOException {
        return register(memory, atomics ? RdmaRegion.OPEN | IbvMr.IBV_ACCESS_REMOTE_ATOMIC : RdmaRegion.OPEN);
    }

    private RdmaRegion register(MemorySegment memory, int access) throws IOException {
        return new RdmaRegion(memory, extension.register(pd, memory.address(), memory.byteSize(), access));
    }

    /** Whether its atomic operations are atomic with those of processors. */
    boolean hasAtomics() {
        return atomics;
    }

    /** Makes the queue pair of a connection; the inline limit that was granted stands in {@code attributes.cap()}. */
    IbvQP createQueuePair(RdmaCmId id, IbvQPInitAttr attributes) throws IOException {
        attributes.setQp_type(IbvQP.IBV_QPT_RC);
        attributes.setSend_cq(cq);
        attributes.setRecv_cq(cq);
        attributes.cap().setMax_send_wr(slots);
        attributes.cap().setMax_recv_wr(1);
        attributes.cap().setMax_send_sge(2);
        attributes.cap().setMax_recv_sge(1);
        attributes.cap().setMax_inline_data(MAX_INLINE);
        return extension.createQp(id, pd, attributes, receives);
    }

    int sendSlots() {
        return slots;
    }

    /** Polls completions; how many there are in {@link #completion}. */
    int poll() throws IOException {
        return poll.execute().getPolls();
    }

    IbvWC completion(int index) {
        return completions[index];
    }

    boolean isFull(int polled) {
        return polled == POLLED;
    }

    /** Gives a buffer of the pool to the device. */
    void repost(int buffer) {
        int error = receives.post(-1L - buffer, pool.address((long) buffer * RdmaDescriptor.BUFFER_BYTES),
                RdmaDescriptor.BUFFER_BYTES, pool.localKey());
        if (error != 0) {
            throw new IllegalStateException("the shared receive queue refuses buffer " + buffer + ": errno " + error);
        }
    }

    static boolean isReceive(long wrId) {
        return wrId < 0;
    }

    static int buffer(long wrId) {
        return (int) (-1 - wrId);
    }

    MemorySegment poolMemory() {
        return pool.memory();
    }

    ByteBuffer poolView() {
        return poolView;
    }

    /** The next completion ends a wait. */
    void arm() throws IOException {
        arm.execute();
    }

    void await(int millis) throws IOException {
        if (channel.getCqEvent(cq, millis)) {
            cq.ackEvents(1);
        }
    }

    /** From now on a wait ends also when that is readable; false if it cannot. */
    boolean watch(int descriptor, Runnable onReadable) throws IOException {
        return extension.watch(channel, descriptor, onReadable);
    }

    /** Any thread. */
    synchronized void wakeup() throws IOException {
        if (!closed) {
            extension.wakeup(channel);
        }
    }

    /** After the last queue pair is destroyed. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        receives.close();
        pool.close();
        cq.destroyCQ();
        channel.destroyCompChannel();
        try {
            pd.deallocPd();
        } catch (Exception e) {
            throw new IOException("cannot free the protection domain: regions must be closed before", e);
        }
    }
}
