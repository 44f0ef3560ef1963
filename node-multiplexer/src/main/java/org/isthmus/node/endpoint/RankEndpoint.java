package org.isthmus.node.endpoint;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.isthmus.allocator.heap.NodePolicy;
import org.isthmus.allocator.heap.RankHeap;
import org.isthmus.allocator.policy.FrozenPolicy;
import org.isthmus.allocator.policy.HeapReport;
import org.isthmus.allocator.policy.LimitBounds;
import org.isthmus.allocator.policy.PolicyLearner;
import org.isthmus.allocator.segment.SegmentFullException;
import org.isthmus.allocator.segment.SharedWords;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.allocator.slab.SizeClasses;
import org.isthmus.node.shm.CorruptRecordException;
import org.isthmus.node.shm.Mailbox;
import org.isthmus.node.shm.MailboxDescriptor;
import org.isthmus.node.shm.NodeSegment;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.shm.RingConsumer;
import org.isthmus.node.shm.RingDescriptor;
import org.isthmus.node.shm.SegmentDescriptor;
import org.isthmus.node.shm.ring.RingVariant;
import org.isthmus.node.status.NodeStatus;
import org.isthmus.node.status.RankCounters;

/**
 * A rank's end of all its same-node traffic: links to send records, one {@link #poll} that takes the arriving ones, the
 * rank's message blocks and its way of waiting.
 *
 * <p>Assumptions: one thread at a time. The activity bitmap only says where looking pays: rings that stay empty leave
 * the polled set and are looked at again when their bit is raised.
 *
 * <pre>
 *   HOT --empty for long: bit cleared, senders told to raise it--> COOLING --a sweep later, bit still clear--> COLD
 *   COOLING --record or bit--> HOT      COLD --bit, or a record found by a sweep--> HOT
 * </pre>
 *
 * A cooling ring is still polled: a sender that published before it knew of the bit's meaning is noticed in that time.
 */
public final class RankEndpoint {
    private static final int BURST = 32;
    private static final int SWEEP = 1024;
    private static final int COLD_AFTER = 4096;
    private static final int ALWAYS_HOT = 8;
    /** A heap whose slow paths did nothing for so long gives back what it does not use. */
    private static final long TRIM_NANOS = 1_000_000_000L;
    /** After so many polls without a record, owners are told which of their blocks are free. */
    private static final int QUIET_POLLS = 256;

    private final MemorySegment memory;
    private final SharedWords words;
    private final NodeSegment segment;
    private final EndpointOptions options;
    private final int rank;
    private final int ranks;
    private final Waiter waiter;
    private final RankHeap heap;
    private final RankCounters counters;
    private final Mailbox mailbox;
    private final RingSpace ringSpace;
    private final PeerLink[] links;
    private final RingConsumer[] consumers;
    private final boolean[] hasRing;
    private final int[] hot;
    private final int[] emptyPolls;
    private final boolean[] cooling;
    private final boolean[] cold;
    private int hotCount;
    private int knownRings;
    private int pollsUntilSweep = SWEEP;
    private int quietPolls;
    private volatile boolean deaths;
    /** By place: whose processes are dead in a job that goes on; null while none is. */
    private boolean[] lost;
    /** By place: of those, the ones whose rings are empty for good and whose undelivered blocks are given back. */
    private boolean[] over;
    private NodePolicy policy;
    private long trimmed = System.nanoTime();
    private long workAtTrim = -1;
    private RecordHandler handler;
    private LaneGate gate;

    /** @param oversubscribed whether the node has more ranks than cores; equal on all its ranks */
    public RankEndpoint(NodeSegment segment, int rank, EndpointOptions options, boolean oversubscribed) {
        this.segment = segment;
        this.memory = segment.memory();
        this.words = new SharedWords(memory);
        this.options = options;
        this.rank = rank;
        this.ranks = segment.ranks();
        this.counters = new NodeStatus(segment).counters(rank);
        this.waiter = new Waiter(counters, words, ranks, rank, oversubscribed ? 0 : options.spins(), options.yields(),
                oversubscribed);
        this.heap = RankHeap.open(segment.heaps(), segment.messageHeap(rank), options.heap());
        this.heap.onReturn(this::returned);
        this.mailbox = new Mailbox(memory, SegmentDescriptor.mailbox(ranks, rank));
        this.ringSpace = new RingSpace(segment.pool(), options);
        this.links = new PeerLink[ranks];
        this.consumers = new RingConsumer[ranks];
        this.hasRing = new boolean[ranks];
        this.hot = new int[ranks];
        this.emptyPolls = new int[ranks];
        this.cooling = new boolean[ranks];
        this.cold = new boolean[ranks];
    }

    private void returned(int owner) {
        if (owner < ranks) { // not of a program's buffers
            waiter.wakeIfStalled(owner);
        }
    }

    /** Sets who takes arriving records; before the first poll. */
    public void setHandler(RecordHandler handler) {
        this.handler = handler;
    }

    /** Lets {@code newGate} say from which rings records are taken; before the first poll. */
    public void setGate(LaneGate newGate) {
        this.gate = newGate;
    }

    public MemorySegment memory() {
        return memory;
    }

    SharedWords words() {
        return words;
    }

    public NodeSegment segment() {
        return segment;
    }

    public EndpointOptions options() {
        return options;
    }

    public int rank() {
        return rank;
    }

    public int ranks() {
        return ranks;
    }

    public Waiter waiter() {
        return waiter;
    }

    RingSpace ringSpace() {
        return ringSpace;
    }

    /** What this rank counts; for the thread that uses the endpoint. */
    public RankCounters counters() {
        return counters;
    }

    /** The heap of this rank's message blocks. */
    public RankHeap heap() {
        return heap;
    }

    /**
     * A message block of at least {@code bytes}.
     *
     * @param site context of the communicator that it is for
     * @return its handle, or {@link Handle#NONE} when this rank's share is used up: drive progress and try again
     * @throws SegmentFullException when there is none and none can come back
     */
    public long allocateBlock(int bytes, int site) {
        long block = heap.allocate(bytes, site);
        if (block != Handle.NONE) {
            return block;
        }
        if (!heap.hasBlocksFor(bytes)) {
            throw new SegmentFullException("the node has no room for the first message blocks of " + bytes
                    + " bytes of rank " + rank + " here; enlarge /dev/shm or the setting isthmus.segment.window", null);
        }
        waiter.stall();
        return block;
    }

    /** The way to {@code peer}; costs nothing until its first claim. */
    public PeerLink link(int peer) {
        PeerLink link = links[peer];
        if (link == null) {
            link = new PeerLink(this, peer);
            links[peer] = link;
        }
        return link;
    }

    /** Takes arriving records, at most a burst from each ring. Returns how many. */
    public int poll() {
        int records = pollMailbox();
        for (int i = 0; i < hotCount; i++) {
            records += drain(hot[i]);
        }
        if (--pollsUntilSweep == 0) {
            pollsUntilSweep = SWEEP;
            records += sweep();
            housekeep();
        } else if (knownRings > hotCount) {
            wakeColdRings();
        }
        if (records != 0) {
            quietPolls = 0;
        } else if (++quietPolls == QUIET_POLLS) {
            heap.flush();
        }
        return records;
    }

    /** Tells owners which of their blocks are free, and shows what was counted: before this rank sleeps. */
    public void rest() {
        heap.flush();
        counters.publish();
        housekeep();
    }

    /** Now and then: what deaths and learning ask of the heap, and what it does not need goes back to the node. */
    private void housekeep() {
        takeBackFromDead();
        long now = System.nanoTime();
        if (policy == null) {
            followPolicy();
        }
        if (policy != null) {
            policy.poll(now);
        }
        if (now - trimmed >= TRIM_NANOS) {
            trimmed = now;
            long work = heap.work();
            if (work == workAtTrim) {
                heap.trim();
            }
            workAtTrim = heap.work();
        }
    }

    private void followPolicy() {
        MemorySegment shared = segment.policy();
        if (shared != null) {
            LimitBounds bounds = new LimitBounds(options.heap().limits());
            policy = new NodePolicy(shared, ranks, heap, rank, bounds);
        }
    }

    /** Makes this the rank that tunes the heaps of all ranks of the node; before the first poll. */
    public void learn(PolicyLearner.Options learning) {
        segment.createPolicy();
        followPolicy();
        policy.learn(learning, System.nanoTime());
    }

    /** The process at a place is proven dead. Any thread. */
    public void markDead(int place) {
        takeBackMessagesOf(place);
        takeBackBuffersOf(place);
    }

    /**
     * The message blocks of a place whose process is proven dead are to be taken back. In a job that goes on: once no
     * rank that lives sends to it any more. Any thread.
     */
    public void takeBackMessagesOf(int place) {
        segment.heaps().markDead(segment.messageHeap(place));
        deaths = true;
    }

    /** The same for its program's buffers: once no rank that lives touches them any more. Any thread. */
    public void takeBackBuffersOf(int place) {
        segment.heaps().markDead(segment.userHeap(place));
        deaths = true;
    }

    /**
     * The process at a place is proven dead, and the job goes on: takes what it has still sent; what it was about to
     * write no longer holds up what others have written. For the thread that uses the endpoint.
     */
    public void lose(int place) {
        if (lost == null) {
            lost = new boolean[ranks];
            over = new boolean[ranks];
        }
        lost[place] = true;
        for (int cells = 0; cells < MailboxDescriptor.CELLS; cells += BURST) {
            pollMailbox();
        }
        drainWhole(place);
    }

    /** Takes all that is in the ring from {@code source}, also if nobody has said that there is something. */
    private void drainWhole(int source) {
        while (consumers[source] != null && drain(source) > 0) {
            Thread.onSpinWait();
        }
    }

    /**
     * Takes back what dead ranks of the node held and owned, and gives what nobody needs to the node; does nothing if
     * none has died since the last time, or while another rank is at it. All ranks of a node that live should call it.
     */
    public void takeBackFromDead() {
        if (!deaths) {
            return;
        }
        deaths = false; // before the look: a death from now on sets it again
        if (!heap.reap()) {
            deaths = true;
            return;
        }
        while (poll() > 0) {
            // takes what the dead have still sent: those blocks are this rank's
        }
        for (int place = 0; lost != null && place < ranks; place++) {
            if (lost[place]) {
                drainWhole(place);
                over[place] = !segment.heaps().isAlive(segment.messageHeap(place));
            }
        }
        heap.returnUndelivered();
        heap.trim();
    }

    /** What the heap of this rank's messages counted, and the limits in force in the form of a frozen policy. */
    public String heapReport() {
        return HeapReport.of(SizeClasses.blockBytes(), List.of(heap.counters()), heap.limits(), heap.requests())
                + FrozenPolicy.write(heap.limits());
    }

    /** Ends the heap, after the last message. */
    public void close() {
        counters.publish();
        heap.close();
    }

    /** The ring from {@code source}, for a receive that looks at nothing else first; null before its first contact. */
    public RingConsumer ringFrom(int source) {
        return hasRing[source] ? consumers[source] : null;
    }

    /** Tells {@code source} that {@code bytes} of its eager messages left this rank's unexpected store. */
    public void grant(int source, long bytes, long batch) {
        consumers[source].grant(bytes, batch);
    }

    private int drain(int source) {
        RingConsumer ring = consumers[source];
        int records = 0;
        long header;
        while (records < BURST && (gate == null || gate.isOpen(source))
                && (header = ring.next()) != RingConsumer.EMPTY) {
            handler.onRecord(source, header, ring.payload());
            ring.advance(header);
            records++;
        }
        emptyPolls[source] = records == 0 ? emptyPolls[source] + 1 : 0;
        return records;
    }

    private int pollMailbox() {
        int records = 0;
        long header;
        while (records < BURST && (header = nextOfMailbox()) != 0) {
            int source = mailbox.source();
            if (source < 0 || source >= ranks) {
                throw new CorruptRecordException("source " + source + " of a mailbox record, ranks are 0.."
                        + (ranks - 1));
            }
            if (RecordDescriptor.kind(header) == RecordDescriptor.KIND_RING_CREATED) {
                onRingCreated(source, mailbox.payload());
            } else if (over == null || !over[source]) { // else the blocks that it names were given back
                handler.onRecord(source, header, mailbox.payload());
            }
            mailbox.advance();
            records++;
        }
        if (records > 0) {
            tellOfCells();
        }
        return records;
    }

    private long nextOfMailbox() {
        long header = mailbox.next();
        while (header == 0 && lost != null && mailbox.skip(lost)) {
            tellOfCells();
            header = mailbox.next();
        }
        return header;
    }

    /** Wakes those who wait for a cell, once some were given back. */
    private void tellOfCells() {
        if (mailbox.takeWanted()) {
            for (int place = 0; place < ranks; place++) {
                waiter.wakeIfStalled(place);
            }
        }
    }

    private void onRingCreated(int source, long payload) {
        long ring = words.get(payload + RingCreatedDescriptor.RING_OFFSET);
        long ringBytes = words.get(payload + RingCreatedDescriptor.LENGTH_OFFSET);
        long needed = Math.max(ringBytes, RingDescriptor.RECORDS_OFFSET);
        RingVariant variant = RingVariant.ofOrdinal(words.get(payload + RingCreatedDescriptor.VARIANT_OFFSET));
        boolean sound = variant != null && (ringBytes == 0 || ringBytes >= RingDescriptor.MIN_BYTES
                && ringBytes <= Integer.MAX_VALUE && (ringBytes & 63) == 0);
        if (!sound || !segment.isExtent(ring, needed) || (ring & 63) != 0 || consumers[source] != null) {
            throw new CorruptRecordException("ring of " + ringBytes + " bytes at " + ring + " from rank " + source);
        }
        consumers[source] = variant.consumer(memory, ring, (int) needed);
        consumers[source].onRoom(() -> waiter.wakeIfStalled(source));
        if (ringBytes > 0) {
            hasRing[source] = true;
            knownRings++;
            hot[hotCount++] = source;
        }
    }

    /** Looks at every ring, and takes the long empty ones out of the polled set. */
    private int sweep() {
        int records = 0;
        for (int source = 0; source < ranks; source++) {
            if (cold[source]) {
                int found = drain(source);
                if (found > 0) {
                    heat(source);
                }
                records += found;
            }
        }
        boolean anyCooling = false;
        for (int i = hotCount - 1; i >= 0; i--) {
            int source = hot[i];
            boolean idle = hotCount > ALWAYS_HOT && emptyPolls[source] > COLD_AFTER;
            if (idle && cooling[source] && !isActive(source)) {
                hot[i] = hot[--hotCount];
                cold[source] = true;
                cooling[source] = false;
            } else if (idle && !cooling[source]) {
                waiter.setCold(true);
                clearActivity(source);
                cooling[source] = true;
                anyCooling = true;
            } else {
                cooling[source] = false;
            }
        }
        waiter.setCold(anyCooling || knownRings > hotCount);
        return records;
    }

    private void heat(int source) {
        cold[source] = false;
        emptyPolls[source] = 0;
        hot[hotCount++] = source;
    }

    private void wakeColdRings() {
        for (int word = 0; word << 6 < ranks; word++) {
            long bits = words.getOpaque(SegmentDescriptor.activityBitmap(ranks, rank) + (word << 3));
            for (; bits != 0; bits &= bits - 1) {
                int source = (word << 6) + Long.numberOfTrailingZeros(bits);
                if (source < ranks && cold[source]) {
                    heat(source);
                }
            }
        }
    }

    private boolean isActive(int source) {
        return (words.getOpaque(activityWord(source)) & 1L << source) != 0;
    }

    private long activityWord(int source) {
        return SegmentDescriptor.activityBitmap(ranks, rank) + (source >>> 6 << 3);
    }

    private void clearActivity(int source) {
        long at = activityWord(source);
        long word;
        do {
            word = words.getVolatile(at);
        } while (!words.compareAndSet(at, word, word & ~(1L << source)));
    }
}
