package org.isthmus.rdma.software;

import com.ibm.disni.verbs.IbvPd;
import java.util.Arrays;

/** Posted receives, of one queue pair or shared, in a ring of slots. Used with the fabric's lock held. */
final class ReceiveQueue {
    private final IbvPd pd;
    private final WorkRequest[] slots;
    private final int maxSge;
    private long posted;
    private long taken;

    ReceiveQueue(IbvPd pd, int maxWr, int maxSge) {
        this.pd = pd;
        this.slots = new WorkRequest[maxWr];
        this.maxSge = maxSge;
        Arrays.setAll(slots, i -> new WorkRequest());
    }

    IbvPd pd() {
        return pd;
    }

    int maxSge() {
        return maxSge;
    }

    boolean isEmpty() {
        return posted == taken;
    }

    /** The next free slot, which is posted by that; null if there is none. */
    WorkRequest claim() {
        return posted - taken == slots.length ? null : slots[(int) (posted++ % slots.length)];
    }

    /** The oldest receive; valid until the next {@link #claim}. */
    WorkRequest take() {
        return slots[(int) (taken++ % slots.length)];
    }

    void clear() {
        taken = posted;
    }
}
