package org.isthmus.comm.pt2pt;

import java.util.ArrayList;
import java.util.List;

/**
 * Matching (MPI 3.1, section 3.5): posted receives and unexpected messages, both hashed by context, source and tag.
 *
 * <p>Receives with a wildcard are in a list of their own; of a wildcard and an exact candidate the one posted first
 * wins. Unexpected messages are also chained in order of arrival, for receives and probes with a wildcard.
 *
 * <p>Invariants: (1) within a bucket and within each list, order is order of posting or arrival; (2) no posted receive
 * matches any unexpected message. Owned by the engine thread; allocates nothing.
 */
final class MatchTable {
    private static final int BUCKETS = 512;

    private final Transfer[] postedHead = new Transfer[BUCKETS];
    private final Transfer[] postedTail = new Transfer[BUCKETS];
    private final Incoming[] arrivedHead = new Incoming[BUCKETS];
    private final Incoming[] arrivedTail = new Incoming[BUCKETS];
    private Transfer wildHead;
    private Transfer wildTail;
    private Incoming oldest;
    private Incoming newest;
    private long posts;
    private int posted;

    /** Whether there is neither a posted receive nor an unexpected message. */
    boolean isEmpty() {
        return posted == 0 && oldest == null;
    }

    /** The posted receives. */
    List<Transfer> allPosted() {
        List<Transfer> all = new ArrayList<>();
        for (Transfer head : postedHead) {
            for (Transfer receive = head; receive != null; receive = receive.next) {
                all.add(receive);
            }
        }
        for (Transfer receive = wildHead; receive != null; receive = receive.next) {
            all.add(receive);
        }
        return all;
    }

    /** The unexpected messages. */
    List<Incoming> allUnexpected() {
        List<Incoming> all = new ArrayList<>();
        for (Incoming message = oldest; message != null; message = message.nextInOrder) {
            all.add(message);
        }
        return all;
    }

    /** How many receives are posted. */
    int posted() {
        return posted;
    }

    /** A posted receive that names {@code peer}; null if there is none. Looks at all: not for the fast path. */
    Transfer postedFrom(int peer) {
        for (Transfer head : postedHead) {
            for (Transfer receive = head; receive != null; receive = receive.next) {
                if (receive.peer == peer) {
                    return receive;
                }
            }
        }
        for (Transfer receive = wildHead; receive != null; receive = receive.next) {
            if (receive.peer == peer) {
                return receive;
            }
        }
        return null;
    }

    /** Adds a receive that no unexpected message matches (inv. 2). */
    void post(Transfer receive) {
        receive.order = posts++;
        posted++;
        receive.next = null;
        if (isWild(receive)) {
            receive.previous = wildTail;
            if (wildTail == null) {
                wildHead = receive;
            } else {
                wildTail.next = receive;
            }
            wildTail = receive;
            return;
        }
        int bucket = bucket(receive.context, receive.peer, receive.matchTag);
        receive.bucket = bucket;
        receive.previous = postedTail[bucket];
        if (receive.previous == null) {
            postedHead[bucket] = receive;
        } else {
            receive.previous.next = receive;
        }
        postedTail[bucket] = receive;
    }

    /** Takes out the receive that a message with this envelope matches, or null. */
    Transfer takePosted(int context, int source, int tag) {
        int bucket = bucket(context, source, tag);
        Transfer first = postedHead[bucket];
        if (wildHead != null || first == null || !isFor(first, context, source, tag)) {
            return takePostedSlowPath(first, context, source, tag);
        }
        posted--;
        Transfer next = first.next;
        postedHead[bucket] = next;
        if (next == null) {
            postedTail[bucket] = null;
        } else {
            next.previous = null;
            first.next = null;
        }
        return first;
    }

    private Transfer takePostedSlowPath(Transfer first, int context, int source, int tag) {
        Transfer found = first;
        while (found != null && !isFor(found, context, source, tag)) {
            found = found.next;
        }
        if (wildHead != null) {
            found = earlierWildcard(found, context, source, tag);
        }
        if (found != null) {
            removePosted(found);
        }
        return found;
    }

    private static boolean isFor(Transfer exact, int context, int source, int tag) {
        return exact.peer == source && exact.matchTag == tag && exact.context == context;
    }

    private Transfer earlierWildcard(Transfer found, int context, int source, int tag) {
        for (Transfer wild = wildHead; wild != null && (found == null || wild.order < found.order); wild = wild.next) {
            if (wild.context == context && matches(wild.peer, wild.matchTag, source, tag)) {
                return wild;
            }
        }
        return found;
    }

    /** Takes a posted receive out. */
    void removePosted(Transfer receive) {
        posted--;
        Transfer previous = receive.previous;
        Transfer next = receive.next;
        if (isWild(receive)) {
            if (previous == null) {
                wildHead = next;
            } else {
                previous.next = next;
            }
            if (next == null) {
                wildTail = previous;
            } else {
                next.previous = previous;
            }
        } else {
            int bucket = receive.bucket;
            if (previous == null) {
                postedHead[bucket] = next;
            } else {
                previous.next = next;
            }
            if (next == null) {
                postedTail[bucket] = previous;
            } else {
                next.previous = previous;
            }
        }
        receive.next = null;
        receive.previous = null;
    }

    void addUnexpected(Incoming message) {
        message.nextInOrder = null;
        message.previousInOrder = newest;
        if (newest == null) {
            oldest = message;
        } else {
            newest.nextInOrder = message;
        }
        newest = message;
        int bucket = bucket(message.context, message.peer, message.matchTag);
        message.nextInBucket = null;
        message.previousInBucket = arrivedTail[bucket];
        if (message.previousInBucket == null) {
            arrivedHead[bucket] = message;
        } else {
            message.previousInBucket.nextInBucket = message;
        }
        arrivedTail[bucket] = message;
    }

    /** The oldest unexpected message that such a receive matches, left where it is; null when there is none. */
    Incoming findUnexpected(int context, int source, int tag) {
        if (oldest == null) {
            return null;
        }
        if (source == PointToPoint.ANY_SOURCE || tag == PointToPoint.ANY_TAG) {
            Incoming message = oldest;
            while (message != null
                    && !(message.context == context && matches(source, tag, message.peer, message.matchTag))) {
                message = message.nextInOrder;
            }
            return message;
        }
        Incoming message = arrivedHead[bucket(context, source, tag)];
        while (message != null
                && !(message.peer == source && message.matchTag == tag && message.context == context)) {
            message = message.nextInBucket;
        }
        return message;
    }

    /** The unexpected rendezvous message with that announcement, or null. Looks at all: not for the fast path. */
    Incoming findAnnounced(int source, int sendId, long announcement) {
        Incoming message = oldest;
        while (message != null && !(message.kind == RecordKind.READY_TO_SEND && message.peer == source
                && message.sendId == sendId && message.announcement == announcement)) {
            message = message.nextInOrder;
        }
        return message;
    }

    void removeUnexpected(Incoming message) {
        if (message.previousInOrder == null) {
            oldest = message.nextInOrder;
        } else {
            message.previousInOrder.nextInOrder = message.nextInOrder;
        }
        if (message.nextInOrder == null) {
            newest = message.previousInOrder;
        } else {
            message.nextInOrder.previousInOrder = message.previousInOrder;
        }
        int bucket = bucket(message.context, message.peer, message.matchTag);
        if (message.previousInBucket == null) {
            arrivedHead[bucket] = message.nextInBucket;
        } else {
            message.previousInBucket.nextInBucket = message.nextInBucket;
        }
        if (message.nextInBucket == null) {
            arrivedTail[bucket] = message.previousInBucket;
        } else {
            message.nextInBucket.previousInBucket = message.previousInBucket;
        }
    }

    private static boolean isWild(Transfer receive) {
        return receive.peer == PointToPoint.ANY_SOURCE || receive.matchTag == PointToPoint.ANY_TAG;
    }

    private static boolean matches(int wantedSource, int wantedTag, int source, int tag) {
        return (wantedSource == PointToPoint.ANY_SOURCE || wantedSource == source)
                && (wantedTag == PointToPoint.ANY_TAG || wantedTag == tag);
    }

    private static int bucket(int context, int source, int tag) {
        int h = (context * 0x9E3779B1 + source) * 0x85EBCA6B + tag;
        return (h ^ h >>> 15) & BUCKETS - 1;
    }
}
