package org.isthmus.comm.coll;

import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.op.ReduceOp;

/**
 * All collectives of one communicator (MPI 3.1, chapter 5), without argument checks: those are the API layer's.
 *
 * <p>Buffers are (base, offset) pairs as in {@code PointToPoint}: primitive array or {@code MemorySegment}, offset in
 * bytes. "In place" is a base of null where the method says so. Block {@code i} of a regular collective begins
 * {@code i * count * extent} bytes after the offset. All members call the same collectives in the same order; calls on
 * one communicator come from one thread at a time, under the engine lock. The i-forms take their arrays of counts,
 * displacements and types before they return; data buffers stay in use until the request is done.
 *
 * <p>Errors of a blocking call are thrown as {@code CommException}, what a user's operation throws as it is; errors of
 * a request are stored in it. After an error the other ranks are still served, and the result is undefined.
 *
 * <p>On an intercommunicator data goes from one group to the other: block i is that of rank i of the remote group; the
 * counts of a reduce-scatter are those of the own group. Of a rooted collective the root names itself {@link #ROOT},
 * the others of its group any other negative number, the other group the root's rank. Nothing is in place there, and
 * there are no scans.
 */
public interface Collectives {
    /** How the root of a rooted collective on an intercommunicator names itself. */
    int ROOT = -4;

    void barrier();

    CollectiveRequest ibarrier();

    /** The root's buffer reaches all. */
    void bcast(Object base, long offset, int count, TypeMap type, int root);

    CollectiveRequest ibcast(Object base, long offset, int count, TypeMap type, int root);

    /** Root in place: {@code sendBase} null; elsewhere {@code recvBase} is ignored and null. */
    void gather(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase, long recvOffset,
            int recvCount, TypeMap recvType, int root);

    CollectiveRequest igather(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase,
            long recvOffset, int recvCount, TypeMap recvType, int root);

    /** As {@link #gather}; counts and displacements (in extents) are the root's. */
    void gatherv(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase, long recvOffset,
            int[] recvCounts, int[] displacements, TypeMap recvType, int root);

    CollectiveRequest igatherv(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase,
            long recvOffset, int[] recvCounts, int[] displacements, TypeMap recvType, int root);

    /** Root in place: {@code recvBase} null; elsewhere {@code sendBase} is ignored and null. */
    void scatter(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase, long recvOffset,
            int recvCount, TypeMap recvType, int root);

    CollectiveRequest iscatter(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase,
            long recvOffset, int recvCount, TypeMap recvType, int root);

    /** As {@link #scatter}; counts and displacements (in extents) are the root's. */
    void scatterv(Object sendBase, long sendOffset, int[] sendCounts, int[] displacements, TypeMap sendType,
            Object recvBase, long recvOffset, int recvCount, TypeMap recvType, int root);

    CollectiveRequest iscatterv(Object sendBase, long sendOffset, int[] sendCounts, int[] displacements,
            TypeMap sendType, Object recvBase, long recvOffset, int recvCount, TypeMap recvType, int root);

    /** In place: {@code sendBase} null. */
    void allgather(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase, long recvOffset,
            int recvCount, TypeMap recvType);

    CollectiveRequest iallgather(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase,
            long recvOffset, int recvCount, TypeMap recvType);

    /** In place: {@code sendBase} null. */
    void allgatherv(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase, long recvOffset,
            int[] recvCounts, int[] displacements, TypeMap recvType);

    CollectiveRequest iallgatherv(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase,
            long recvOffset, int[] recvCounts, int[] displacements, TypeMap recvType);

    /** Block i goes to rank i. In place: {@code sendBase} null, {@code recvBase} the input; so in the v and w forms. */
    void alltoall(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase, long recvOffset,
            int recvCount, TypeMap recvType);

    CollectiveRequest ialltoall(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase,
            long recvOffset, int recvCount, TypeMap recvType);

    /** Displacements are in extents. */
    void alltoallv(Object sendBase, long sendOffset, int[] sendCounts, int[] sendDisplacements, TypeMap sendType,
            Object recvBase, long recvOffset, int[] recvCounts, int[] recvDisplacements, TypeMap recvType);

    CollectiveRequest ialltoallv(Object sendBase, long sendOffset, int[] sendCounts, int[] sendDisplacements,
            TypeMap sendType, Object recvBase, long recvOffset, int[] recvCounts, int[] recvDisplacements,
            TypeMap recvType);

    /** Displacements are in bytes. */
    void alltoallw(Object sendBase, long sendOffset, int[] sendCounts, int[] sendDisplacements, TypeMap[] sendTypes,
            Object recvBase, long recvOffset, int[] recvCounts, int[] recvDisplacements, TypeMap[] recvTypes);

    CollectiveRequest ialltoallw(Object sendBase, long sendOffset, int[] sendCounts, int[] sendDisplacements,
            TypeMap[] sendTypes, Object recvBase, long recvOffset, int[] recvCounts, int[] recvDisplacements,
            TypeMap[] recvTypes);

    /** Root in place: {@code sendBase} null; elsewhere {@code recvBase} is ignored and null. */
    void reduce(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count, TypeMap type,
            ReduceOp op, int root);

    CollectiveRequest ireduce(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count,
            TypeMap type, ReduceOp op, int root);

    /** In place: {@code sendBase} null. */
    void allreduce(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count, TypeMap type,
            ReduceOp op);

    CollectiveRequest iallreduce(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count,
            TypeMap type, ReduceOp op);

    /** In place: {@code sendBase} null, the input is the whole {@code recvBase}. */
    void reduceScatter(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int[] recvCounts,
            TypeMap type, ReduceOp op);

    CollectiveRequest ireduceScatter(Object sendBase, long sendOffset, Object recvBase, long recvOffset,
            int[] recvCounts, TypeMap type, ReduceOp op);

    /** In place: {@code sendBase} null, the input is the whole {@code recvBase}. */
    void reduceScatterBlock(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int recvCount,
            TypeMap type, ReduceOp op);

    CollectiveRequest ireduceScatterBlock(Object sendBase, long sendOffset, Object recvBase, long recvOffset,
            int recvCount, TypeMap type, ReduceOp op);

    /** In place: {@code sendBase} null. */
    void scan(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count, TypeMap type, ReduceOp op);

    CollectiveRequest iscan(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count, TypeMap type,
            ReduceOp op);

    /** In place: {@code sendBase} null; rank 0's {@code recvBase} is left alone. */
    void exscan(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count, TypeMap type,
            ReduceOp op);

    CollectiveRequest iexscan(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count,
            TypeMap type, ReduceOp op);
}
