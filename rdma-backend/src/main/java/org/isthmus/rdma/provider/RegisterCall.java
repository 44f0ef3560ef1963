package org.isthmus.rdma.provider;

import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.SVCRegMr;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.isthmus.rdma.verbs.VerbsNative;

/** A prepared registration; each execution makes another region. */
final class RegisterCall extends SVCRegMr {
    private final ProtectionDomain pd;
    private final long address;
    private final long length;
    private final int access;
    private final Object memory;
    private IbvMr region;
    private boolean valid = true;

    /** @param memory what keeps the memory alive, or null */
    RegisterCall(ProtectionDomain pd, long address, long length, int access, Object memory) {
        this.pd = pd;
        this.address = address;
        this.length = length;
        this.access = access;
        this.memory = memory;
    }

    /** All of a direct buffer, from its first byte to its capacity, wherever its position is. */
    static RegisterCall ofBuffer(ProtectionDomain pd, ByteBuffer buffer, int access) throws IOException {
        if (!buffer.isDirect()) {
            throw new IOException("regMr of a buffer on the heap: " + buffer + "; use ByteBuffer.allocateDirect");
        }
        return new RegisterCall(pd, MemorySegment.ofBuffer(buffer.duplicate().clear()).address(),
                buffer.capacity(), access, buffer);
    }

    @Override
    public SVCRegMr execute() throws IOException {
        if (!valid) {
            throw new IOException("regMr was freed: prepare a new one");
        }
        long mr = VerbsNative.regMr(ProtectionDomain.of(pd).address(), address, length, access);
        region = new MemoryRegion(pd.openContext(), mr, address, length, access, memory);
        return this;
    }

    @Override
    public IbvMr getMr() {
        return region;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public SVCRegMr free() {
        valid = false;
        return this;
    }
}
