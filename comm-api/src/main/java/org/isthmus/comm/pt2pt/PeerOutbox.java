package org.isthmus.comm.pt2pt;

import org.isthmus.node.endpoint.RecordLink;
import org.isthmus.node.status.Protocol;
import org.isthmus.node.status.RankCounter;
import org.isthmus.node.status.RankCounters;

/**
 * What waits to be sent to one peer: sends in matching order, rendezvous sends whose bytes are on their way, and short
 * control records for which there was no room.
 *
 * <p>Owned by the engine thread. {@link Sender} works through it.
 */
final class PeerOutbox {
    private static final int CONTROL_WORDS = 4;

    final int peer;
    /** Whether the peer is on this node. */
    final boolean here;
    final RecordLink link;
    /** Heap of whoever takes blocks out of the link. */
    final int holder;

    /** Bytes of eager messages sent, and how many of them the peer had passed on when last looked. */
    long sentBytes;

    long grantedCache;

    /** First of the sends that wait for room, in matching order. */
    Transfer head;

    private Transfer tail;

    /** Rendezvous sends that were cleared, oldest first. */
    Transfer streams;

    private Transfer streamsTail;

    private long[] controls = new long[4 * CONTROL_WORDS];
    private int controlHead;
    private int controlCount;

    /** How messages to this peer count that travel inside records, in blocks, and by rendezvous. */
    final Protocol inline;

    final Protocol eager;
    final Protocol rendezvous;
    /** Why the last try to send stopped; null while tries succeed. */
    private RankCounter stopped;

    /** Whether it is in the list of outboxes with work. */
    boolean listed;

    PeerOutbox(int peer, RecordLink link, int holder, boolean here) {
        this.inline = here ? Protocol.INLINE : Protocol.REMOTE;
        this.eager = here ? Protocol.EAGER : Protocol.REMOTE;
        this.rendezvous = here ? Protocol.RENDEZVOUS : Protocol.REMOTE;
        this.here = here;
        this.peer = peer;
        this.link = link;
        this.holder = holder;
    }

    /** Notes that sending has come to a stop, unless it had for the same reason. Returns false. */
    boolean stop(RankCounters counters, RankCounter reason) {
        if (stopped != reason) {
            stopped = reason;
            counters.increment(reason);
        }
        return false;
    }

    /** There was room. */
    void go() {
        stopped = null;
    }

    boolean isIdle() {
        return head == null && streams == null && controlCount == 0;
    }

    void enqueue(Transfer send) {
        send.next = null;
        send.previous = tail;
        if (tail == null) {
            head = send;
        } else {
            tail.next = send;
        }
        tail = send;
    }

    void remove(Transfer send) {
        if (send.previous == null) {
            head = send.next;
        } else {
            send.previous.next = send.next;
        }
        if (send.next == null) {
            tail = send.previous;
        } else {
            send.next.previous = send.previous;
        }
        send.next = null;
        send.previous = null;
    }

    void addStream(Transfer send) {
        send.next = null;
        if (streams == null) {
            streams = send;
        } else {
            streamsTail.next = send;
        }
        streamsTail = send;
    }

    /** Puts a short one before the others. */
    void addShortStream(Transfer send) {
        send.next = streams;
        if (streams == null) {
            streamsTail = send;
        }
        streams = send;
    }

    /** Drops the oldest stream. */
    void removeStream() {
        Transfer done = streams;
        streams = done.next;
        done.next = null;
    }

    /** The peer is lost: forgets everything but the sends that wait, which were taken out. */
    void dropAll() {
        streams = null;
        controlCount = 0;
        controlHead = 0;
    }

    boolean hasControls() {
        return controlCount != 0;
    }

    /** Keeps a control record (its header and three payload words) until there is room. */
    void addControl(long header, long first, long second, long third) {
        if (controlCount * CONTROL_WORDS == controls.length) {
            long[] larger = new long[controls.length * 2];
            for (int i = 0; i < controlCount; i++) {
                System.arraycopy(controls, (controlHead + i) % controlCount * CONTROL_WORDS, larger, i * CONTROL_WORDS,
                        CONTROL_WORDS);
            }
            controls = larger;
            controlHead = 0;
        }
        int at = (controlHead + controlCount++) % (controls.length / CONTROL_WORDS) * CONTROL_WORDS;
        controls[at] = header;
        controls[at + 1] = first;
        controls[at + 2] = second;
        controls[at + 3] = third;
    }

    /** A word of the oldest control record: 0 its header, then its payload. */
    long controlWord(int word) {
        return controls[controlHead * CONTROL_WORDS + word];
    }

    void removeControl() {
        controlHead = (controlHead + 1) % (controls.length / CONTROL_WORDS);
        controlCount--;
    }
}
