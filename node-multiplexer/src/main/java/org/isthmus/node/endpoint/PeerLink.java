package org.isthmus.node.endpoint;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import org.isthmus.allocator.segment.SharedWords;
import org.isthmus.node.shm.Mailbox;
import org.isthmus.node.shm.MailboxDescriptor;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.shm.RingDescriptor;
import org.isthmus.node.shm.RingProducer;
import org.isthmus.node.shm.SegmentDescriptor;
import org.isthmus.node.shm.ring.RingVariant;
import org.isthmus.node.status.RankCounter;

/**
 * This rank's way to send records to one other rank of the node: a ring of its own once there has been contact, or the
 * receiver's mailbox when the ring budget is spent. The way never changes once chosen, so records stay in order.
 *
 * <p>Assumptions: used by the engine thread (or under the engine lock); each successful claim is followed by its
 * publish.
 *
 * <pre>
 *   NEW --claim: announced in the receiver's mailbox--> RING or MAILBOX (for ever)
 * </pre>
 */
public final class PeerLink extends RecordLink {
    private final RankEndpoint endpoint;
    private final MemorySegment memory;
    private final SharedWords words;
    private final int rank;
    private final int peer;
    private final Mailbox mailbox;
    private final Waiter waiter;
    private final long attention;
    private final long activityWord;
    private final long activityBit;
    private RingProducer producer;
    private boolean viaRing;
    private int maxPayload = MailboxDescriptor.MAX_PAYLOAD;
    /** Place of the ring or of its control line; 0 while none. */
    private long ring;
    private int ringBytes;

    PeerLink(RankEndpoint endpoint, int peer) {
        this.endpoint = endpoint;
        this.memory = endpoint.memory();
        this.words = endpoint.words();
        this.rank = endpoint.rank();
        this.peer = peer;
        this.mailbox = new Mailbox(memory, SegmentDescriptor.mailbox(endpoint.ranks(), peer));
        this.waiter = endpoint.waiter();
        this.attention = SegmentDescriptor.rankLine(endpoint.ranks(), peer) + SegmentDescriptor.ATTENTION_OFFSET;
        this.activityWord = SegmentDescriptor.activityBitmap(endpoint.ranks(), peer) + (rank >>> 6 << 3);
        this.activityBit = 1L << rank;
    }

    /** Grows with first contact when that makes a ring. */
    @Override
    public int maxPayload() {
        return maxPayload;
    }

    @Override
    public long claim(int payloadBytes) {
        long payload = viaRing ? producer.claim(payloadBytes) : claimSlowPath(payloadBytes);
        if (payload == BACK_PRESSURED) {
            waiter.stall();
        }
        return payload;
    }

    /**
     * Where nobody pays a fence for it, a peer that goes to sleep just now may notice only when its sleep is over,
     * which is short for that reason.
     */
    @Override
    public void publish(long header) {
        publishSilently(header);
        waiter.fenceBeforeLookingForSleepers();
        attendIfAsked();
    }

    /** As {@link #publish}, but a sleeping peer learns of it by {@link #notifyPeer} alone, which must follow soon. */
    public void publishSilently(long header) {
        if (viaRing) {
            producer.publish(header);
            producer.flush();
        } else {
            mailbox.publish(rank, header);
            endpoint.counters().increment(RankCounter.MAILBOX_RECORDS);
        }
    }

    /** Sees to it that the peer notices what was published silently. */
    public void notifyPeer() {
        VarHandle.fullFence(); // SYNC(wait.sleeping)
        attendIfAsked();
    }

    private void attendIfAsked() {
        if (words.getIntOpaque(attention) != 0) {
            attend();
        }
    }

    @Override
    public long grantedBytes() {
        return producer == null ? 0 : producer.grantedAcquire();
    }

    private long claimSlowPath(int payloadBytes) {
        if (producer == null && !announce()) {
            return BACK_PRESSURED;
        }
        if (viaRing) {
            return producer.claim(payloadBytes);
        }
        if (payloadBytes > maxPayload) {
            throw new IllegalArgumentException("payload of " + payloadBytes + " bytes, a mailbox cell holds "
                    + maxPayload);
        }
        return mailbox.claim(rank);
    }

    /** First contact: makes the ring (or only its control line) and tells the receiver where it is. */
    private boolean announce() {
        if (ring == 0) {
            allocate(); // may fail for want of memory, so before a cell of the mailbox is claimed
        }
        long payload = mailbox.claim(rank);
        if (payload == Mailbox.FULL) {
            return false;
        }
        words.set(payload + RingCreatedDescriptor.RING_OFFSET, ring);
        words.set(payload + RingCreatedDescriptor.LENGTH_OFFSET, (long) ringBytes);
        RingVariant variant = endpoint.options().ringVariant();
        words.set(payload + RingCreatedDescriptor.VARIANT_OFFSET, (long) variant.ordinal());
        mailbox.publish(rank,
                RecordDescriptor.header(RecordDescriptor.KIND_RING_CREATED, 0, 0, RingCreatedDescriptor.BYTES));
        endpoint.counters().increment(RankCounter.MAILBOX_RECORDS);
        producer = variant.producer(memory, ring, Math.max(ringBytes, (int) RingDescriptor.RECORDS_OFFSET));
        viaRing = ringBytes > 0;
        if (viaRing) {
            maxPayload = variant.maxPayload(ringBytes);
        }
        return true;
    }

    private void allocate() {
        long allocated = endpoint.ringSpace().allocateRing();
        if (allocated == RingSpace.NO_RING) {
            ring = endpoint.ringSpace().allocateControlLine();
        } else {
            ring = allocated;
            endpoint.counters().increment(RankCounter.RINGS);
            ringBytes = endpoint.options().ringBytes();
        }
    }

    /** The receiver sleeps, or does not look at all its rings. */
    private void attend() {
        long word;
        do {
            word = words.getVolatile(activityWord);
        } while (!words.compareAndSet(activityWord, word, word | activityBit));
        waiter.wakeIfSleeping(peer);
    }
}
