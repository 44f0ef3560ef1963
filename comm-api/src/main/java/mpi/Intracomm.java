package mpi;

import java.nio.Buffer;
import org.isthmus.comm.Engine;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.group.Communicator;

/** A communicator whose messages stay within one group; see {@link Comm} for buffers, threads and errors. */
public class Intracomm extends Comm {
    Intracomm(Communicator communicator) {
        super(communicator);
    }

    @Override
    public Intracomm clone() {
        return (Intracomm) super.clone();
    }

    @Override
    public Intracomm dup() throws MPIException {
        return (Intracomm) super.dup();
    }

    @Override
    public Intracomm iDup() throws MPIException {
        return (Intracomm) super.iDup();
    }

    @Override
    public Intracomm dupWithInfo(Info info) throws MPIException {
        return (Intracomm) super.dupWithInfo(info);
    }

    /** What makes a new communicator of this one's engine side. */
    private interface Maker {
        Communicator make(Engine engine, Communicator parent);
    }

    private Intracomm make(Maker maker) throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            return child(maker.make(engine, communicator()));
        } catch (CommException e) {
            throw Errors.raise(this, e);
        } finally {
            engine.exit();
        }
    }

    /**
     * One communicator for each colour, ranks in order of key, then of rank here. Collective.
     *
     * @param colour 0 or more, or {@code MPI.UNDEFINED}: the result is a null handle
     */
    public final Intracomm split(int colour, int key) throws MPIException {
        return make((engine, parent) -> {
            if (colour < 0 && colour != Constant.UNDEFINED) {
                throw Checks.arg("colour is " + colour + "; it must be 0 or more, or MPI.UNDEFINED");
            }
            return engine.communicators().split(parent, Math.max(colour, -1), key);
        });
    }

    /**
     * One communicator for each set of ranks that can share memory. Collective.
     *
     * @param splitType {@code TYPE_SHARED}, or {@code MPI.UNDEFINED}: the result is a null handle
     */
    public final Intracomm splitType(int splitType, int key, Info info) throws MPIException {
        return make((engine, parent) -> {
            if (splitType != TYPE_SHARED && splitType != Constant.UNDEFINED) {
                throw Checks.arg("splitType is " + splitType + "; it must be Comm.TYPE_SHARED (" + TYPE_SHARED
                        + ") or MPI.UNDEFINED");
            }
            return engine.communicators().split(parent, splitType == TYPE_SHARED ? engine.node() : -1, key);
        });
    }

    /** A communicator of {@code group}, a null handle for who is not in it. Collective over this communicator. */
    public final Intracomm create(Group group) throws MPIException {
        return make((engine, parent) -> engine.communicators().create(parent, subgroup(parent, group)));
    }

    /** As {@link #create}, collective over the members of {@code group} only. */
    public final Intracomm createGroup(Group group, int tag) throws MPIException {
        return make((engine, parent) -> {
            Checks.tag(tag);
            return engine.communicators().createGroup(parent, subgroup(parent, group), tag);
        });
    }

    private static int[] subgroup(Communicator parent, Group group) {
        int[] members = Group.members(group, "group");
        for (int worldRank : members) {
            if (parent.rankOfWorld(worldRank) < 0) {
                throw new CommException(ErrorClass.GROUP, "group has a member, rank " + worldRank
                        + " of MPI.COMM_WORLD, that is not in the communicator");
            }
        }
        return members.clone();
    }

    // Scans: MPI 3.1, section 5.11. Forms without a send buffer take the input from the result's place.

    /** Rank i gets the combination of ranks 0 to i. */
    public final void scan(Object sendbuf, Object recvbuf, int count, Datatype type, Op op) throws MPIException {
        ReductionCalls.scan(this, true, false, sendbuf, recvbuf, count, type, op);
    }

    public final Request iScan(Buffer sendbuf, Buffer recvbuf, int count, Datatype type, Op op) throws MPIException {
        return ReductionCalls.scan(this, false, false, sendbuf, recvbuf, count, type, op);
    }

    public final void scan(Object recvbuf, int count, Datatype type, Op op) throws MPIException {
        ReductionCalls.scan(this, true, true, recvbuf, recvbuf, count, type, op);
    }

    public final Request iScan(Buffer recvbuf, int count, Datatype type, Op op) throws MPIException {
        return ReductionCalls.scan(this, false, true, recvbuf, recvbuf, count, type, op);
    }

    /** Rank i gets the combination of ranks 0 to i - 1; rank 0's receive buffer is left alone. */
    public final void exScan(Object sendbuf, Object recvbuf, int count, Datatype type, Op op) throws MPIException {
        ReductionCalls.exScan(this, true, false, sendbuf, recvbuf, count, type, op);
    }

    public final Request iExScan(Buffer sendbuf, Buffer recvbuf, int count, Datatype type, Op op) throws MPIException {
        return ReductionCalls.exScan(this, false, false, sendbuf, recvbuf, count, type, op);
    }

    public final void exScan(Object buf, int count, Datatype type, Op op) throws MPIException {
        ReductionCalls.exScan(this, true, true, buf, buf, count, type, op);
    }

    public final Request iExScan(Buffer buf, int count, Datatype type, Op op) throws MPIException {
        return ReductionCalls.exScan(this, false, true, buf, buf, count, type, op);
    }
}
