package mpi;

import org.isthmus.comm.topology.DistGraphTopology;

/** The edges of a distributed graph that end and that begin at this process. */
public final class DistGraphNeighbors {
    private final DistGraphTopology part;

    DistGraphNeighbors(DistGraphTopology part) {
        this.part = part;
    }

    /** Number of edges that end here. */
    public int getInDegree() {
        return part.sources().length;
    }

    /** Number of edges that begin here. */
    public int getOutDegree() {
        return part.destinations().length;
    }

    /** Whether the graph was made with weights; else each weight is 1. */
    public boolean isWeighted() {
        return part.weighted();
    }

    public int getSource(int i) {
        return part.sources()[i];
    }

    public int getSourceWeight(int i) {
        return part.sourceWeights()[i];
    }

    public int getDestination(int i) {
        return part.destinations()[i];
    }

    public int getDestinationWeight(int i) {
        return part.destinationWeights()[i];
    }
}
