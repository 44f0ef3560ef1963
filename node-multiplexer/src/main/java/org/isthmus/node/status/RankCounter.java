package org.isthmus.node.status;

/**
 * What each rank counts. The order is that of the words in the rank's block; first sent then received messages by
 * {@link Protocol}, each with its bytes. A message counts as sent when its way is known, as received when its receive
 * is.
 */
public enum RankCounter implements Counter {
    SENT_INLINE(Unit.MESSAGES, "sent inside a record of the ring"),
    SENT_INLINE_BYTES(Unit.BYTES, "of those"),
    SENT_EAGER(Unit.MESSAGES, "sent through message blocks, before the receive was known"),
    SENT_EAGER_BYTES(Unit.BYTES, "of those"),
    SENT_SHARED(Unit.MESSAGES, "sent from buffers in the segment, out of which the receiver copied"),
    SENT_SHARED_BYTES(Unit.BYTES, "of those"),
    SENT_SINGLE_COPY(Unit.MESSAGES, "sent that the receiver copied out of this process's memory"),
    SENT_SINGLE_COPY_BYTES(Unit.BYTES, "of those"),
    SENT_RENDEZVOUS(Unit.MESSAGES, "sent through message blocks once the receive was known, or synchronous and empty"),
    SENT_RENDEZVOUS_BYTES(Unit.BYTES, "of those"),
    SENT_REMOTE(Unit.MESSAGES, "sent to ranks of other nodes or jobs"),
    SENT_REMOTE_BYTES(Unit.BYTES, "of those"),
    SENT_SELF(Unit.MESSAGES, "sent to the rank itself"),
    SENT_SELF_BYTES(Unit.BYTES, "of those"),
    RECEIVED_INLINE(Unit.MESSAGES, "received out of a record of the ring"),
    RECEIVED_INLINE_BYTES(Unit.BYTES, "of those"),
    RECEIVED_EAGER(Unit.MESSAGES, "received through message blocks sent before the receive was known"),
    RECEIVED_EAGER_BYTES(Unit.BYTES, "of those"),
    RECEIVED_SHARED(Unit.MESSAGES, "received by a copy out of the sender's buffer in the segment"),
    RECEIVED_SHARED_BYTES(Unit.BYTES, "of those"),
    RECEIVED_SINGLE_COPY(Unit.MESSAGES, "received by a copy out of the sender's own memory"),
    RECEIVED_SINGLE_COPY_BYTES(Unit.BYTES, "of those"),
    RECEIVED_RENDEZVOUS(Unit.MESSAGES, "received through message blocks asked for, or synchronous and empty"),
    RECEIVED_RENDEZVOUS_BYTES(Unit.BYTES, "of those"),
    RECEIVED_REMOTE(Unit.MESSAGES, "received from ranks of other nodes or jobs"),
    RECEIVED_REMOTE_BYTES(Unit.BYTES, "of those"),
    RECEIVED_SELF(Unit.MESSAGES, "received from the rank itself"),
    RECEIVED_SELF_BYTES(Unit.BYTES, "of those"),
    UNEXPECTED(Unit.MESSAGES, "that came before their receive and were kept"),
    WINDOW_FULL(Unit.TIMES, "sends to a rank stopped because too much of what was sent waits there unmatched: "
            + "isthmus.pt2pt.window"),
    RING_FULL(Unit.TIMES, "sends to a rank stopped because its ring or mailbox was full: it does not receive"),
    BLOCKS_EMPTY(Unit.TIMES, "sends to a rank stopped, or announced first, because there was no message block: "
            + "isthmus.blocks.bytes"),
    RINGS(Unit.RINGS, "made to other ranks of the node"),
    MAILBOX_RECORDS(Unit.RECORDS, "sent through mailboxes: first contacts, and all to ranks beyond isthmus.ring.max"),
    COLLECTIVES(Unit.CALLS, "of collectives through the segment, which need no messages"),
    YIELDS(Unit.TIMES, "the core was given away while waiting"),
    SLEEPS(Unit.TIMES, "the rank slept while waiting"),
    WAKES(Unit.TIMES, "it woke another rank"),
    ONE_SIDED(Unit.OPERATIONS, "on windows of other nodes that the multiplexer did without the target's help"),
    ONE_SIDED_BYTES(Unit.BYTES, "of those");

    private static final RankCounter[] ALL = values();

    private final Unit unit;
    private final String meaning;

    RankCounter(Unit unit, String meaning) {
        this.unit = unit;
        this.meaning = meaning;
    }

    static RankCounter of(int ordinal) {
        return ALL[ordinal];
    }

    @Override
    public String unit() {
        return unit.text();
    }

    @Override
    public String meaning() {
        return meaning;
    }
}
