package mpi;

import org.isthmus.ErrorHandler;
import org.isthmus.access.MpiAccess;
import org.isthmus.comm.Engine;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.op.ReduceOp;
import org.isthmus.comm.pt2pt.Envelope;

/** Opens this package to the extensions; loaded when the first of them is used. */
final class Access extends MpiAccess {
    static {
        set(new Access());
    }

    private Access() {}

    @Override
    public Engine engine() throws MPIException {
        return Session.engine();
    }

    @Override
    public Communicator communicator(Comm comm) {
        Checks.notNull(comm, "comm");
        return comm.communicator();
    }

    @Override
    public TypeMap definedType(Datatype type) {
        return Checks.definedType(type);
    }

    @Override
    public TypeMap messageType(Datatype type) {
        return Checks.type(type);
    }

    @Override
    public Datatype datatype(TypeMap map) {
        return Datatype.derived(map);
    }

    @Override
    public Status status(Envelope envelope) {
        return new Status(envelope);
    }

    @Override
    public Errhandler errhandler(ErrorHandler function) {
        return new Errhandler(function);
    }

    @Override
    public Intracomm child(Comm parent, Communicator made) {
        return parent.child(made);
    }

    @Override
    public void checkPeer(Communicator comm, String name, int rank, boolean any) {
        if (any) {
            Checks.source(comm, rank);
        } else {
            Checks.dest(comm, rank, name);
        }
    }

    @Override
    public void checkTag(int tag, boolean any) {
        if (any) {
            Checks.recvTag(tag);
        } else {
            Checks.tag(tag);
        }
    }

    @Override
    public void checkRoot(Communicator comm, int root) {
        Checks.root(comm, root);
    }

    @Override
    public ReduceOp op(Op op, Datatype type) {
        return Checks.op(op, type);
    }

    @Override
    public MPIException raise(Comm comm, CommException error) {
        return comm == null ? Errors.raise(error) : Errors.raise(comm, error);
    }

    @Override
    public MPIException raise(CommException error) {
        return Errors.raise(error);
    }

    @Override
    public Request neighborAllToAllw(Comm comm, boolean blocking, Object sendbuf, int[] sendcounts, int[] sdispls,
            Datatype[] sendtypes, Object recvbuf, int[] recvcounts, int[] rdispls,
            Datatype[] recvtypes) throws MPIException {
        return NeighborCalls.allToAllw(comm, blocking, sendbuf, sendcounts, sdispls, sendtypes, recvbuf, recvcounts,
                rdispls, recvtypes);
    }
}
