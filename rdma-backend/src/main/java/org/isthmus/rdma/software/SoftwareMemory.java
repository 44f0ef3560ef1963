package org.isthmus.rdma.software;

import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/** The registrations of the fabric by key, and the one view of all memory. Used with the fabric's lock held. */
final class SoftwareMemory {
    static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    /** A key that is off by a little is no key. */
    private static final int KEY_STRIDE = 257;

    private final Map<Integer, Region> regions = new HashMap<>();
    private int lastKey = 0x1000;

    private record Region(IbvPd pd, long address, long length, int access) {}

    /** Registered memory, one key for both ends. */
    private static final class SoftwareMr extends IbvMr {
        SoftwareMr(IbvPd pd, long address, int length, int access, int key) throws IOException {
            super(pd.getContext(), address, length, access, key, key, key);
        }
    }

    IbvMr register(IbvPd pd, long address, long length, int access) throws IOException {
        int writing = IbvMr.IBV_ACCESS_REMOTE_WRITE | IbvMr.IBV_ACCESS_REMOTE_ATOMIC;
        if (address == 0 || length <= 0 || (access & writing) != 0 && (access & IbvMr.IBV_ACCESS_LOCAL_WRITE) == 0) {
            throw SoftwareProvider.refused("register", "address " + address + ", " + length + " bytes, access " + access
                    + ": memory is needed, and remote writing needs local writing");
        } else if (regions.size() == SoftwareLimits.MAX_MR) {
            throw SoftwareProvider.refused("register", "all " + SoftwareLimits.MAX_MR + " registrations are in use");
        }
        lastKey += KEY_STRIDE;
        regions.put(lastKey, new Region(pd, address, length, access));
        return new SoftwareMr(pd, address, (int) Math.min(length, Integer.MAX_VALUE), access, lastKey);
    }

    boolean deregister(int key) {
        return regions.remove(key) != null;
    }

    int size() {
        return regions.size();
    }

    /** Whether {@code pd} may do what {@code access} says with these bytes; 0 means reading by its own end. */
    boolean allows(IbvPd pd, int key, long address, long length, int access) {
        Region region = regions.get(key);
        return region != null && region.pd == pd && (region.access & access) == access && length >= 0
                && address >= region.address && length <= region.length
                && address - region.address <= region.length - length;
    }

    /** Whether all pieces of a request may be used by their own end. */
    boolean allows(IbvPd pd, WorkRequest request, int access) {
        for (int i = 0; i < request.pieces; i++) {
            if (!allows(pd, request.keys[i], request.addresses[i],
                    Integer.toUnsignedLong(request.lengths[i]), access)) {
                return false;
            }
        }
        return true;
    }
}
