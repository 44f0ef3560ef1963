package org.isthmus.comm.topology;

/**
 * Whom a process exchanges blocks with in a neighbourhood collective (MPI 3.1, section 7.6). Arrays are not to be
 * changed.
 *
 * @param sources rank that each block comes from, {@link #NONE} for nobody
 * @param destinations rank that each block goes to, {@link #NONE} for nobody
 * @param sendOrder the indices of {@code destinations} in the order in which an alltoall sends, so that of several
 *         messages between two processes each meets the receive it belongs to
 */
public record Neighborhood(int[] sources, int[] destinations, int[] sendOrder) {
    /** In place of a rank beyond the edge of a grid. */
    public static final int NONE = -1;

    /** Of a graph: edges between two processes are in the same order on both. */
    static Neighborhood of(int[] sources, int[] destinations) {
        int[] order = new int[destinations.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        return new Neighborhood(sources, destinations, order);
    }
}
