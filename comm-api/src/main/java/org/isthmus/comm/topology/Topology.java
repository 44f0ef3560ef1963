package org.isthmus.comm.topology;

/** The virtual topology of a communicator. Immutable. */
public sealed interface Topology permits CartTopology, GraphTopology, DistGraphTopology {
    /** Whom {@code rank} exchanges blocks with; a distributed graph knows that of its own process only. */
    Neighborhood neighborhood(int rank);
}
