package org.isthmus.comm.topology;

/**
 * One process's part of a distributed graph (MPI 3.1, section 7.5.4). Arrays are not to be changed.
 *
 * @param weighted whether the weights are the user's; else each is 1
 */
public record DistGraphTopology(int[] sources, int[] sourceWeights, int[] destinations, int[] destinationWeights,
        boolean weighted) implements Topology {
    @Override
    public Neighborhood neighborhood(int rank) {
        return Neighborhood.of(sources, destinations);
    }
}
