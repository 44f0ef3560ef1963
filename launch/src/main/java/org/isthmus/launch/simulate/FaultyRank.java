package org.isthmus.launch.simulate;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.node.endpoint.BlockRecordDescriptor;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.endpoint.RecordLink;
import org.isthmus.node.endpoint.RemoteLink;
import org.isthmus.node.endpoint.RemoteRecordDescriptor;
import org.isthmus.node.shm.RecordDescriptor;

/**
 * One rank of a run with faults: sends numbered messages to random ranks of other nodes, in the record or in a block,
 * and checks what arrives: each message of a pair once, in order, with its bytes.
 */
final class FaultyRank {
    private static final int INLINE_KIND = 1;
    private static final int BLOCK_KIND = 3;
    private static final int MOST_INLINE = 200;
    private static final int MOST_BLOCK = 700;

    private final FaultPlan plan;
    private final VirtualTime time;
    private final SplittableRandom random;
    private final SimulatedNode node;
    private final RankEndpoint endpoint;
    private final int place;
    private final int rank;
    private final Map<Integer, Integer> sent = new HashMap<>();
    private final Map<Integer, Integer> received = new HashMap<>();
    private int left;
    private int destination = -1;
    private boolean pollPlanned;
    private boolean dead;
    private long fingerprint;
    private long delivered;

    FaultyRank(FaultPlan plan, VirtualTime time, SimulatedNode node, int place) {
        this.plan = plan;
        this.time = time;
        this.random = new SplittableRandom(plan.seed() * 31 + (long) node.number() * plan.ranks() + place);
        this.node = node;
        this.endpoint = node.rank(place);
        this.place = place;
        this.rank = node.number() * plan.ranks() + place;
        this.left = plan.messages();
    }

    void start() {
        time.after(pause(plan.mostPauseNanos()), this::send);
    }

    /** The node is killed. */
    void kill() {
        dead = true;
    }

    /** There may be something to receive: looks for it some time. */
    void planPoll() {
        if (!pollPlanned && !dead) {
            pollPlanned = true;
            time.after(pause(plan.mostPollNanos()), this::poll);
        }
    }

    int sentTo(int peer) {
        return sent.getOrDefault(peer, 0);
    }

    int receivedFrom(int peer) {
        return received.getOrDefault(peer, 0);
    }

    boolean hasSentAll() {
        return left == 0;
    }

    long delivered() {
        return delivered;
    }

    long fingerprint() {
        return fingerprint;
    }

    private long pause(int mostNanos) {
        return VirtualTime.nanos(1.0 + random.nextInt(mostNanos));
    }

    private void poll() {
        pollPlanned = false;
        if (!dead && endpoint.poll() > 0) {
            node.shards().forEach(SimulatedShard::planIfStuck);
            planPoll();
        }
    }

    private void send() {
        if (dead || left == 0) {
            return;
        }
        if (destination < 0) {
            int further = 1 + random.nextInt(plan.ring() ? 1 : plan.nodes() - 1);
            destination = (node.number() + further) % plan.nodes() * plan.ranks() + random.nextInt(plan.ranks());
        }
        int number = sentTo(destination);
        boolean withBlock = random.nextInt(3) == 0;
        int bytes = 1 + random.nextInt(withBlock ? MOST_BLOCK : MOST_INLINE);
        if (withBlock ? sendBlock(number, bytes) : sendInline(number, bytes)) {
            node.shardOf(place, destination).plan();
            sent.merge(destination, 1, Integer::sum);
            destination = -1;
            left--;
        }
        time.after(pause(plan.mostPauseNanos()), this::send);
    }

    private boolean sendInline(int number, int bytes) {
        RemoteLink link = node.link(place, destination);
        long payload = link.claim(bytes);
        if (payload == RecordLink.BACK_PRESSURED) {
            return false;
        }
        fill(payload, bytes, pattern(rank, destination, number));
        link.publish(RecordDescriptor.header(INLINE_KIND, 0, number, bytes));
        return true;
    }

    private boolean sendBlock(int number, int bytes) {
        long block = endpoint.allocateBlock(bytes, 0);
        if (block == Handle.NONE) {
            return false;
        }
        RemoteLink link = node.link(place, destination);
        long payload = link.claim(BlockRecordDescriptor.BLOCK_BYTES);
        if (payload == RecordLink.BACK_PRESSURED) {
            endpoint.heap().free(block);
            return false;
        }
        fill(endpoint.heap().offset(block), bytes, pattern(rank, destination, number));
        endpoint.heap().handOver(block, node.holder(place, destination));
        endpoint.memory().set(ValueLayout.JAVA_LONG, payload + BlockRecordDescriptor.BLOCK_OFFSET, block);
        endpoint.memory().set(ValueLayout.JAVA_LONG, payload + BlockRecordDescriptor.BYTES_OFFSET, bytes);
        link.publish(RecordDescriptor.header(BLOCK_KIND, 0, number, BlockRecordDescriptor.BLOCK_BYTES));
        return true;
    }

    /** A record has arrived. */
    void onRecord(int source, long header, long payload) {
        int number = RecordDescriptor.tag(header);
        int expected = receivedFrom(source);
        if (number != expected) {
            throw new IllegalStateException("rank " + rank + " got message " + number + " of rank " + source + " where "
                    + expected + " was next");
        }
        received.put(source, expected + 1);
        byte pattern = pattern(source, rank, number);
        if (RemoteRecordDescriptor.carriesBlock(RecordDescriptor.kind(header))) {
            MemorySegment memory = endpoint.memory();
            long block = memory.get(ValueLayout.JAVA_LONG, payload + BlockRecordDescriptor.BLOCK_OFFSET);
            long bytes = memory.get(ValueLayout.JAVA_LONG, payload + BlockRecordDescriptor.BYTES_OFFSET);
            endpoint.heap().accept(block);
            check(source, number, endpoint.heap().offset(block), bytes, pattern);
            endpoint.heap().free(block);
        } else {
            check(source, number, payload, RecordDescriptor.payloadBytes(header), pattern);
        }
        delivered++;
        fingerprint = fingerprint * 1_000_003 + source * 31L + number + time.now();
    }

    private void fill(long at, long bytes, byte pattern) {
        MemorySegment memory = endpoint.memory();
        for (long i = 0; i < bytes; i++) {
            memory.set(ValueLayout.JAVA_BYTE, at + i, (byte) (pattern + i));
        }
    }

    private void check(int source, int number, long at, long bytes, byte pattern) {
        MemorySegment memory = endpoint.memory();
        for (long i = 0; i < bytes; i++) {
            if (memory.get(ValueLayout.JAVA_BYTE, at + i) != (byte) (pattern + i)) {
                throw new IllegalStateException("byte " + i + " of message " + number + " from rank " + source
                        + " to rank " + rank + " is wrong");
            }
        }
    }

    private static byte pattern(int source, int destination, int number) {
        return (byte) (source * 37 + destination * 11 + number * 7 + 1);
    }
}
