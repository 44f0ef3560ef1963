package org.isthmus.comm.coll.node;

import org.isthmus.comm.datatype.Packer;
import org.isthmus.comm.datatype.TypeMap;

/**
 * Scatter of short blocks: the root shows one row of blocks, every member takes its own; the root does not wait.
 *
 * <p>Chosen while a row fits an exchange slot. Cost: one hand-over, P blocks copied by the root, one by each member.
 */
final class NodeScatter {
    private NodeScatter() {}

    /** The root's part; its own block goes to {@code ownBase}, null when it stays in place. */
    static void send(CollectiveArea area, Object sendBase, long sendOffset, int sendCount, TypeMap sendType,
            Object ownBase, long ownOffset, int ownCount, TypeMap ownType) {
        long block = sendCount * sendType.size();
        area.begin();
        long row = area.exchangeSlot(area.me());
        for (int member = 0; member < area.members(); member++) {
            long from = sendOffset + (long) member * sendCount * sendType.extent();
            Packer.pack(sendBase, from, sendCount, sendType, 0, area.memory(), row + member * block, block);
        }
        area.arrive();
        if (ownBase != null) {
            Packer.unpack(area.memory(), row + area.me() * block, ownBase, ownOffset, ownCount, ownType, 0, block);
        }
        area.done();
    }

    static void receive(CollectiveArea area, Object base, long offset, int count, TypeMap type, int root) {
        long block = count * type.size();
        area.begin();
        area.awaitArrived(root);
        Packer.unpack(area.memory(), area.exchangeSlot(root) + area.me() * block, base, offset, count, type, 0, block);
        area.done();
    }
}
