package org.isthmus.comm.coll;

/** The collective operations that algorithms exist for; each one's i-form runs the same algorithms. */
public enum CollectiveKind {
    BARRIER("barrier"),
    BCAST("bcast"),
    GATHER("gather"),
    GATHERV("gatherv"),
    SCATTER("scatter"),
    SCATTERV("scatterv"),
    ALLGATHER("allgather"),
    ALLGATHERV("allgatherv"),
    ALLTOALL("alltoall"),
    ALLTOALLV("alltoallv"),
    ALLTOALLW("alltoallw"),
    REDUCE("reduce"),
    ALLREDUCE("allreduce"),
    REDUCE_SCATTER("reduce_scatter"),
    REDUCE_SCATTER_BLOCK("reduce_scatter_block"),
    SCAN("scan"),
    EXSCAN("exscan"),
    NEIGHBOR_ALLGATHER("neighbor_allgather"),
    NEIGHBOR_ALLGATHERV("neighbor_allgatherv"),
    NEIGHBOR_ALLTOALL("neighbor_alltoall"),
    NEIGHBOR_ALLTOALLV("neighbor_alltoallv"),
    NEIGHBOR_ALLTOALLW("neighbor_alltoallw");

    private final String key;

    CollectiveKind(String key) {
        this.key = key;
    }

    /** Its name in settings. */
    public String key() {
        return key;
    }
}
