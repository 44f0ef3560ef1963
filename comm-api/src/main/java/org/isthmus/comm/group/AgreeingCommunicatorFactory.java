package org.isthmus.comm.group;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.isthmus.comm.coll.AlgorithmTable;
import org.isthmus.comm.coll.ScheduledCollectives;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/**
 * Makes communicators whose members agree on a context by messages. One per process; used under the engine lock.
 *
 * <p>Groups made by one split or create are disjoint and share one context. Messages of {@link #createGroup} go over
 * the parent's context of collectives, with tags that collectives never use.
 */
public final class AgreeingCommunicatorFactory implements CommunicatorFactory {
    static final int GROUP_TAGS = 0x4000_0000;
    private static final int UNDEFINED_COLOR = -1;

    private final ContextIds ids;
    private final CommunicatorWatcher watcher;

    /**
     * @param contextsInUse first contexts of the communicators there are from the start; equal on all processes
     */
    public AgreeingCommunicatorFactory(CommunicatorWatcher watcher, int... contextsInUse) {
        this.ids = new ContextIds(contextsInUse);
        this.watcher = watcher;
    }

    @Override
    public Communicator dup(Communicator parent) {
        Communicator whole = parent.wholeGroup();
        return made(parent.shaped(whole.derive(agree(whole, true), whole.worldRanks())));
    }

    @Override
    public Communicator split(Communicator parent, int color, int key) {
        TypeMap type = TypeMap.of(Primitive.INT);
        int[] all = new int[2 * parent.size()];
        new ScheduledCollectives(parent, AlgorithmTable.ofPointToPoint())
                .allgather(new int[] {color, key}, 0, 2, type, all, 0, 2, type);
        int context = agree(parent, color != UNDEFINED_COLOR);
        if (color == UNDEFINED_COLOR) {
            return null;
        }
        List<Integer> members = new ArrayList<>();
        for (int rank = 0; rank < parent.size(); rank++) {
            if (all[2 * rank] == color) {
                members.add(rank);
            }
        }
        // Stable: equal keys stay in the parent's order.
        members.sort(Comparator.comparingInt(rank -> all[2 * rank + 1]));
        return made(parent.derive(context, members.stream().mapToInt(parent::worldRank).toArray()));
    }

    @Override
    public Communicator create(Communicator parent, int[] worldRanks) {
        boolean isMember = indexOfThis(parent, worldRanks) >= 0;
        int context = agree(parent, isMember);
        return isMember ? made(parent.derive(context, worldRanks.clone())) : null;
    }

    @Override
    public Communicator createGroup(Communicator parent, int[] worldRanks, int tag) {
        int rank = indexOfThis(parent, worldRanks);
        if (rank < 0) {
            return null;
        }
        int[] members = new int[worldRanks.length];
        for (int i = 0; i < members.length; i++) {
            members[i] = parent.rankOfWorld(worldRanks[i]);
        }
        int context = agree(new ContextAgreement(ids, parent, GROUP_TAGS | tag, members, rank, true));
        return made(parent.derive(context, worldRanks.clone()));
    }

    @Override
    public DupRequest idup(Communicator parent) {
        Communicator whole = parent.wholeGroup();
        Duplication duplication = new Duplication(parent,
                new ContextAgreement(ids, whole, whole.nextCollectiveTag(), null, whole.rank(), true));
        if (duplication.progress() >= 0) {
            parent.progress().register(duplication);
        }
        return duplication;
    }

    @Override
    public void free(Communicator communicator) {
        watcher.onFreed(communicator);
        ids.give(communicator.contextId());
    }

    private Communicator made(Communicator communicator) {
        watcher.onMade(communicator);
        return communicator;
    }

    private int agree(Communicator parent, boolean takes) {
        return agree(new ContextAgreement(ids, parent, parent.nextCollectiveTag(), null, parent.rank(), takes));
    }

    private static int agree(ContextAgreement agreement) {
        agreement.await();
        if (agreement.errorClass != ErrorClass.SUCCESS) {
            throw new CommException(agreement.errorClass, agreement.errorMessage);
        }
        return agreement.context();
    }

    private static int indexOfThis(Communicator parent, int[] worldRanks) {
        int self = parent.worldRank(parent.rank());
        for (int i = 0; i < worldRanks.length; i++) {
            if (worldRanks[i] == self) {
                return i;
            }
        }
        return -1;
    }

    private final class Duplication extends DupRequest {
        private final ContextAgreement agreement;

        Duplication(Communicator parent, ContextAgreement agreement) {
            this.agreement = agreement;
            Communicator whole = parent.wholeGroup();
            this.result = parent.shaped(whole.derive(Communicator.NO_CONTEXT, whole.worldRanks()));
        }

        @Override
        public int progress() {
            int events = agreement.progress();
            if (!agreement.isDone()) {
                return events;
            }
            if (agreement.errorClass == ErrorClass.SUCCESS) {
                result.bindContext(agreement.context());
                made(result);
            } else {
                fail(agreement.errorClass, agreement.errorMessage);
            }
            done = true;
            return -1;
        }
    }
}
