package org.isthmus;

import java.lang.ref.Reference;
import mpi.Comm;
import mpi.Datatype;
import mpi.MPIException;
import org.isthmus.access.MpiAccess;
import org.isthmus.comm.Engine;
import org.isthmus.comm.buffer.UserBuffer;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.progress.Completion;
import org.isthmus.comm.pt2pt.PartitionedReceive;
import org.isthmus.comm.pt2pt.PartitionedSend;

/**
 * A partitioned message (MPI 4.0, chapter 4): a persistent send or receive whose buffer is filled, and arrives, in
 * parts, so that several threads can each hand over theirs.
 *
 * <p>{@link #psendInit} on one rank matches {@link #precvInit} on the other in the order of these calls on a
 * communicator with equal tag; wildcards are not allowed. Each round: {@link #start}, then {@link #pready} for every
 * partition on the sender, {@link #parrived} as wanted on the receiver, and {@link #waitFor}. Number and size of the
 * partitions may differ between the sides if the whole is of one size. A partition is sent when it is ready. From
 * several threads with {@code THREAD_MULTIPLE}; errors as in {@link Comm}.
 */
public final class Partitioned {
    private final Comm comm;
    private final Object buffer;
    private final int partitions;
    /** Null on a receiver, and towards nobody. */
    private final PartitionedSend send;
    private final PartitionedReceive receive;
    private boolean active;
    private boolean freed;

    private Partitioned(Comm comm, Object buffer, int partitions, PartitionedSend send, PartitionedReceive receive) {
        this.comm = comm;
        this.buffer = buffer;
        this.partitions = partitions;
        this.send = send;
        this.receive = receive;
    }

    /** Prepares a send of {@code partitions} times {@code count} elements of {@code buf}. */
    public static Partitioned psendInit(Comm comm, Object buf, int partitions, int count, Datatype type, int dest,
            int tag) throws MPIException {
        return call(comm, (access, c) -> {
            access.checkPeer(c, "dest", dest, false);
            access.checkTag(tag, false);
            TypeMap map = type(access, partitions, count, type);
            Object base = UserBuffer.sendBase(buf, "buf", (long) partitions * count, map);
            return new Partitioned(comm, buf, partitions, dest < 0 ? null
                    : new PartitionedSend(c, base, UserBuffer.offset(buf), partitions, count, map, dest, tag), null);
        });
    }

    /** Prepares a receive of {@code partitions} times {@code count} elements into {@code buf}. */
    public static Partitioned precvInit(Comm comm, Object buf, int partitions, int count, Datatype type, int source,
            int tag) throws MPIException {
        return call(comm, (access, c) -> {
            access.checkPeer(c, "source", source, false);
            access.checkTag(tag, false);
            TypeMap map = type(access, partitions, count, type);
            Object base = UserBuffer.recvBase(buf, "buf", (long) partitions * count, map);
            return new Partitioned(comm, buf, partitions, null, source < 0 ? null
                    : new PartitionedReceive(c, base, UserBuffer.offset(buf), partitions, count, map, source, tag));
        });
    }

    /** Begins a round. */
    public void start() throws MPIException {
        call(comm, (access, c) -> {
            if (freed || active) {
                throw new CommException(ErrorClass.REQUEST, "the partitioned request "
                        + (freed ? "was freed" : "is active already: wait for it before it is started again"));
            }
            active = true;
            if (send != null) {
                send.start();
            } else if (receive != null) {
                receive.start();
            }
            return null;
        });
    }

    /** Partition {@code partition} may be sent. */
    public void pready(int partition) throws MPIException {
        preadyRange(partition, partition);
    }

    /** The partitions from {@code low} to {@code high}, both included, may be sent. */
    public void preadyRange(int low, int high) throws MPIException {
        call(comm, (access, c) -> {
            checkActive(receive == null, "pready is for sends");
            checkPartition(low);
            checkPartition(high);
            for (int i = low; i <= high && send != null; i++) {
                send.ready(i);
            }
            return null;
        });
    }

    /** Those partitions may be sent. */
    public void preadyList(int... list) throws MPIException {
        for (int partition : list) {
            pready(partition);
        }
    }

    /** Whether the receiver's partition {@code partition} is there; makes progress. Of an inactive request: true. */
    public boolean parrived(int partition) throws MPIException {
        return call(comm, (access, c) -> {
            checkPartition(partition);
            if (send != null) {
                throw new CommException(ErrorClass.REQUEST, "parrived is for receives");
            }
            if (!active || receive == null || receive.arrived(partition)) {
                return true;
            }
            c.progress().poll();
            return receive.arrived(partition);
        });
    }

    /** Waits for the end of the round. A sender's partitions must all be ready, or made so by another thread. */
    public void waitFor() throws MPIException {
        call(comm, (access, c) -> {
            if (active) {
                if (operation() != null) {
                    c.progress().await(operation());
                }
                end();
            }
            return null;
        });
    }

    /** Whether the round is over; if so it is ended. */
    public boolean test() throws MPIException {
        return call(comm, (access, c) -> {
            if (active && operation() != null && !operation().isDone()) {
                c.progress().poll();
                if (!operation().isDone()) {
                    return false;
                }
            }
            if (active) {
                end();
            }
            return true;
        });
    }

    /** Gives the request back; it must be inactive. */
    public void free() throws MPIException {
        call(comm, (access, c) -> {
            if (active) {
                throw new CommException(ErrorClass.REQUEST,
                        "the partitioned request is active: wait for it before it is freed");
            }
            freed = true;
            return null;
        });
    }

    private Completion operation() {
        return send != null ? send : receive;
    }

    private void end() {
        active = false;
        if (send != null) {
            send.finish();
        } else if (receive != null) {
            receive.finish();
        }
        Reference.reachabilityFence(buffer);
    }

    private void checkActive(boolean rightKind, String kind) {
        if (!rightKind || !active) {
            throw new CommException(ErrorClass.REQUEST,
                    rightKind ? "the partitioned request is inactive: start it first" : kind);
        }
    }

    private void checkPartition(int partition) {
        if (partition < 0 || partition >= partitions) {
            throw new CommException(ErrorClass.ARG, "partition is " + partition + "; it must be from 0 to "
                    + (partitions - 1));
        }
    }

    private static TypeMap type(MpiAccess access, int partitions, int count, Datatype type) {
        if (partitions < 1 || count < 0) {
            throw new CommException(partitions < 1 ? ErrorClass.ARG : ErrorClass.COUNT, partitions < 1
                    ? "partitions is " + partitions + "; it must be 1 or more"
                    : "count is " + count + "; it must be 0 or more");
        }
        return access.messageType(type);
    }

    private interface Body<R> {
        R run(MpiAccess access, Communicator c);
    }

    private static <R> R call(Comm comm, Body<R> body) throws MPIException {
        MpiAccess access = MpiAccess.get();
        Engine engine = access.engine();
        engine.enter();
        try {
            return body.run(access, access.communicator(comm));
        } catch (CommException e) {
            throw access.raise(comm, e);
        } finally {
            engine.exit();
        }
    }
}
