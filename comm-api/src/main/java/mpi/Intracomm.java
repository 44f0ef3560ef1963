package mpi;

import java.nio.Buffer;
import org.isthmus.comm.Engine;
import org.isthmus.comm.dynamic.DynamicProcesses;
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
            return engine.communicators().split(parent, splitType == TYPE_SHARED ? firstHere(engine, parent) : -1, key);
        });
    }

    /** The first member on this process's node; no other node's members name the same. */
    private static int firstHere(Engine engine, Communicator comm) {
        int node = engine.nodeOf(engine.world().rank());
        int rank = 0;
        while (engine.nodeOf(comm.worldRank(rank)) != node) {
            rank++;
        }
        return rank;
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

    // Topologies: MPI 3.1, section 7.5. Collective; with reorder, ranks may change so that neighbours share a node.

    /**
     * A grid of processes; a null handle for who is left over.
     *
     * @param dims processes in each dimension
     * @param periods whether each dimension is a ring
     */
    public final CartComm createCart(int[] dims, boolean[] periods, boolean reorder) throws MPIException {
        return TopologyCalls.createCart(this, dims, periods, reorder);
    }

    /**
     * A graph, the same arguments on all ranks; a null handle for who is left over.
     *
     * @param index entry i is the number of neighbours of ranks 0 to i
     * @param edges the neighbours of rank 0, then of rank 1, and so on
     */
    public final GraphComm createGraph(int[] index, int[] edges, boolean reorder) throws MPIException {
        return TopologyCalls.createGraph(this, index, edges, reorder);
    }

    /**
     * A graph of which each rank names any edges.
     *
     * @param sources ranks at which the edges named here begin
     * @param degrees how many of them begin at each of {@code sources}
     * @param destinations where those of {@code sources[0]} end, then those of {@code sources[1]}, and so on
     * @param weights of the edges, 0 or more, in the order of {@code destinations}
     */
    public final GraphComm createDistGraph(int[] sources, int[] degrees, int[] destinations, int[] weights, Info info,
            boolean reorder) throws MPIException {
        return TopologyCalls.createDistGraph(this, sources, degrees, destinations, weights, info, true, reorder);
    }

    /** The same without weights. */
    public final GraphComm createDistGraph(int[] sources, int[] degrees, int[] destinations, Info info,
            boolean reorder) throws MPIException {
        return TopologyCalls.createDistGraph(this, sources, degrees, destinations, null, info, false, reorder);
    }

    /** A graph of which each rank names the edges that end and that begin at it. */
    public final GraphComm createDistGraphAdjacent(int[] sources, int[] sourceWeights, int[] destinations,
            int[] destWeights, Info info, boolean reorder) throws MPIException {
        return TopologyCalls.createDistGraphAdjacent(this, sources, sourceWeights, destinations, destWeights, info,
                true, reorder);
    }

    /** The same without weights. */
    public final GraphComm createDistGraphAdjacent(int[] sources, int[] destinations, Info info,
            boolean reorder) throws MPIException {
        return TopologyCalls.createDistGraphAdjacent(this, sources, null, destinations, null, info, false, reorder);
    }

    // Dynamic processes: MPI 3.1, chapter 10; docs/dynamic-processes.md.

    /**
     * Starts {@code maxprocs} processes of {@code command} and returns the intercommunicator to them; they reach this
     * group by {@link Intercomm#getParent}. Collective; the first four arguments matter at the root only.
     *
     * @param argv arguments, without the command's name; null for none
     * @param info hints {@code host}, {@code wdir}, {@code path}; null for none
     * @param errcodes gets an error class for each process, or null
     */
    public final Intercomm spawn(String command, String[] argv, int maxprocs, Info info, int root, int[] errcodes)
            throws MPIException {
        return DynamicCalls.spawn(this, new String[] {command}, new String[][] {argv}, new int[] {maxprocs},
                new Info[] {info}, root, errcodes);
    }

    /**
     * As {@link #spawn} for several commands, whose processes are one job; each knows its command's index as attribute
     * {@code MPI.APPNUM}.
     *
     * @param argv for each command its arguments, or null; null for none at all
     * @param info for each command its hints, or null; null for none at all
     */
    public final Intercomm spawnMultiple(String[] commands, String[][] argv, int[] maxprocs, Info[] info, int root,
            int[] errcodes) throws MPIException {
        return DynamicCalls.spawn(this, commands, argv, maxprocs, info, root, errcodes);
    }

    /** Opens a port at which another group can {@link #connect}; who knows the name may come. */
    public static String openPort() throws MPIException {
        return DynamicCalls.call(DynamicProcesses::openPort);
    }

    /** The same with hints, none of which is known. */
    public static String openPort(Info info) throws MPIException {
        return openPort();
    }

    public static void closePort(String name) throws MPIException {
        DynamicCalls.call(processes -> {
            processes.closePort(name);
            return null;
        });
    }

    /** Waits until another group connects to a port that the root opened. Collective. */
    public final Intercomm accept(String port, int root) throws MPIException {
        return DynamicCalls.join(this, root, processes -> processes.accept(port, communicator(), root));
    }

    /** The same with hints, none of which is known. */
    public final Intercomm accept(String port, Info info, int root) throws MPIException {
        return accept(port, root);
    }

    /** Goes to a port that another group accepts at, or will. Collective; the port matters at the root only. */
    public final Intercomm connect(String port, int root) throws MPIException {
        return DynamicCalls.join(this, root, processes -> processes.connect(port, communicator(), root));
    }

    /** The same with hints, none of which is known. */
    public final Intercomm connect(String port, Info info, int root) throws MPIException {
        return connect(port, root);
    }

    /** Publishes a port under a name, for processes of this user on this machine, until this process ends. */
    public static void publishName(String service, String port) throws MPIException {
        DynamicCalls.call(processes -> {
            processes.publish(service, port);
            return null;
        });
    }

    /** The same with hints, none of which is known. */
    public static void publishName(String service, Info info, String port) throws MPIException {
        publishName(service, port);
    }

    /** Takes a name back that this process published. */
    public static void unpublishName(String service, String port) throws MPIException {
        DynamicCalls.call(processes -> {
            processes.unpublish(service, port);
            return null;
        });
    }

    /** The same with hints, none of which is known. */
    public static void unpublishName(String service, Info info, String port) throws MPIException {
        unpublishName(service, port);
    }

    /** The port published under a name; an error of class {@code ERR_NAME} if there is none. */
    public static String lookupName(String service) throws MPIException {
        return DynamicCalls.call(processes -> processes.lookup(service));
    }

    /** The same with hints, none of which is known. */
    public static String lookupName(String service, Info info) throws MPIException {
        return lookupName(service);
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
