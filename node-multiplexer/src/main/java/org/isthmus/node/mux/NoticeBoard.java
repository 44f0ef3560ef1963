package org.isthmus.node.mux;

import java.util.function.IntPredicate;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.RankEndpoint;

/** The {@link RankNotices} of all ranks of the node, made on first use. Owned by the multiplexer's thread. */
final class NoticeBoard {
    private final RankEndpoint endpoint;
    private final NodeRanks ranks;
    private final RankNotices[] notices;
    private final ActiveSet active;
    private final IntPredicate hasWork = this::hasWork;

    NoticeBoard(RankEndpoint endpoint, NodeRanks ranks) {
        this.endpoint = endpoint;
        this.ranks = ranks;
        this.notices = new RankNotices[ranks.count()];
        this.active = new ActiveSet(ranks.count());
    }

    /** Those of a rank, for something to be said now. */
    RankNotices of(int place) {
        if (notices[place] == null) {
            notices[place] = new RankNotices(endpoint, place, ranks.rank(place));
        }
        active.add(place);
        return notices[place];
    }

    /** Moves on what waits. Returns how many notices. */
    int flush() {
        int moved = 0;
        for (int i = 0; i < active.size(); i++) {
            moved += notices[active.get(i)].flush();
        }
        active.retain(hasWork);
        return moved;
    }

    boolean isEmpty() {
        active.retain(hasWork);
        return active.size() == 0;
    }

    private boolean hasWork(int place) {
        return !notices[place].isEmpty();
    }
}
