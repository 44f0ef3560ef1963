package org.isthmus.comm.coll;

import org.isthmus.comm.topology.Neighborhood;

/**
 * Neighbourhood allgather and allgatherv: the one block goes to each destination, each source's block straight into
 * place, all at once. Chosen always: neighbourhoods are small, and no rank knows another's.
 *
 * <p>Cost: d alpha + d n beta, d destinations, n a block.
 */
final class NeighborAllgatherLinear implements Algorithm {
    @Override
    public String name() {
        return "linear";
    }

    @Override
    public void build(CollectiveCall call, Schedule s) {
        receiveAll(call, s);
        for (int dest : call.neighborhood().destinations()) {
            if (dest != Neighborhood.NONE) {
                s.send(call.send(), call.sendCount(), call.sendType(), dest);
            }
        }
    }

    /** Receives a block of each source. */
    static void receiveAll(CollectiveCall call, Schedule s) {
        int[] sources = call.neighborhood().sources();
        for (int i = 0; i < sources.length; i++) {
            if (sources[i] != Neighborhood.NONE) {
                s.receive(call.receive(i), call.receiveCount(i), call.receiveType(i), sources[i]);
            }
        }
    }
}
