package org.isthmus.rdma.provider;

import com.ibm.disni.verbs.IbvMr;
import java.io.IOException;
import org.isthmus.rdma.verbs.MemoryRegionDescriptor;
import org.isthmus.rdma.verbs.StructAccess;

/** Registered memory. Keeps the buffer alive that was registered. */
final class MemoryRegion extends IbvMr {
    private final long nativeAddress;
    private final Object memory;

    /** @param memory what holds the memory; null if the caller keeps it */
    MemoryRegion(Context context, long nativeAddress, long address, long length, int access, Object memory)
            throws IOException {
        super(context, address, (int) Math.min(length, Integer.MAX_VALUE), access,
                StructAccess.getInt(nativeAddress, MemoryRegionDescriptor.LKEY_OFFSET),
                StructAccess.getInt(nativeAddress, MemoryRegionDescriptor.RKEY_OFFSET),
                StructAccess.getInt(nativeAddress, MemoryRegionDescriptor.HANDLE_OFFSET));
        this.nativeAddress = nativeAddress;
        this.memory = memory;
    }

    long nativeAddress() {
        return nativeAddress;
    }

    @Override
    public String toString() {
        return super.toString() + (memory == null ? "" : ", " + memory);
    }

    static MemoryRegion of(IbvMr mr) throws IOException {
        return Handles.open(MemoryRegion.class, mr, mr != null && mr.isOpen());
    }
}
