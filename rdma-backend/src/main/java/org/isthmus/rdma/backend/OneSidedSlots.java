package org.isthmus.rdma.backend;

import com.ibm.disni.verbs.IbvSendWR;
import java.util.Arrays;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.ChannelHandler;
import org.isthmus.node.spi.RemoteRegion;

/**
 * A channel's one-sided operations under way, each one work request, done in order. After a break writes and reads
 * that are not known to be done are done again: nobody may look at their bytes before. Atomic ones cannot be, since
 * they may have been done and only the answer lost.
 *
 * <p>Invariant: {@code reported <= done <= posted <= accepted <= reported + SLOTS}.
 */
final class OneSidedSlots {
    private static final int SLOTS = 64;
    /** Posted and not done: few enough that a frame never waits for more than a few pieces. */
    private static final int MOST_UNDER_WAY = 16;
    private static final long MOST_BYTES_UNDER_WAY = 1 << 20;

    private static final class Operation {
        int opcode;
        RdmaRegion region;
        long offset;
        int length;
        long remoteAddress;
        int remoteKey;
        long compareAdd;
        long swap;
        long context;

        boolean isAtomic() {
            return opcode == IbvSendWR.IBV_WR_ATOMIC_FETCH_AND_ADD || opcode == IbvSendWR.IBV_WR_ATOMIC_CMP_AND_SWP;
        }
    }

    private final Operation[] slots = new Operation[SLOTS];
    private long accepted;
    private long posted;
    private long done;
    private long reported;
    private long bytesUnderWay;

    OneSidedSlots() {
        Arrays.setAll(slots, i -> new Operation());
    }

    /** @param opcode an {@code IbvSendWR.IBV_WR_*}; {@code compareAdd} and {@code swap} are for atomic ones */
    int offer(int opcode, RdmaRegion region, long offset, int length, RemoteRegion remote, long remoteOffset,
            long compareAdd, long swap, long context) {
        if (accepted - reported == SLOTS) {
            return Channel.BACK_PRESSURED;
        }
        Operation operation = slot(accepted++);
        operation.opcode = opcode;
        operation.region = region;
        operation.offset = offset;
        operation.length = length;
        operation.remoteAddress = remote.address() + remoteOffset;
        operation.remoteKey = (int) remote.key();
        operation.compareAdd = compareAdd;
        operation.swap = swap;
        operation.context = context;
        return Channel.ACCEPTED;
    }

    /** Whether nothing was accepted that is not done. */
    boolean isIdle() {
        return done == accepted;
    }

    /** Posts what may be; how many. */
    int post(Link link) {
        int count = 0;
        while (posted < accepted && posted - done < MOST_UNDER_WAY && bytesUnderWay < MOST_BYTES_UNDER_WAY
                && link.hasRoom(2)) {
            Operation next = slot(posted);
            link.oneSided(posted, next.opcode, next.region.address(next.offset), next.length, next.region.localKey(),
                    next.remoteAddress, next.remoteKey, next.compareAdd, next.swap);
            bytesUnderWay += next.length;
            posted++;
            count++;
        }
        return count;
    }

    /** That one is done. */
    void deliver(long number) {
        for (; done <= number; done++) {
            bytesUnderWay -= slot(done).length;
        }
    }

    /** Goes on over another queue pair; false if nobody can know whether an atomic operation was done. */
    boolean resume() {
        for (long i = done; i < posted; i++) {
            if (slot(i).isAtomic()) {
                return false;
            }
        }
        posted = done;
        bytesUnderWay = 0;
        return true;
    }

    /** Tells the handler of what is done; how many. */
    int report(Channel channel, ChannelHandler handler) {
        int count = 0;
        while (reported < done) {
            Operation operation = slot(reported++);
            operation.region = null;
            handler.onDone(channel, operation.context);
            count++;
        }
        return count;
    }

    private Operation slot(long number) {
        return slots[(int) (number % SLOTS)];
    }
}
