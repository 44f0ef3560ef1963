package org.isthmus;

import mpi.Comm;
import mpi.Group;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import org.isthmus.access.MpiAccess;
import org.isthmus.comm.Engine;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.fault.Agreement;
import org.isthmus.comm.fault.Failures;
import org.isthmus.comm.fault.Shrinking;
import org.isthmus.comm.group.Communicator;

/**
 * Going on after ranks have died (ULFM, the {@code MPIX_Comm_} calls of Open MPI and MPICH): for jobs started with
 * {@code isthmus run --resilient} or the setting {@code isthmus.failure=survive}, on communicators with
 * {@code MPI.ERRORS_RETURN} or a handler of the program's own.
 *
 * <p>Calls that need a dead rank raise {@link #ERR_PROC_FAILED}: messages with it and all collectives of a communicator
 * that it belongs to, also those under way. Receives from any rank raise {@link #ERR_PROC_FAILED_PENDING}, and are over
 * then, until {@link #ackFailed}. Messages between others go on. What a rank sent in whole before it died can be
 * received. A collective may have succeeded on some ranks and not on others; {@link #agree} tells.
 *
 * <p>In other jobs nobody is ever dead here: {@link #getFailed} is empty, and {@link #shrink} and {@link #agree} work
 * as on a communicator without a loss; {@link #revoke} raises {@code ERR_UNSUPPORTED_OPERATION}. Threads as in {@link
 * Comm}.
 */
public final class Resilience {
    public static final int ERR_PROC_FAILED = ErrorClass.PROC_FAILED;
    public static final int ERR_PROC_FAILED_PENDING = ErrorClass.PROC_FAILED_PENDING;
    public static final int ERR_REVOKED = ErrorClass.REVOKED;

    private Resilience() {}

    /** Whether this job survives failures. */
    public static boolean isEnabled() throws MPIException {
        return MpiAccess.get().engine().survivesFailures();
    }

    /**
     * Makes the communicator useless on all its members: whatever waits on it, or is called on it later but the calls
     * of this class and {@code free}, raises {@link #ERR_REVOKED}. Not collective; any member may call it. So ranks
     * that know of a failure get those out of their calls that do not.
     */
    public static void revoke(Comm comm) throws MPIException {
        call(comm, (access, failures, c) -> {
            if (failures == null) {
                throw new CommException(ErrorClass.UNSUPPORTED_OPERATION,
                        "revoke needs a job that survives failures: start it with isthmus run --resilient, or set"
                        + " isthmus.failure=survive (ISTHMUS_FAILURE)");
            }
            failures.revoke(c);
            c.progress().poll();
            return null;
        });
    }

    /** Whether the communicator has been revoked, as far as this rank knows. */
    public static boolean isRevoked(Comm comm) throws MPIException {
        return call(comm, (access, failures, c) -> {
            c.progress().poll();
            return failures != null && failures.isRevoked(c);
        });
    }

    /** A communicator of the members that are left, in the same order; works on revoked ones. Collective over them. */
    public static Intracomm shrink(Comm comm) throws MPIException {
        if (!isEnabled()) {
            Engine engine = MpiAccess.get().engine();
            return call(comm, (access, failures, c) -> access.child(comm, engine.communicators().dup(intra(c))));
        }
        return call(comm, (access, failures, c) -> access.child(comm, Shrinking.shrink(failures, intra(c))));
    }

    /**
     * The bitwise AND of all members' values, equal on all members that are left; works on revoked communicators.
     * Collective over those that are left.
     *
     * @throws MPIException {@link #ERR_PROC_FAILED}, on all of them, when one had not acknowledged the loss of a member
     */
    public static int agree(Comm comm, int flag) throws MPIException {
        if (!isEnabled() && comm != null) {
            int[] value = {flag};
            comm.allReduce(value, 1, MPI.INT, MPI.BAND);
            return value[0];
        }
        return call(comm, (access, failures, c) -> {
            c.progress().poll();
            Agreement agreement = Agreement.onFlags(failures, intra(c), flag);
            try {
                c.progress().await(agreement);
                if (agreement.hasUnacknowledged()) {
                    throw new CommException(ErrorClass.PROC_FAILED, "some member has not acknowledged the failure of "
                            + "another; call ackFailed and agree again");
                }
                return agreement.value();
            } finally {
                agreement.end();
            }
        });
    }

    /** The members known to be dead. Local. */
    public static Group getFailed(Comm comm) throws MPIException {
        int[] lost = call(comm, (access, failures, c) -> {
            c.progress().poll();
            return failures == null ? new int[0] : failures.lostOf(c);
        });
        return MPI.COMM_WORLD.getGroup().incl(lost);
    }

    /**
     * Takes note of the members known to be dead, so that receives from any rank work again; how many they are. Local.
     */
    public static int ackFailed(Comm comm) throws MPIException {
        return call(comm, (access, failures, c) -> {
            c.progress().poll();
            return failures == null ? 0 : failures.acknowledge(c);
        });
    }

    private static Communicator intra(Communicator c) {
        if (c.isInter()) {
            throw new CommException(ErrorClass.COMM, "comm is an intercommunicator; call this on an intracommunicator");
        }
        return c;
    }

    private interface Body<R> {
        R run(MpiAccess access, Failures failures, Communicator c);
    }

    private static <R> R call(Comm comm, Body<R> body) throws MPIException {
        MpiAccess access = MpiAccess.get();
        Engine engine = access.engine();
        engine.enter();
        try {
            return body.run(access, engine.failures(), access.communicator(comm));
        } catch (CommException e) {
            throw access.raise(comm, e);
        } finally {
            engine.exit();
        }
    }
}
