package org.isthmus.node.mux;

import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.RankEndpoint;

/** The {@link RankNotices} of all ranks of the node, made on first use. Owned by the multiplexer's thread. */
final class NoticeBoard {
    private final RankEndpoint endpoint;
    private final NodeRanks ranks;
    private final RankNotices[] notices;

    NoticeBoard(RankEndpoint endpoint, NodeRanks ranks) {
        this.endpoint = endpoint;
        this.ranks = ranks;
        this.notices = new RankNotices[ranks.count()];
    }

    RankNotices of(int place) {
        if (notices[place] == null) {
            notices[place] = new RankNotices(endpoint, place, ranks.rank(place));
        }
        return notices[place];
    }

    /** Moves on what waits. Returns how many notices. */
    int flush() {
        int moved = 0;
        for (RankNotices rank : notices) {
            moved += rank == null ? 0 : rank.flush();
        }
        return moved;
    }

    boolean isEmpty() {
        for (RankNotices rank : notices) {
            if (rank != null && !rank.isEmpty()) {
                return false;
            }
        }
        return true;
    }
}
