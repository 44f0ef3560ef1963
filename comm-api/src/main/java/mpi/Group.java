package mpi;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.Supplier;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/** An ordered set of processes (MPI 3.1, section 6.3). All calls are local; usable from any thread. */
public final class Group implements Freeable {
    static final Group EMPTY = new Group(new int[0]);

    /** Ranks in the job of the members, in order; null after {@link #free}. */
    private int[] worldRanks;

    Group(int[] worldRanks) {
        this.worldRanks = worldRanks;
    }

    public int getSize() throws MPIException {
        return call(() -> members(this, "group").length);
    }

    /** This process's rank, {@code MPI.UNDEFINED} when it is no member. */
    public int getRank() throws MPIException {
        int self = Session.engine().world().rank();
        return call(() -> indexOf(members(this, "group"), self));
    }

    @Override
    public void free() throws MPIException {
        Session.check();
        if (this != EMPTY) {
            worldRanks = null;
        }
    }

    public boolean isNull() {
        return worldRanks == null;
    }

    /** The ranks in {@code group2} of those with {@code ranks1} in {@code group1}; {@code MPI.UNDEFINED} for absent. */
    public static int[] translateRanks(Group group1, int[] ranks1, Group group2) throws MPIException {
        return call(() -> {
            int[] from = members(group1, "group1");
            int[] to = members(group2, "group2");
            Checks.notNull(ranks1, "ranks1");
            int[] ranks2 = new int[ranks1.length];
            for (int i = 0; i < ranks1.length; i++) {
                if (ranks1[i] == Constant.PROC_NULL) {
                    ranks2[i] = Constant.PROC_NULL;
                } else {
                    checkRank("ranks1[" + i + "]", ranks1[i], from.length);
                    ranks2[i] = indexOf(to, from[ranks1[i]]);
                }
            }
            return ranks2;
        });
    }

    /** {@code MPI.IDENT}, {@code MPI.SIMILAR} (same members, other order) or {@code MPI.UNEQUAL}. */
    public static int compare(Group group1, Group group2) throws MPIException {
        return call(() -> compare(members(group1, "group1"), members(group2, "group2")));
    }

    static int compare(int[] members1, int[] members2) {
        if (Arrays.equals(members1, members2)) {
            return Constant.IDENT;
        }
        int[] sorted1 = members1.clone();
        int[] sorted2 = members2.clone();
        Arrays.sort(sorted1);
        Arrays.sort(sorted2);
        return Arrays.equals(sorted1, sorted2) ? Constant.SIMILAR : Constant.UNEQUAL;
    }

    /** Members of {@code group1}, then those of {@code group2} that are not among them. */
    public static Group union(Group group1, Group group2) throws MPIException {
        return call(() -> {
            int[] first = members(group1, "group1");
            int[] added = select(members(group2, "group2"), first, false);
            int[] all = Arrays.copyOf(first, first.length + added.length);
            System.arraycopy(added, 0, all, first.length, added.length);
            return new Group(all);
        });
    }

    /** Members of {@code group1} that are in {@code group2} too. */
    public static Group intersection(Group group1, Group group2) throws MPIException {
        return call(() -> new Group(select(members(group1, "group1"), members(group2, "group2"), true)));
    }

    /** Members of {@code group1} that are not in {@code group2}. */
    public static Group difference(Group group1, Group group2) throws MPIException {
        return call(() -> new Group(select(members(group1, "group1"), members(group2, "group2"), false)));
    }

    /** The members with these ranks, in this order. */
    public Group incl(int[] ranks) throws MPIException {
        return call(() -> including(members(this, "group"), distinct("ranks", ranks)));
    }

    /** All members but those with these ranks. */
    public Group excl(int[] ranks) throws MPIException {
        return call(() -> excluding(members(this, "group"), distinct("ranks", ranks)));
    }

    /** As {@link #incl} for the ranks of {@code ranges}, each {first, last, stride}. */
    public Group rangeIncl(int[][] ranges) throws MPIException {
        return call(() -> including(members(this, "group"), expand(ranges)));
    }

    /** As {@link #excl} for the ranks of {@code ranges}, each {first, last, stride}. */
    public Group rangeExcl(int[][] ranges) throws MPIException {
        return call(() -> excluding(members(this, "group"), expand(ranges)));
    }

    /** Members' ranks in the job, not to be changed. */
    static int[] members(Group group, String name) {
        if (group == null || group.worldRanks == null) {
            throw new CommException(ErrorClass.GROUP, name + " is null or was freed");
        }
        return group.worldRanks;
    }

    private int[] distinct(String name, int[] ranks) {
        Checks.notNull(ranks, name);
        BitSet seen = new BitSet();
        for (int i = 0; i < ranks.length; i++) {
            checkRank(name + "[" + i + "]", ranks[i], members(this, "group").length);
            if (seen.get(ranks[i])) {
                throw new CommException(ErrorClass.RANK, name + " names rank " + ranks[i] + " twice");
            }
            seen.set(ranks[i]);
        }
        return ranks;
    }

    private static Group including(int[] members, int[] ranks) {
        return new Group(Arrays.stream(ranks).map(rank -> members[rank]).toArray());
    }

    private static Group excluding(int[] members, int[] ranks) {
        int[] out = Arrays.stream(ranks).map(rank -> members[rank]).toArray();
        return new Group(select(members, out, false));
    }

    private int[] expand(int[][] ranges) {
        Checks.notNull(ranges, "ranges");
        int size = members(this, "group").length;
        int[] ranks = new int[0];
        for (int i = 0; i < ranges.length; i++) {
            int[] range = ranges[i];
            if (range == null || range.length != 3 || range[2] == 0) {
                throw Checks.arg("ranges[" + i + "] is " + Arrays.toString(range)
                        + "; it must be {first, last, stride} with a stride other than 0");
            }
            long length = ((long) range[1] - range[0]) / range[2] + 1;
            boolean empty = range[2] > 0 ? range[0] > range[1] : range[0] < range[1];
            checkRank("ranges[" + i + "][0]", range[0], size);
            if (!empty && length > size) {
                throw new CommException(ErrorClass.RANK,
                        "ranges[" + i + "] names " + length + " ranks of a group of " + size);
            }
            int from = ranks.length;
            ranks = Arrays.copyOf(ranks, from + (empty ? 0 : (int) length));
            for (int k = from; k < ranks.length; k++) {
                ranks[k] = range[0] + (k - from) * range[2];
            }
        }
        return distinct("ranges", ranks);
    }

    private static void checkRank(String name, int rank, int size) {
        if (rank < 0 || rank >= size) {
            throw new CommException(ErrorClass.RANK, name + " is " + rank + "; it must be from 0 to " + (size - 1));
        }
    }

    private static int[] select(int[] members, int[] others, boolean present) {
        BitSet set = new BitSet();
        Arrays.stream(others).forEach(set::set);
        return Arrays.stream(members).filter(m -> set.get(m) == present).toArray();
    }

    private static int indexOf(int[] members, int worldRank) {
        for (int i = 0; i < members.length; i++) {
            if (members[i] == worldRank) {
                return i;
            }
        }
        return Constant.UNDEFINED;
    }

    /** Runs a local query in a running session; its errors go to the world's handler. */
    private static <T> T call(Supplier<T> query) throws MPIException {
        Session.check();
        try {
            return query.get();
        } catch (CommException e) {
            throw Errors.raise(e);
        }
    }
}
