package org.isthmus.rdma.backend;

import com.ibm.disni.verbs.IbvMr;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.isthmus.node.spi.MemoryRegion;
import org.isthmus.node.spi.RemoteRegion;

/** Registered memory with its keys; ends with its endpoint at the latest. The owner's thread uses it. */
final class RdmaRegion implements MemoryRegion {
    /** What the backend's own memory is for. */
    static final int OWN = IbvMr.IBV_ACCESS_LOCAL_WRITE;
    /** The owner's memory, which peers write to and read. */
    static final int OPEN = OWN | IbvMr.IBV_ACCESS_REMOTE_WRITE | IbvMr.IBV_ACCESS_REMOTE_READ;

    private final MemorySegment memory;
    private final IbvMr registration;
    private final long address;
    private final int localKey;
    private final int remoteKey;
    private boolean described;
    private boolean closed;

    RdmaRegion(MemorySegment memory, IbvMr registration) {
        this.memory = memory;
        this.registration = registration;
        this.address = memory.address();
        this.localKey = registration.getLkey();
        this.remoteKey = registration.getRkey();
    }

    @Override
    public MemorySegment memory() {
        return memory;
    }

    /** Whether peers may use it when they like. */
    boolean isDescribed() {
        return described && !closed;
    }

    long address(long offset) {
        return address + offset;
    }

    int localKey() {
        return localKey;
    }

    int remoteKey() {
        return remoteKey;
    }

    @Override
    public RemoteRegion remote() {
        described = true;
        return new RemoteRegion(address, memory.byteSize(), Integer.toUnsignedLong(remoteKey));
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try {
                registration.deregMr().execute().free();
            } catch (IOException e) {
                throw new IllegalStateException("cannot end the registration of " + memory.byteSize() + " bytes", e);
            }
        }
    }
}
