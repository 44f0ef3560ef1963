package org.isthmus.node.endpoint;

import java.util.Arrays;

/**
 * Which ranks of the job are on this node, and at which place of its segment each of them is. A job with
 * multiplexers has more places, behind those of the ranks: one for each shard. A pair of ranks uses one shard, the same
 * in both directions and on all nodes, so that its records stay in order.
 *
 * <p>Immutable; any thread.
 */
public final class NodeRanks {
    /** Place of a rank on another node. */
    public static final int ELSEWHERE = -1;

    private static final int LOW_FACTOR = 0x9E3779B1;
    private static final int HIGH_FACTOR = 0x85EBCA77;
    private static final int HALF_BITS = 16;

    private final int[] ranks;
    private final int[] places;
    private final int shards;

    /**
     * With a multiplexer of one shard.
     *
     * @param jobSize ranks of the job
     * @param ranks those on this node, by place; ascending
     */
    public NodeRanks(int jobSize, int... ranks) {
        this(jobSize, ranks, 1);
    }

    private NodeRanks(int jobSize, int[] ranks, int shards) {
        this.shards = shards;
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

    /** A job whose ranks are all here, without a multiplexer. */
    public static NodeRanks all(int jobSize) {
        int[] ranks = new int[jobSize];
        Arrays.setAll(ranks, rank -> rank);
        return new NodeRanks(jobSize, ranks, 0);
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

    /** Those on this node, by place. */
    public int[] ranks() {
        return ranks.clone();
    }

    /** The rank at {@code place}. */
    public int rank(int place) {
        return ranks[place];
    }

    /** The same ranks, with a multiplexer of so many shards; equal on all nodes of the job. */
    public NodeRanks withShards(int newShards) {
        if (newShards < 1) {
            throw new IllegalArgumentException("shards is " + newShards + ", must be from 1");
        }
        return new NodeRanks(places.length, ranks, newShards);
    }

    /** Shards of the multiplexer; 0 without one. */
    public int shards() {
        return shards;
    }

    /** The shard that carries what two ranks of the job send each other. */
    public int shardOf(int rank, int other) {
        int hash = Math.min(rank, other) * LOW_FACTOR + Math.max(rank, other) * HIGH_FACTOR;
        return Integer.remainderUnsigned(hash ^ hash >>> HALF_BITS, shards);
    }

    /** Place of a shard of the multiplexer. */
    public int multiplexer(int shard) {
        return ranks.length + shard;
    }

    /** Whether a place in use is a multiplexer's. */
    public boolean isMultiplexer(int place) {
        return place >= ranks.length;
    }

    /** Places of the segment that are in use: ranks, and the shards of the multiplexer if there is one. */
    public int places() {
        return ranks.length + shards;
    }
}
