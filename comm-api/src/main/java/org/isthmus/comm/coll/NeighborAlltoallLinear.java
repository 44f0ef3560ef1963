package org.isthmus.comm.coll;

import org.isthmus.comm.topology.Neighborhood;

/**
 * Neighbourhood alltoall, alltoallv and alltoallw: a block of its own to each destination and from each source, all at
 * once. Chosen always: neighbourhoods are small, and no rank knows another's.
 *
 * <p>Cost: d alpha + d n beta, d destinations, n a block.
 */
final class NeighborAlltoallLinear implements Algorithm {
    @Override
    public String name() {
        return "linear";
    }

    @Override
    public void build(CollectiveCall call, Schedule s) {
        NeighborAllgatherLinear.receiveAll(call, s);
        Neighborhood neighbors = call.neighborhood();
        for (int i : neighbors.sendOrder()) {
            int dest = neighbors.destinations()[i];
            if (dest != Neighborhood.NONE) {
                s.send(call.send(i), call.sendCount(i), call.sendType(i), dest);
            }
        }
    }
}
