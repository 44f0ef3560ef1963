package org.isthmus.comm.coll.node;

import org.isthmus.comm.datatype.Packer;
import org.isthmus.comm.datatype.TypeMap;

/**
 * Gather of short blocks: every member shows its block, the root copies all; the others do not wait.
 *
 * <p>Chosen while a block fits an exchange slot. Cost: one hand-over, P blocks copied by the root.
 */
final class NodeGather {
    private NodeGather() {}

    static void send(CollectiveArea area, Object base, long offset, int count, TypeMap type) {
        area.begin();
        Packer.pack(base, offset, count, type, 0, area.memory(), area.exchangeSlot(area.me()), count * type.size());
        area.arrive();
        area.done();
    }

    /** The root's part; its own block is copied by the caller's {@code ownBase}, null when it is in place. */
    static void receive(CollectiveArea area, Object ownBase, long ownOffset, int ownCount, TypeMap ownType,
            Object recvBase, long recvOffset, int recvCount, TypeMap recvType) {
        long block = recvCount * recvType.size();
        area.begin();
        if (ownBase != null) {
            Packer.pack(ownBase, ownOffset, ownCount, ownType, 0, area.memory(), area.exchangeSlot(area.me()), block);
        }
        area.arrive();
        area.awaitAllArrived();
        for (int member = 0; member < area.members(); member++) {
            if (member != area.me() || ownBase != null) {
                long to = recvOffset + (long) member * recvCount * recvType.extent();
                Packer.unpack(area.memory(), area.exchangeSlot(member), recvBase, to, recvCount, recvType, 0, block);
            }
        }
        area.done();
    }
}
