package org.isthmus.comm.coll.node;

import org.isthmus.comm.datatype.Packer;
import org.isthmus.comm.datatype.TypeMap;

/**
 * Alltoall of short blocks: every member shows all its blocks in one row and takes its column.
 *
 * <p>Chosen while a row fits an exchange slot. One phase. Cost: one hand-over, P blocks copied in and P copied out by
 * each member.
 */
final class NodeAlltoall {
    private NodeAlltoall() {}

    static void run(CollectiveArea area, Object sendBase, long sendOffset, int sendCount, TypeMap sendType,
            Object recvBase, long recvOffset, int recvCount, TypeMap recvType) {
        int members = area.members();
        long block = recvCount * recvType.size();
        area.begin();
        long row = area.exchangeSlot(area.me());
        if (sendType.isContiguous()) {
            Packer.pack(sendBase, sendOffset, sendCount * members, sendType, 0, area.memory(), row, block * members);
        } else {
            for (int member = 0; member < members; member++) {
                long from = sendOffset + (long) member * sendCount * sendType.extent();
                Packer.pack(sendBase, from, sendCount, sendType, 0, area.memory(), row + member * block, block);
            }
        }
        area.arrive();
        area.awaitAllArrived();
        for (int member = 0; member < members; member++) {
            long to = recvOffset + (long) member * recvCount * recvType.extent();
            Packer.unpack(area.memory(), area.exchangeSlot(member) + area.me() * block, recvBase, to, recvCount,
                    recvType, 0, block);
        }
        area.done();
    }
}
