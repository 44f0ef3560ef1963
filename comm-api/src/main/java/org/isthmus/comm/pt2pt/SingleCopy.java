package org.isthmus.comm.pt2pt;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Copies a message straight from another process's off-heap buffer into ours, where the kernel allows it.
 *
 * <p>The first refusal (no native access, ptrace restrictions, containers) switches it off for this process: messages
 * then travel in blocks of the segment. Owned by the engine thread.
 */
final class SingleCopy {
    private boolean usable = SingleCopy.class.getModule().isNativeAccessEnabled()
            && System.getProperty("os.name").equals("Linux");
    private MemorySegment local;
    private MemorySegment remote;

    /**
     * Reads {@code bytes} at {@code address} of the process into the receive's buffer; false when that cannot be done.
     */
    boolean read(long processId, long address, Transfer receive, long bytes) {
        if (!usable || !(receive.base instanceof MemorySegment to) || !to.isNative() || !receive.type.isContiguous()) {
            return false;
        }
        if (local == null) {
            local = Arena.global().allocate(16, 8);
            remote = Arena.global().allocate(16, 8);
        }
        long done = 0;
        while (done < bytes) {
            vector(local, to.address() + receive.offset + done, bytes - done);
            vector(remote, address + done, bytes - done);
            long n = SingleCopyNative.read((int) processId, local, remote);
            if (n <= 0) {
                usable = false;
                return false;
            }
            done += n;
        }
        return true;
    }

    private static void vector(MemorySegment iovec, long address, long bytes) {
        iovec.set(ValueLayout.JAVA_LONG, 0, address);
        iovec.set(ValueLayout.JAVA_LONG, 8, bytes);
    }
}
