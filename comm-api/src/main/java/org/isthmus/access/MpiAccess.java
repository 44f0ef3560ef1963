package org.isthmus.access;

import mpi.Comm;
import mpi.Datatype;
import mpi.Errhandler;
import mpi.Intracomm;
import mpi.MPIException;
import mpi.Op;
import mpi.Request;
import mpi.Status;
import org.isthmus.ErrorHandler;
import org.isthmus.comm.Engine;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.op.ReduceOp;
import org.isthmus.comm.pt2pt.Envelope;

/**
 * What package {@code mpi} opens to the extensions and to nobody else: its classes must not have a public member beyond
 * the API that they implement. One instance, made by {@code mpi}. Any thread.
 */
public abstract class MpiAccess {
    private static MpiAccess instance;

    /** The instance. */
    public static synchronized MpiAccess get() {
        if (instance == null) {
            try {
                Class.forName("mpi.Access"); // its initialiser calls set
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException("isthmus.jar is not complete", e);
            }
        }
        return instance;
    }

    /** Called once, by {@code mpi}. */
    protected static synchronized void set(MpiAccess access) {
        instance = access;
    }

    /** The engine of the running session. */
    public abstract Engine engine() throws MPIException;

    /** The engine's side of a communicator. */
    public abstract Communicator communicator(Comm comm);

    /** The map of a datatype that may be uncommitted. */
    public abstract TypeMap definedType(Datatype type);

    /** The map of a datatype that may be used in a message. */
    public abstract TypeMap messageType(Datatype type);

    /** A new datatype, not committed. */
    public abstract Datatype datatype(TypeMap map);

    public abstract Status status(Envelope envelope);

    public abstract Errhandler errhandler(ErrorHandler function);

    /** A communicator made of {@code parent}, with its error handler. */
    public abstract Intracomm child(Comm parent, Communicator made);

    /** A rank to send to, or to receive from; {@code any} allows {@code MPI.ANY_SOURCE}. */
    public abstract void checkPeer(Communicator comm, String name, int rank, boolean any);

    /** A tag; {@code any} allows {@code MPI.ANY_TAG}. */
    public abstract void checkTag(int tag, boolean any);

    public abstract void checkRoot(Communicator comm, int root);

    /** The operation as the engine runs it on {@code type}. */
    public abstract ReduceOp op(Op op, Datatype type);

    /** The exception to throw for {@code error}; does not return when the handler of {@code comm} is fatal. */
    public abstract MPIException raise(Comm comm, CommException error);

    /** The same for calls that have no communicator. */
    public abstract MPIException raise(CommException error);

    public abstract Request neighborAllToAllw(Comm comm, boolean blocking, Object sendbuf, int[] sendcounts,
            int[] sdispls, Datatype[] sendtypes, Object recvbuf, int[] recvcounts, int[] rdispls,
            Datatype[] recvtypes) throws MPIException;
}
