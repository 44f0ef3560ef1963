package org.isthmus.comm.coll;

/**
 * The way to do one collective on an intercommunicator (MPI 3.1, section 5.2.2): as {@link Algorithm}, with the steps
 * between ranks of the union of both groups. Phases within a group use the algorithms of {@link AlgorithmTable}.
 */
interface InterAlgorithm {
    /** Adds this rank's steps of {@code call} to {@code s}, whose ranks are those of the union. */
    void build(CollectiveCall call, Schedule s, InterGroups groups);

    static InterAlgorithm of(CollectiveKind kind) {
        return switch (kind) {
            case BARRIER -> new InterBarrier();
            case BCAST -> new InterBcast();
            case GATHER, GATHERV -> new InterGather();
            case SCATTER, SCATTERV -> new InterScatter();
            case ALLGATHER, ALLGATHERV -> new InterAllgather();
            case ALLTOALL, ALLTOALLV, ALLTOALLW -> new InterAlltoall();
            case REDUCE -> new InterReduce();
            case ALLREDUCE -> new InterAllreduce();
            case REDUCE_SCATTER, REDUCE_SCATTER_BLOCK -> new InterReduceScatter();
            default -> throw new IllegalArgumentException(kind + " is not defined for intercommunicators");
        };
    }
}
