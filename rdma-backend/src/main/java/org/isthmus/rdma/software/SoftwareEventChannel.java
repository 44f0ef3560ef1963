package org.isthmus.rdma.software;

import com.ibm.disni.verbs.RdmaEventChannel;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;

/** Events of connections, in order. Used with the fabric's lock held, which waiting gives up. */
final class SoftwareEventChannel extends RdmaEventChannel {
    private final Condition changed;
    private final Queue<SoftwareCmEvent> events = new ArrayDeque<>();
    private boolean wakeup;

    SoftwareEventChannel(SoftwareFabric fabric) throws IOException {
        super(0);
        this.changed = fabric.newCondition();
    }

    void add(SoftwareCmEvent event) {
        events.add(event);
        changed.signalAll();
    }

    void wakeup() {
        wakeup = true;
        changed.signalAll();
    }

    /** Events of an id that is no more. */
    void forget(SoftwareCmId id) {
        events.removeIf(event -> event.getConnIdPriv() == id);
    }

    /** Null after {@code timeoutMillis} (never if negative) or a wake-up. */
    SoftwareCmEvent await(int timeoutMillis) throws IOException {
        long left = timeoutMillis < 0 ? Long.MAX_VALUE : TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        while (events.isEmpty()) {
            if (wakeup || left <= 0) {
                wakeup = false;
                return null;
            }
            try {
                left = changed.awaitNanos(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("getCmEvent: interrupted", e);
            }
        }
        return events.remove();
    }
}
