package mpi;

import org.isthmus.comm.group.Communicator;

/**
 * A communicator between two groups (MPI 3.1, section 6.6): ranks given to calls are those of the remote group. Made by
 * {@link Comm#createIntercomm}. Threads and errors as in {@link Comm}.
 *
 * <p>Collectives bring data from one group to the other. In rooted ones the root passes {@code MPI.ROOT}, the others of
 * its group {@code MPI.PROC_NULL}, and the other group the root's rank; of a rank that passes {@code MPI.PROC_NULL} all
 * other arguments are ignored. Forms without a send buffer (in place) are for intracommunicators only.
 */
public final class Intercomm extends Comm {
    Intercomm(Communicator communicator) {
        super(communicator);
    }

    @Override
    Comm like(Communicator duplicate) {
        return new Intercomm(duplicate);
    }

    @Override
    public Intercomm clone() {
        return (Intercomm) super.clone();
    }

    @Override
    public Intercomm dup() throws MPIException {
        return (Intercomm) super.dup();
    }

    @Override
    public Intercomm iDup() throws MPIException {
        return (Intercomm) super.iDup();
    }

    @Override
    public Intercomm dupWithInfo(Info info) throws MPIException {
        return (Intercomm) super.dupWithInfo(info);
    }

    /** Ranks of the remote group. */
    public int getRemoteSize() throws MPIException {
        return TopologyCalls.local(this, Communicator::size);
    }

    public Group getRemoteGroup() throws MPIException {
        return TopologyCalls.local(this, c -> new Group(c.worldRanks().clone()));
    }

    /**
     * An intracommunicator of both groups. Collective over both.
     *
     * @param high equal within a group; the group that passes false comes first, either when both pass the same
     */
    public Intracomm merge(boolean high) throws MPIException {
        return InterCalls.merge(this, high);
    }

    /**
     * The intercommunicator to the processes that spawned this one; a null handle for those started by the launcher,
     * and after it was freed or disconnected.
     */
    public static Intercomm getParent() throws MPIException {
        Session.check();
        return DynamicCalls.parent();
    }
}
