package mpi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static mpi.SingleRank.assertRaises;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Groups are local: those of this test have members that do not exist. */
@ExtendWith(SingleRank.class)
class GroupTest {
    private final Group evens = new Group(new int[] {6, 4, 2, 0});
    private final Group low = new Group(new int[] {0, 1, 2, 3});

    private static void assertMembers(Group group, int... worldRanks) {
        assertArrayEquals(worldRanks, Group.members(group, "group"));
    }

    @Test
    void setOperationsKeepTheOrderOfTheFirst() throws MPIException {
        assertMembers(Group.union(evens, low), 6, 4, 2, 0, 1, 3);
        assertMembers(Group.intersection(evens, low), 2, 0);
        assertMembers(Group.difference(evens, low), 6, 4);
        assertMembers(Group.difference(low, low));
    }

    @Test
    void subsetsByRanksAndRanges() throws MPIException {
        assertMembers(evens.incl(new int[] {3, 0}), 0, 6);
        assertMembers(evens.excl(new int[] {1, 2}), 6, 0);
        assertMembers(evens.rangeIncl(new int[][] {{3, 2, -1}, {0, 1, 1}}), 0, 2, 6, 4);
        assertMembers(evens.rangeExcl(new int[][] {{0, 3, 2}}), 4, 0);
        assertMembers(evens.rangeIncl(new int[][] {{3, 2, 1}}));
        assertMembers(evens.incl(new int[0]));
    }

    @Test
    void comparesAndTranslates() throws MPIException {
        assertEquals(MPI.IDENT, Group.compare(evens, new Group(new int[] {6, 4, 2, 0})));
        assertEquals(MPI.SIMILAR, Group.compare(evens, new Group(new int[] {0, 2, 4, 6})));
        assertEquals(MPI.UNEQUAL, Group.compare(evens, low));
        assertArrayEquals(new int[] {MPI.UNDEFINED, 2, 0, MPI.PROC_NULL},
                Group.translateRanks(evens, new int[] {0, 2, 3, MPI.PROC_NULL}, low));
        assertEquals(4, low.getSize());
        assertEquals(0, low.getRank());
        assertEquals(3, evens.getRank());
        assertEquals(MPI.UNDEFINED, MPI.GROUP_EMPTY.getRank());
        assertEquals(1, MPI.COMM_WORLD.getGroup().getSize());
    }

    @Test
    void badRanksAndFreedGroupsAreErrors() throws MPIException {
        assertRaises(MPI.ERR_RANK, "ranks[1] is 4; it must be from 0 to 3", () -> low.incl(new int[] {0, 4}));
        assertRaises(MPI.ERR_RANK, "twice", () -> low.excl(new int[] {1, 1}));
        assertRaises(MPI.ERR_ARG, "stride", () -> low.rangeIncl(new int[][] {{0, 1, 0}}));
        assertRaises(MPI.ERR_RANK, "names", () -> low.rangeIncl(new int[][] {{0, Integer.MAX_VALUE, 1}}));
        assertRaises(MPI.ERR_ARG, "ranks is null", () -> low.incl(null));
        Group group = low.incl(new int[] {1});
        group.free();
        assertTrue(group.isNull());
        assertRaises(MPI.ERR_GROUP, "freed", group::getSize);
        assertRaises(MPI.ERR_GROUP, "group2", () -> Group.union(low, group));
        assertRaises(MPI.ERR_GROUP, "group1 is null", () -> Group.intersection(null, low));
        assertRaises(MPI.ERR_GROUP, "group2", () -> Group.difference(low, group));
        assertRaises(MPI.ERR_GROUP, "group1", () -> Group.compare(group, low));
        assertRaises(MPI.ERR_ARG, "ranks1 is null", () -> Group.translateRanks(low, null, evens));
        assertRaises(MPI.ERR_RANK, "ranks1[1] is 9; it must be from 0 to 3",
                () -> Group.translateRanks(low, new int[] {0, 9}, evens));
        assertRaises(MPI.ERR_RANK, "ranges[0][0] is -1", () -> low.rangeExcl(new int[][] {{-1, 1, 1}}));
        assertRaises(MPI.ERR_ARG, "{first, last, stride}", () -> low.rangeExcl(new int[][] {{0, 1}}));
        MPI.GROUP_EMPTY.free();
        assertFalse(MPI.GROUP_EMPTY.isNull());
    }
}
