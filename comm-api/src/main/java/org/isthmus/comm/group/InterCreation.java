package org.isthmus.comm.group;

import java.util.Arrays;
import java.util.function.Supplier;
import org.isthmus.comm.coll.AlgorithmTable;
import org.isthmus.comm.coll.Buffer;
import org.isthmus.comm.coll.Schedule;
import org.isthmus.comm.coll.ScheduleRun;
import org.isthmus.comm.coll.ScheduledCollectives;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/**
 * Makes an intercommunicator of two groups whose leaders can reach each other (MPI 3.1, section 6.6.2): the leaders
 * exchange the lists of members, each group hears that of the other, then all agree on a context. Collective over both
 * groups, under the engine lock.
 */
public final class InterCreation {
    private static final int REFUSED = -1;
    private static final TypeMap INT = TypeMap.of(Primitive.INT);

    private InterCreation() {}

    /**
     * The ranks in the job of the other group, in order.
     *
     * @param local this process's group
     * @param bridge where the leader finds the other leader; asked by the leader only, and when it throws, all of the
     *         group throw
     * @throws CommException {@code COMM} when the groups have members in common
     */
    public static int[] exchangeGroups(Communicator local, int localLeader, Supplier<Communicator> bridge,
            int remoteLeader, int tag) {
        ScheduledCollectives collectives = new ScheduledCollectives(local, AlgorithmTable.ofPointToPoint());
        int[] size = {REFUSED};
        int[] remote = null;
        CommException refusal = null;
        if (local.rank() == localLeader) {
            try {
                Communicator peer = bridge.get();
                swap(peer, remoteLeader, tag, new int[] {local.size()}, size);
                remote = new int[size[0]];
                swap(peer, remoteLeader, tag, local.worldRanks(), remote);
            } catch (CommException e) {
                refusal = e;
                size[0] = REFUSED;
            }
        }
        collectives.bcast(size, 0, 1, INT, localLeader);
        if (refusal != null) {
            throw refusal;
        }
        if (size[0] == REFUSED) {
            throw new CommException(ErrorClass.COMM, "the local leader, rank " + localLeader
                    + " of localComm, could not take part; its own error says why");
        }
        if (remote == null) {
            remote = new int[size[0]];
        }
        collectives.bcast(remote, 0, remote.length, INT, localLeader);
        for (int worldRank : remote) {
            if (local.rankOfWorld(worldRank) >= 0) {
                throw new CommException(ErrorClass.COMM, "rank " + worldRank + " of the job is in both groups of the "
                        + "intercommunicator; they must have no member in common");
            }
        }
        return remote;
    }

    private static void swap(Communicator peer, int remoteLeader, int tag, int[] mine, int[] theirs) {
        Schedule s = new Schedule(peer, AgreeingCommunicatorFactory.GROUP_TAGS | tag);
        s.receive(new Buffer(theirs, 0), theirs.length, INT, remoteLeader);
        s.send(new Buffer(mine, 0), mine.length, INT, remoteLeader);
        new ScheduleRun(s).runToEnd(peer.progress());
    }

    /**
     * The intercommunicator between two groups of the job; the group with the lowest rank in the job comes first in the
     * union.
     */
    public static Communicator connect(CommunicatorFactory factory, Communicator world, Communicator local,
            int[] remote, int tag) {
        int[] own = local.worldRanks();
        boolean ownFirst = lowest(own) < lowest(remote);
        int[] first = ownFirst ? own : remote;
        int[] second = ownFirst ? remote : own;
        return factory.createGroup(world, concat(first, second), tag).between(first.length);
    }

    /**
     * An intracommunicator of both groups, that which passes {@code high} false first; collective over both.
     *
     * @throws CommException {@code ARG} when the members of a group do not agree on {@code high}
     */
    public static Communicator merge(CommunicatorFactory factory, Communicator inter, boolean high) {
        Communicator union = inter.union();
        int[] highs = new int[union.size()];
        new ScheduledCollectives(union, AlgorithmTable.ofPointToPoint())
                .allgather(new int[] {high ? 1 : 0}, 0, 1, INT, highs, 0, 1, INT);
        int firstSize = inter.localStart() == 0 ? inter.localSize() : inter.size();
        for (int rank = 0; rank < highs.length; rank++) {
            if (highs[rank] != highs[rank < firstSize ? 0 : firstSize]) {
                throw new CommException(ErrorClass.ARG,
                        "high is not the same on all ranks of one group; it must be equal within each group");
            }
        }
        int[] first = Arrays.copyOf(union.worldRanks(), firstSize);
        int[] second = Arrays.copyOfRange(union.worldRanks(), firstSize, union.size());
        boolean swapped = highs[0] > highs[firstSize];
        return factory.create(union, swapped ? concat(second, first) : concat(first, second));
    }

    private static int lowest(int[] ranks) {
        return Arrays.stream(ranks).min().orElseThrow();
    }

    private static int[] concat(int[] first, int[] second) {
        int[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
