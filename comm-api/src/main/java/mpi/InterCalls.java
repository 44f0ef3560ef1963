package mpi;

import org.isthmus.comm.Engine;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.group.InterCreation;

/** The work behind the methods that make intercommunicators and turn them into others. */
final class InterCalls {
    private InterCalls() {}

    static Intercomm create(Comm peer, Comm localComm, int localLeader, int remoteLeader, int tag)
            throws MPIException {
        Engine engine = Session.engine();
        if (localComm == null) {
            throw Errors.raise(peer, new CommException(ErrorClass.COMM, "localComm is null"));
        }
        engine.enter();
        try {
            Communicator local = localComm.communicator();
            if (local.isInter()) {
                throw new CommException(ErrorClass.COMM,
                        "localComm is an intercommunicator; pass the intracommunicator of this process's group");
            }
            Checks.member("localLeader", localLeader, local.size());
            Checks.tag(tag);
            // The peer communicator and the remote leader matter at the local leader only.
            return localComm.adopt(new Intercomm(engine.processes().createIntercomm(local, localLeader, () -> {
                Checks.member("remoteLeader", remoteLeader, peer.communicator().size());
                return peer.communicator();
            }, remoteLeader, tag)));
        } catch (CommException e) {
            throw Errors.raise(localComm, e);
        } finally {
            engine.exit();
        }
    }

    static Intracomm merge(Intercomm comm, boolean high) throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            return comm.child(InterCreation.merge(engine.communicators(), comm.communicator(), high));
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        } finally {
            engine.exit();
        }
    }

    /** As {@link Comm#compare} for two communicators of which one at least is an intercommunicator. */
    static int compare(Communicator a, Communicator b) {
        if (a.isInter() != b.isInter()) {
            return Constant.UNEQUAL;
        }
        int local = Group.compare(a.localWorldRanks(), b.localWorldRanks());
        int remote = Group.compare(a.worldRanks(), b.worldRanks());
        if (local == Constant.UNEQUAL || remote == Constant.UNEQUAL) {
            return Constant.UNEQUAL;
        }
        return local == Constant.IDENT && remote == Constant.IDENT ? Constant.CONGRUENT : Constant.SIMILAR;
    }
}
