package org.isthmus.comm.group;

import java.util.Arrays;
import org.isthmus.comm.progress.Progress;
import org.isthmus.comm.pt2pt.PointToPoint;

/**
 * The engine's view of a communicator: who belongs to it and which context separates its messages from others'.
 * Processes of other jobs have numbers from the size of the job on, which mean something in this process only.
 *
 * <p>Of an intercommunicator ranks other than {@link #rank()} are those of the remote group, so {@link #size()} is the
 * remote group's and messages go there. Its collectives run on the {@link #union()} of both groups, which shares its
 * contexts.
 *
 * <p>Every communicator owns two contexts: {@code contextId} for the user's point-to-point messages and
 * {@code contextId + 1} for the messages of its collectives; {@link #collective()} is the same group on the second one.
 * Context ids are even and equal on all members.
 */
public final class Communicator {
    /** The context of a communicator whose members have not agreed on one yet. */
    static final int NO_CONTEXT = -1;

    /** Set in the tags of collectives of a part, which neither those of the whole nor those of new groups have. */
    private static final int PART_TAGS = 0x6000_0000;
    private static final int PART_COUNTER = 0x1fff_ffff;
    private static final int COUNTER = 0x3fff_ffff;

    /** Contexts with this bit are never those of a communicator's messages or collectives. */
    private static final int RESERVED = 0x8000;

    private final PointToPoint pointToPoint;
    private final Progress progress;
    private final int rank;
    private final int[] worldRanks;
    private final int[] rankOfWorld;
    private final Communicator collective;
    private final Communicator union;
    private final int firstSize;
    private int contextId;
    private int nextCollectiveTag;

    /**
     * @param contextId even, unique among the live communicators of every member
     * @param worldRanks rank in the job of each member, in order of their rank here; not copied
     * @param worldRank this process's rank in the job; must be among {@code worldRanks}
     * @param worldSize ranks of the job
     */
    public Communicator(PointToPoint pointToPoint, Progress progress, int contextId, int[] worldRanks, int worldRank,
            int worldSize) {
        this.pointToPoint = pointToPoint;
        this.progress = progress;
        this.contextId = contextId;
        this.worldRanks = worldRanks;
        this.rankOfWorld = inverse(worldRanks, worldSize);
        this.rank = rankOfWorld[worldRank];
        this.union = null;
        this.firstSize = worldRanks.length;
        this.collective = new Communicator(this);
    }

    /** Between two parts of {@code union}: its first {@code firstSize} members and the others. */
    private Communicator(Communicator union, int firstSize) {
        this.pointToPoint = union.pointToPoint;
        this.progress = union.progress;
        this.contextId = union.contextId;
        this.union = union;
        this.firstSize = firstSize;
        boolean inFirst = union.rank < firstSize;
        this.rank = inFirst ? union.rank : union.rank - firstSize;
        this.worldRanks = Arrays.copyOfRange(union.worldRanks, inFirst ? firstSize : 0,
                inFirst ? union.worldRanks.length : firstSize);
        this.rankOfWorld = inverse(worldRanks, union.rankOfWorld.length);
        this.collective = new Communicator(this);
    }

    private static int[] inverse(int[] worldRanks, int least) {
        int[] inverse = new int[Math.max(least, Arrays.stream(worldRanks).max().orElse(0) + 1)];
        Arrays.fill(inverse, -1);
        for (int i = 0; i < worldRanks.length; i++) {
            inverse[worldRanks[i]] = i;
        }
        return inverse;
    }

    /** An intercommunicator between this one's first {@code firstSize} members and the others; takes this one over. */
    public Communicator between(int firstSize) {
        return new Communicator(this, firstSize);
    }

    /** What {@code derived}, made of {@link #wholeGroup()}, is for a duplicate of this communicator. */
    Communicator shaped(Communicator derived) {
        return union == null ? derived : derived.between(firstSize);
    }

    /** This communicator, or the union when it is an intercommunicator: ranks are those of all its processes. */
    public Communicator wholeGroup() {
        return union == null ? this : union;
    }

    /** A communicator of the same engine for {@code worldRanks}, this process among them; not copied. */
    Communicator derive(int contextId, int[] worldRanks) {
        return new Communicator(pointToPoint, progress, contextId, worldRanks, this.worldRanks[rank],
                rankOfWorld.length);
    }

    /**
     * Some members of this communicator, on its contexts: for the steps of its own collectives. Two parts may be in use
     * at once if no pair of processes is in both.
     *
     * @param members their ranks here, this process's among them
     */
    public Communicator part(int[] members) {
        Communicator part = derive(contextId, Arrays.stream(members).map(member -> worldRanks[member]).toArray());
        part.nextCollectiveTag = PART_TAGS;
        return part;
    }

    /** A communicator of the same engine for those of its members that are left, on a context they agreed on. */
    public Communicator without(int contextId, int[] survivors) {
        return derive(contextId, survivors);
    }

    /** Gives a communicator made with {@link #NO_CONTEXT} its context; it may be used from now on. */
    void bindContext(int contextId) {
        this.contextId = contextId;
        collective.contextId = contextId + 1;
        if (union != null) {
            union.bindContext(contextId);
        }
    }

    private Communicator(Communicator user) {
        this(user.contextId + 1, user);
    }

    /** The group of {@code user} on another context. */
    private Communicator(int contextId, Communicator user) {
        this.pointToPoint = user.pointToPoint;
        this.progress = user.progress;
        this.contextId = contextId;
        this.rank = user.rank;
        this.worldRanks = user.worldRanks;
        this.rankOfWorld = user.rankOfWorld;
        this.union = user.union;
        this.firstSize = user.firstSize;
        this.collective = this;
    }

    public PointToPoint pointToPoint() {
        return pointToPoint;
    }

    public Progress progress() {
        return progress;
    }

    public int contextId() {
        return contextId;
    }

    /** This process's rank in its own group. */
    public int rank() {
        return rank;
    }

    /** Ranks that can be named: the members, or those of the remote group. */
    public int size() {
        return worldRanks.length;
    }

    public boolean isInter() {
        return union != null;
    }

    /** Of an intercommunicator: both groups, one after the other in the same order on all, on the same contexts. */
    public Communicator union() {
        return union;
    }

    /** Members of this process's own group. */
    public int localSize() {
        return union == null ? worldRanks.length : union.worldRanks.length - worldRanks.length;
    }

    /** The ranks in the job of this process's own group. */
    public int[] localWorldRanks() {
        if (union == null) {
            return worldRanks.clone();
        }
        return Arrays.copyOfRange(union.worldRanks, localStart(), localStart() + localSize());
    }

    /** Where this process's own group begins in the {@link #union()}. */
    public int localStart() {
        return union.rank < firstSize ? 0 : firstSize;
    }

    /** Where the remote group begins in the {@link #union()}. */
    public int remoteStart() {
        return union.rank < firstSize ? firstSize : 0;
    }

    /** Rank in the job of member {@code rank}. */
    public int worldRank(int rank) {
        return worldRanks[rank];
    }

    /** Rank here of the job's rank {@code worldRank}, -1 when it is no member. */
    public int rankOfWorld(int worldRank) {
        return worldRank < rankOfWorld.length ? rankOfWorld[worldRank] : -1;
    }

    /** The members' ranks in the job; not to be changed. */
    public int[] worldRanks() {
        return worldRanks;
    }

    /** The same group on the context of its collectives. */
    public Communicator collective() {
        return collective;
    }

    /**
     * The same group on a context that neither the user's messages nor collectives use, for the engine's own messages
     * with the user's tags.
     */
    public Communicator reserved() {
        return new Communicator(contextId | RESERVED, this);
    }

    /** As {@link #reserved}, a second one. */
    public Communicator reservedCollective() {
        return new Communicator(contextId + 1 | RESERVED, this);
    }

    /** Tag for the next collective; all members call collectives in the same order, so it is the same on all. */
    public int nextCollectiveTag() {
        int tag = nextCollectiveTag;
        nextCollectiveTag = tag < PART_TAGS ? tag + 1 & COUNTER : PART_TAGS | tag + 1 & PART_COUNTER;
        return tag;
    }
}
