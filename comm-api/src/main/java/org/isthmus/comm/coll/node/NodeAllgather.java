package org.isthmus.comm.coll.node;

import org.isthmus.comm.datatype.Packer;
import org.isthmus.comm.datatype.TypeMap;

/**
 * Allgather and allgatherv of short blocks: every member shows its block and copies all.
 *
 * <p>Chosen while every block fits an exchange slot. One phase. Cost: one hand-over, P blocks copied by each member.
 */
final class NodeAllgather {
    private NodeAllgather() {}

    /**
     * @param sendBase null for in place: this member's block is already where it belongs
     * @param recvCounts elements of each member's block, or null when all have {@code recvCount}
     * @param displacements in extents of {@code recvType}; null when blocks follow each other
     */
    static void run(CollectiveArea area, Object sendBase, long sendOffset, int sendCount, TypeMap sendType,
            Object recvBase, long recvOffset, int recvCount, int[] recvCounts, int[] displacements, TypeMap recvType) {
        int me = area.me();
        area.begin();
        if (sendBase == null) {
            pack(area, recvBase, recvOffset + displacement(me, recvCount, displacements) * recvType.extent(),
                    count(me, recvCount, recvCounts), recvType);
        } else {
            pack(area, sendBase, sendOffset, sendCount, sendType);
        }
        area.arrive();
        area.awaitAllArrived();
        for (int member = 0; member < area.members(); member++) {
            if (member != me || sendBase != null) {
                int count = count(member, recvCount, recvCounts);
                long to = recvOffset + displacement(member, recvCount, displacements) * recvType.extent();
                Packer.unpack(area.memory(), area.exchangeSlot(member), recvBase, to, count, recvType, 0,
                        count * recvType.size());
            }
        }
        area.done();
    }

    private static void pack(CollectiveArea area, Object base, long offset, int count, TypeMap type) {
        Packer.pack(base, offset, count, type, 0, area.memory(), area.exchangeSlot(area.me()), count * type.size());
    }

    private static int count(int member, int recvCount, int[] recvCounts) {
        return recvCounts == null ? recvCount : recvCounts[member];
    }

    private static long displacement(int member, int recvCount, int[] displacements) {
        return displacements == null ? (long) member * recvCount : displacements[member];
    }
}
