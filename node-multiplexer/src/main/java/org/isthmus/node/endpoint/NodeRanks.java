package org.isthmus.node.endpoint;

import java.util.Arrays;

/**
 * Which ranks of the job are on this node, and at which place of its segment each of them is. A job on several nodes has
 * one place more, behind those of the ranks: its multiplexer's.
 *
 * <p>Immutable; any thread.
 */
public final class NodeRanks {
    /** Place of a rank on another node. */
    public static final int ELSEWHERE = -1;

    private final int[] ranks;
    private final int[] places;

    /**
     * @param jobSize ranks of the job
     * @param ranks those on this node, by place; ascending
     */
    public NodeRanks(int jobSize, int... ranks) {
        this.ranks = ranks.clone();
        this.places = new int[jobSize];
        Arrays.fill(places, ELSEWHERE);
        for (int place = 0; place < ranks.length; place++) {
            int rank = ranks[place];
            if (rank < 0 || rank >= jobSize || place > 0 && rank <= ranks[place - 1]) {
                throw new IllegalArgumentException("ranks here are " + Arrays.toString(ranks)
                        + "; they must be ascending and from 0 to " + (jobSize - 1));
            }
            places[rank] = place;
        }
    }

    /** A job whose ranks are all here. */
    public static NodeRanks all(int jobSize) {
        int[] ranks = new int[jobSize];
        Arrays.setAll(ranks, rank -> rank);
        return new NodeRanks(jobSize, ranks);
    }

    public int jobSize() {
        return places.length;
    }

    /** Ranks on this node. */
    public int count() {
        return ranks.length;
    }

    /** Whether no rank is on another node. */
    public boolean isWholeJob() {
        return ranks.length == places.length;
    }

    /** Place of {@code rank}, or {@link #ELSEWHERE}; numbers from {@link #jobSize} on are processes of other jobs. */
    public int place(int rank) {
        return rank < places.length ? places[rank] : ELSEWHERE;
    }

    /** The rank at {@code place}. */
    public int rank(int place) {
        return ranks[place];
    }

    /** Place of the multiplexer of a job on several nodes. */
    public int multiplexer() {
        return ranks.length;
    }

    /** Places of the segment that are in use: ranks, and the multiplexer if there is one. */
    public int places() {
        return isWholeJob() ? ranks.length : ranks.length + 1;
    }
}
