package org.isthmus.comm.group;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
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
import org.isthmus.node.connect.ConnectedProcesses;

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
     * The other group.
     *
     * @param local this process's group
     * @param bridge where the leader finds the other leader; asked by the leader only, and when it throws, all of the
     *         group throw
     * @throws CommException {@code COMM} when the groups have members in common
     */
    public static RemoteGroup exchangeGroups(Communicator local, int localLeader, Supplier<Communicator> bridge,
            int remoteLeader, int tag, ConnectedProcesses connected) {
        ScheduledCollectives collectives = new ScheduledCollectives(local, AlgorithmTable.ofPointToPoint());
        // Size of the other group, and whether the two have processes of several jobs.
        int[] facts = {REFUSED, 0};
        int[] remote = null;
        CommException refusal = null;
        if (local.rank() == localLeader) {
            try {
                Communicator peer = bridge.get();
                boolean spans = connected.isAnyForeign(local.worldRanks())
                        || connected.isForeign(peer.worldRank(remoteLeader));
                swap(peer, remoteLeader, tag, new int[] {local.size(), spans ? 1 : 0}, facts, 2, INT);
                facts[1] |= spans ? 1 : 0;
                if (facts[1] == 0) {
                    remote = new int[facts[0]];
                    swap(peer, remoteLeader, tag, local.worldRanks(), remote, remote.length, INT);
                }
            } catch (CommException e) {
                refusal = e;
                facts[0] = REFUSED;
            }
        }
        collectives.bcast(facts, 0, 2, INT, localLeader);
        if (refusal != null) {
            throw refusal;
        }
        if (facts[0] == REFUSED) {
            throw new CommException(ErrorClass.COMM, "the local leader, rank " + localLeader
                    + " of localComm, could not take part; its own error says why");
        }
        if (facts[1] != 0) {
            return new GroupNames(local, localLeader, connected).exchange(
                    mine -> swapMessages(bridge.get(), remoteLeader, tag, mine));
        }
        if (remote == null) {
            remote = new int[facts[0]];
        }
        collectives.bcast(remote, 0, remote.length, INT, localLeader);
        GroupNames.checkDisjoint(local, remote);
        return new RemoteGroup(remote, lowest(remote) < lowest(local.worldRanks()), false, tag);
    }

    private static byte[] swapMessages(Communicator peer, int remoteLeader, int tag, byte[] mine) {
        int[] length = new int[1];
        swap(peer, remoteLeader, tag, new int[] {mine.length}, length, 1, INT);
        byte[] theirs = new byte[length[0]];
        swap(peer, remoteLeader, tag, mine, theirs, length[0], TypeMap.of(Primitive.BYTE));
        return theirs;
    }

    private static void swap(Communicator peer, int remoteLeader, int tag, Object mine, Object theirs, int count,
            TypeMap type) {
        Schedule s = new Schedule(peer, AgreeingCommunicatorFactory.GROUP_TAGS | tag);
        s.receive(new Buffer(theirs, 0), count, type, remoteLeader);
        s.send(new Buffer(mine, 0), Array.getLength(mine), type, remoteLeader);
        new ScheduleRun(s).runToEnd(peer.progress());
    }

    /**
     * The intercommunicator between two groups. Processes of several jobs agree on {@code meetingContext}.
     *
     * @param world a communicator of all processes of the job
     * @param meetingContext a context that is in use on all processes of all jobs, for such agreements alone
     */
    public static Communicator connect(CommunicatorFactory factory, Communicator world, Communicator local,
            RemoteGroup remote, int meetingContext, ConnectedProcesses connected) {
        int[] own = local.worldRanks();
        int[] first = remote.comesFirst() ? remote.worldRanks() : own;
        int[] second = remote.comesFirst() ? own : remote.worldRanks();
        int[] all = concat(first, second);
        if (!remote.spansJobs()) {
            return factory.createGroup(world, all, remote.tag()).between(first.length);
        }
        CompletableFuture<Void> watched = connected.hold(all);
        watched.thenRun(connected::wake);
        // Once all members have come to the agreement, all of them are watched.
        local.progress().await(watched::isDone);
        try {
            return factory.createGroup(local.derive(meetingContext, all), all, remote.tag()).between(first.length);
        } finally {
            connected.release(all);
        }
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
