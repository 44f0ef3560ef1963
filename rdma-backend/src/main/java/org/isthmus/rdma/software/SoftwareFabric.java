package org.isthmus.rdma.software;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The network that joins the software queue pairs of a process. One lock guards everything. Work is carried out by the
 * threads that post, poll and wait, so nothing runs when nobody calls; sends that wait for a receive are looked at
 * again whenever a receive is posted, and by time. Any thread may call the public methods.
 */
public final class SoftwareFabric {
    private final ReentrantLock lock = new ReentrantLock();
    private final SoftwareMemory memory = new SoftwareMemory();
    private final Map<Integer, SoftwareQp> queuePairs = new LinkedHashMap<>();
    private final List<SoftwareQp> waiting = new ArrayList<>();
    private final List<SoftwareQp> looking = new ArrayList<>();
    private WireFault fault = (qpNumber, opcode, bytes) -> WireFault.Verdict.DELIVER;
    private int lastNumber = 16;

    SoftwareFabric() {}

    /** From now on that one decides; null for no faults. */
    public void setFault(WireFault newFault) {
        lock();
        try {
            fault = newFault != null ? newFault : (qpNumber, opcode, bytes) -> WireFault.Verdict.DELIVER;
        } finally {
            unlock();
        }
    }

    /**
     * Moves a queue pair to the error state, as a device does when its link fails; false if there is none of that
     * number.
     */
    public boolean breakQueuePair(int number) {
        lock();
        try {
            SoftwareQp qp = queuePairs.get(number);
            if (qp != null) {
                qp.enterError();
            }
            return qp != null;
        } finally {
            unlock();
        }
    }

    /** Numbers of all queue pairs that there are. */
    public List<Integer> queuePairs() {
        lock();
        try {
            return List.copyOf(queuePairs.keySet());
        } finally {
            unlock();
        }
    }

    /** How many registrations there are. */
    public int registrations() {
        lock();
        try {
            return memory.size();
        } finally {
            unlock();
        }
    }

    void lock() {
        lock.lock();
    }

    void unlock() {
        lock.unlock();
    }

    Condition newCondition() {
        return lock.newCondition();
    }

    WireFault fault() {
        return fault;
    }

    SoftwareMemory memory() {
        return memory;
    }

    int nextNumber() {
        return lastNumber++;
    }

    void add(SoftwareQp qp) {
        queuePairs.put(qp.number(), qp);
    }

    void remove(SoftwareQp qp) {
        queuePairs.remove(qp.number());
        waiting.remove(qp);
        qp.destroy();
    }

    int queuePairCount() {
        return queuePairs.size();
    }

    /** Whether some send waits for a receive, so that time matters. */
    boolean isWaiting() {
        return !waiting.isEmpty();
    }

    /** Carries out what was posted to {@code qp}. */
    void progress(SoftwareQp qp) {
        if (qp.progress(System.nanoTime()) && !waiting.contains(qp)) {
            waiting.add(qp);
        }
    }

    /** Looks again at what waits. */
    void progress() {
        if (!waiting.isEmpty()) {
            looking.addAll(waiting);
            waiting.clear();
            looking.forEach(this::progress);
            looking.clear();
        }
    }
}
