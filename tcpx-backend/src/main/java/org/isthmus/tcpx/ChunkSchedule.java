package org.isthmus.tcpx;

/** Chooses the socket of the next chunk, among those with room. */
final class ChunkSchedule {
    private final boolean leastLoaded;
    private final int chunkBytes;
    private int turn;

    ChunkSchedule(boolean leastLoaded, int chunkBytes) {
        this.leastLoaded = leastLoaded;
        this.chunkBytes = chunkBytes;
    }

    /**
     * @param links those of a channel; null where there is none
     * @param lead carries the small messages as well, so it counts as one chunk fuller
     * @return null if none has room
     */
    Link choose(Link[] links, Link lead) {
        return leastLoaded ? leastLoaded(links, lead) : nextInTurn(links);
    }

    private Link leastLoaded(Link[] links, Link lead) {
        Link best = null;
        long bestLoad = Long.MAX_VALUE;
        for (Link link : links) {
            if (link != null && link.hasRoom()) {
                long load = link.load(chunkBytes) + (link == lead ? chunkBytes : 0);
                if (load < bestLoad) {
                    best = link;
                    bestLoad = load;
                }
            }
        }
        return best;
    }

    private Link nextInTurn(Link[] links) {
        for (int i = 1; i <= links.length; i++) {
            int slot = (turn + i) % links.length;
            if (links[slot] != null && links[slot].hasRoom()) {
                turn = slot;
                return links[slot];
            }
        }
        return null;
    }
}
