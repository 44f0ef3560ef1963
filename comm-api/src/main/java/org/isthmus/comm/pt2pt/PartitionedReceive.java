package org.isthmus.comm.pt2pt;

import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.progress.Completion;
import org.isthmus.comm.progress.Progress;

/**
 * The receiving side of a partitioned message; see {@link PartitionedSend}. Number and size of the partitions may
 * differ from the sender's: what arrives are the sender's, each straight into its place. Used under the engine lock.
 */
public final class PartitionedReceive implements Completion, Progress.Progressible {
    private final Communicator comm;
    private final Communicator channel;
    private final PointToPoint pointToPoint;
    private final Object base;
    private final long offset;
    private final int partitions;
    private final int count;
    private final TypeMap type;
    private final int source;
    private final long[] setup = new long[PartitionedSend.SETUP_LONGS];
    private TransferRequest announced;
    /** One for each of the sender's partitions in this round; null before the sender is known. */
    private TransferRequest[] receives;
    private CommException mismatch;
    private boolean active;

    /** @param count elements of each of {@code partitions} partitions, which lie one after the other */
    public PartitionedReceive(Communicator comm, Object base, long offset, int partitions, int count, TypeMap type,
            int source, int tag) {
        this.comm = comm;
        this.channel = comm.reservedCollective();
        this.pointToPoint = comm.pointToPoint();
        this.base = base;
        this.offset = offset;
        this.partitions = partitions;
        this.count = count;
        this.type = type;
        this.source = source;
        this.announced = pointToPoint.irecv(comm.reserved(), setup, 0, setup.length, PartitionedSend.LONG, source, tag);
    }

    /** Begins a round. */
    public void start() {
        active = true;
        if (progress() >= 0) {
            comm.progress().register(this);
        }
    }

    /** Posts the receives of this round as soon as the sender's partitions are known. */
    @Override
    public int progress() {
        if (announced != null) {
            if (!announced.isDone()) {
                return 0;
            }
            takeAnnouncement();
        }
        if (mismatch == null && active) {
            for (int i = 0; i < receives.length; i++) {
                receives[i] = post(i);
            }
        }
        return -1;
    }

    private void takeAnnouncement() {
        if (announced.errorClass != ErrorClass.SUCCESS) {
            mismatch = new CommException(announced.errorClass, announced.errorMessage);
        }
        pointToPoint.release(announced);
        announced = null;
        long room = (long) partitions * count * type.size();
        long unit = type.isContiguous() ? type.base().bytes() : Math.max(1, type.size());
        if (mismatch == null && setup[0] * setup[1] != room) {
            mismatch = new CommException(ErrorClass.TRUNCATE, "the sender, rank " + source + ", has " + setup[0]
                    + " partitions of " + setup[1] + " bytes, the receiver " + partitions + " of " + count * type.size()
                    + "; together they must have the same size");
        } else if (mismatch == null && setup[1] % unit != 0) {
            mismatch = new CommException(ErrorClass.TYPE,
                    "the sender, rank " + source + ", has partitions of " + setup[1]
                    + " bytes; each must hold whole elements of the receiver's datatype, of " + unit + " bytes");
        }
        receives = new TransferRequest[(int) setup[0]];
    }

    private TransferRequest post(int partition) {
        long start = partition * setup[1];
        int tag = (int) setup[2] + partition;
        if (type.isContiguous()) {
            Primitive element = type.base();
            return pointToPoint.irecv(channel, base, offset + start, (int) (setup[1] / element.bytes()),
                    TypeMap.of(element), source, tag);
        }
        long elements = type.size() == 0 ? 0 : setup[1] / type.size();
        long first = type.size() == 0 ? 0 : start / type.size();
        return pointToPoint.irecv(channel, base, offset + first * type.extent(), (int) elements, type, source, tag);
    }

    /** Whether all bytes of the receiver's partition {@code index} have come in this round. */
    public boolean arrived(int index) {
        if (announced != null) {
            return false;
        }
        if (mismatch != null) {
            throw mismatch;
        }
        long bytes = count * type.size();
        if (bytes == 0) {
            return isDone();
        }
        int first = (int) (index * bytes / setup[1]);
        int last = (int) (((index + 1) * bytes - 1) / setup[1]);
        for (int i = first; i <= last; i++) {
            if (receives[i] == null || !receives[i].isDone()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean isDone() {
        if (announced != null) {
            return false;
        }
        if (mismatch != null) {
            return true;
        }
        for (TransferRequest receive : receives) {
            if (receive == null || !receive.isDone()) {
                return false;
            }
        }
        return true;
    }

    /** Ends a round that {@link #isDone()}; throws the first error. */
    public void finish() {
        active = false;
        if (mismatch != null) {
            throw mismatch;
        }
        release(pointToPoint, receives);
    }

    /** Gives transfers that are done back; throws the first error of theirs. */
    static void release(PointToPoint pointToPoint, TransferRequest[] transfers) {
        CommException error = null;
        for (int i = 0; i < transfers.length; i++) {
            TransferRequest ended = transfers[i];
            transfers[i] = null;
            if (error == null && ended.errorClass != ErrorClass.SUCCESS) {
                error = new CommException(ended.errorClass, ended.errorMessage);
            }
            pointToPoint.release(ended);
        }
        if (error != null) {
            throw error;
        }
    }
}
