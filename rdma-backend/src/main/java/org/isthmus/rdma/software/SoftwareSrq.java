package org.isthmus.rdma.software;

import com.ibm.disni.verbs.IbvPd;
import org.isthmus.rdma.extension.SharedReceiveQueue;

/** A shared receive queue; its slots are made once. */
final class SoftwareSrq implements SharedReceiveQueue {
    private static final int ENOMEM = 12;

    private final SoftwareFabric fabric;
    private final ReceiveQueue queue;

    SoftwareSrq(SoftwareFabric fabric, IbvPd pd, int maxWr, int maxSge) {
        this.fabric = fabric;
        this.queue = new ReceiveQueue(pd, maxWr, maxSge);
    }

    ReceiveQueue queue() {
        return queue;
    }

    @Override
    public int post(long wrId, long address, int length, int lkey) {
        fabric.lock();
        try {
            WorkRequest request = queue.claim();
            if (request == null) {
                return ENOMEM;
            }
            request.wrId = wrId;
            request.pieces = 1;
            request.addresses[0] = address;
            request.lengths[0] = length;
            request.keys[0] = lkey;
            fabric.progress();
            return 0;
        } finally {
            fabric.unlock();
        }
    }

    @Override
    public void close() {
        fabric.lock();
        try {
            queue.clear();
        } finally {
            fabric.unlock();
        }
    }
}
