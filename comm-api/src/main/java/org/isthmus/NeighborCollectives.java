package org.isthmus;

import java.nio.Buffer;
import mpi.Comm;
import mpi.Datatype;
import mpi.MPIException;
import mpi.Request;
import org.isthmus.access.MpiAccess;

/**
 * The neighbourhood collective that the Java API lacks (MPI 3.1, section 7.6.5). Buffers, threads and errors as in
 * {@link Comm}.
 */
public final class NeighborCollectives {
    private NeighborCollectives() {}

    /**
     * Exchanges a block of its own count, place and type with each neighbour. Collective over a communicator with a
     * topology.
     *
     * @param sdispls where the block for each destination begins, in bytes; as {@code rdispls} for the sources
     */
    public static void allToAllw(Comm comm, Object sendbuf, int[] sendcounts, int[] sdispls, Datatype[] sendtypes,
            Object recvbuf, int[] recvcounts, int[] rdispls, Datatype[] recvtypes) throws MPIException {
        MpiAccess.get().neighborAllToAllw(comm, true, sendbuf, sendcounts, sdispls, sendtypes, recvbuf, recvcounts,
                rdispls, recvtypes);
    }

    /** As {@link #allToAllw}, without waiting. */
    public static Request iAllToAllw(Comm comm, Buffer sendbuf, int[] sendcounts, int[] sdispls, Datatype[] sendtypes,
            Buffer recvbuf, int[] recvcounts, int[] rdispls, Datatype[] recvtypes) throws MPIException {
        return MpiAccess.get().neighborAllToAllw(comm, false, sendbuf, sendcounts, sdispls, sendtypes, recvbuf,
                recvcounts, rdispls, recvtypes);
    }
}
