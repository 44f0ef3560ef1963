package org.isthmus.comm.pt2pt;

import java.util.Arrays;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.progress.Completion;

/**
 * The sending side of a partitioned message (MPI 4.0, section 4.2): each partition is a message of its own as soon as
 * it is ready.
 *
 * <p>At creation one message on {@link Communicator#reserved} with the user's tag tells the receiver number and size of
 * the partitions, and the first of the tags that they will have on {@link Communicator#reservedCollective}; so
 * partitioned operations match in the order of their creation, and partitions of one round those of the same round.
 * Used under the engine lock.
 */
public final class PartitionedSend implements Completion {
    /** Longs of the message that announces the partitions: their number, bytes of each, first tag. */
    static final int SETUP_LONGS = 3;
    static final TypeMap LONG = TypeMap.of(Primitive.LONG);
    /** Tags from here on belong to others. */
    private static final int TAGS_END = 0x4000_0000;

    private static int nextTag;

    private final Communicator channel;
    private final PointToPoint pointToPoint;
    private final Object base;
    private final long offset;
    private final int count;
    private final TypeMap type;
    private final int dest;
    private final int firstTag;
    private final TransferRequest[] sends;
    private final boolean[] ready;
    private int readyCount;
    /** Null once it has left. */
    private TransferRequest announcement;

    /** @param count elements of each of {@code partitions} partitions, which lie one after the other */
    public PartitionedSend(Communicator comm, Object base, long offset, int partitions, int count, TypeMap type,
            int dest, int tag) {
        this.channel = comm.reservedCollective();
        this.pointToPoint = comm.pointToPoint();
        this.base = base;
        this.offset = offset;
        this.count = count;
        this.type = type;
        this.dest = dest;
        this.sends = new TransferRequest[partitions];
        this.ready = new boolean[partitions];
        this.firstTag = nextTag;
        if (partitions > TAGS_END - nextTag) {
            throw new CommException(ErrorClass.NO_MEM, "this process has made 2^30 partitions, as many as it may: use "
                    + "partitioned operations again instead of making new ones");
        }
        nextTag += partitions;
        long[] setup = {partitions, count * type.size(), firstTag};
        announcement = pointToPoint.isend(comm.reserved(), PointToPoint.Mode.STANDARD, setup, 0, SETUP_LONGS, LONG,
                dest, tag);
    }

    /** Begins a round. */
    public void start() {
        Arrays.fill(ready, false);
        readyCount = 0;
    }

    /** Sends a partition; each once in a round. */
    public void ready(int partition) {
        if (ready[partition]) {
            throw new CommException(ErrorClass.ARG, "partition " + partition
                    + " has been marked ready already; mark each once in a round");
        }
        long distance = (long) partition * count * type.extent();
        sends[partition] = pointToPoint.isend(channel, PointToPoint.Mode.STANDARD, base, offset + distance, count, type,
                dest, firstTag + partition);
        ready[partition] = true;
        readyCount++;
    }

    @Override
    public boolean isDone() {
        if (readyCount < ready.length || announcement != null && !announcement.isDone()) {
            return false;
        }
        for (TransferRequest send : sends) {
            if (!send.isDone()) {
                return false;
            }
        }
        return true;
    }

    /** Ends a round that {@link #isDone()}; throws the first error. */
    public void finish() {
        if (announcement != null) {
            pointToPoint.release(announcement);
            announcement = null;
        }
        PartitionedReceive.release(pointToPoint, sends);
    }
}
