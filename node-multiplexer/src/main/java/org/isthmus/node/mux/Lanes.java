package org.isthmus.node.mux;

import java.util.Arrays;
import org.isthmus.node.endpoint.LaneGate;

/**
 * Whose turn it is among the ranks of a node: surplus round robin (deficit round robin that charges afterwards: M.
 * Shreedhar and G. Varghese, SIGCOMM 1995; H. Adiseshu et al., SIGCOMM 1996). In each round a lane may send
 * {@link #QUANTUM} bytes; what its last record was too long for, it lacks in the next. A lane of whose records too many
 * bytes wait in the multiplexer is skipped: more of them stay in the rank.
 *
 * <p>Owned by the shard's thread.
 */
final class Lanes implements LaneGate {
    static final int QUANTUM = 16 << 10;

    private final long mostWaiting;
    private final long[] surplus;
    private final long[] waiting;
    private final int[] charged;
    private int chargedCount;

    /**
     * @param places ranks of this node
     * @param mostWaiting bytes of one rank that may wait in the multiplexer
     */
    Lanes(int places, long mostWaiting) {
        this.mostWaiting = mostWaiting;
        this.surplus = new long[places];
        this.waiting = new long[places];
        this.charged = new int[places];
        Arrays.fill(surplus, QUANTUM);
    }

    @Override
    public boolean isOpen(int place) {
        return place >= surplus.length || surplus[place] > 0 && waiting[place] < mostWaiting;
    }

    /** Begins a round. How many lanes have to let it pass since they took too much in the last ones. */
    int nextRound() {
        int left = 0;
        for (int i = 0; i < chargedCount; i++) {
            int place = charged[i];
            surplus[place] = Math.min(QUANTUM, surplus[place] + QUANTUM);
            if (surplus[place] < QUANTUM) {
                charged[left++] = place;
            }
        }
        chargedCount = left;
        int paused = 0;
        for (int i = 0; i < left; i++) {
            paused += surplus[charged[i]] <= 0 ? 1 : 0;
        }
        return paused;
    }

    /** A record of {@code bytes} was taken from the lane. */
    void charge(int place, int bytes) {
        if (surplus[place] == QUANTUM) {
            charged[chargedCount++] = place;
        }
        surplus[place] -= bytes;
    }

    /** {@code bytes} of the lane's records begin to wait, or have done with it if negative. */
    void addWaiting(int place, int bytes) {
        waiting[place] += bytes;
    }

    long waiting(int place) {
        return waiting[place];
    }
}
