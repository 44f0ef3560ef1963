package org.isthmus.rdma.software;

import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;

/** Where a thread waits for completion queues. Used with the fabric's lock held, which waiting gives up. */
final class SoftwareCompChannel extends IbvCompChannel {
    private final SoftwareFabric fabric;
    private final Condition changed;
    private final Queue<SoftwareCq> events = new ArrayDeque<>();
    private boolean wakeup;

    SoftwareCompChannel(IbvContext context, SoftwareFabric fabric) throws IOException {
        super(0, context);
        this.fabric = fabric;
        this.changed = fabric.newCondition();
    }

    void addEvent(SoftwareCq cq) {
        events.add(cq);
        changed.signalAll();
    }

    void wakeup() {
        wakeup = true;
        changed.signalAll();
    }

    /** True if the queue had an event; false after {@code timeoutMillis} (for ever if negative) or a wake-up. */
    boolean await(SoftwareCq cq, int timeoutMillis) throws IOException {
        long left = timeoutMillis < 0 ? Long.MAX_VALUE : TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        long start = System.nanoTime();
        while (!events.remove(cq)) {
            long rest = left - (System.nanoTime() - start);
            if (wakeup || rest <= 0) {
                wakeup = false;
                return false;
            }
            try {
                changed.awaitNanos(fabric.isWaiting() ? Math.min(rest, SoftwareLimits.RNR_NANOS) : rest);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("getCqEvent: interrupted", e);
            }
            fabric.progress();
        }
        return true;
    }
}
