package mpi;

import java.nio.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.isthmus.comm.Engine;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.group.DupRequest;
import org.isthmus.comm.progress.Completion;
import org.isthmus.comm.topology.CartTopology;
import org.isthmus.comm.topology.DistGraphTopology;
import org.isthmus.comm.topology.GraphTopology;
import org.isthmus.comm.topology.Topology;

/**
 * A communicator (MPI 3.1, chapter 6): a group of processes and a context that keeps its messages apart.
 *
 * <p>A buffer is a primitive array of the datatype's base type, an NIO buffer of any class, direct or heap, or, where
 * the parameter is an {@code Object}, a {@code java.lang.foreign.MemorySegment}. Position and limit of NIO buffers are
 * ignored; {@link MPI#slice(java.nio.ByteBuffer, int)} makes one that begins elsewhere. Counts are in elements of the
 * datatype. Null is a buffer of count 0.
 *
 * <p>Messages from one rank to another on one communicator are matched in the order in which they were sent. Calls may
 * be made from the threads that the thread level given by {@link MPI#InitThread} allows. An error goes to the error
 * handler: by default it ends the job, with {@link MPI#ERRORS_RETURN} the call throws an {@link MPIException}.
 *
 * <p>The file is long because it is a table of more than a hundred API methods; the work behind them is in
 * {@link Messaging}, {@link CollectiveCalls}, {@link ReductionCalls} and {@link NeighborCalls}.
 */
public class Comm implements Freeable, Cloneable {
    /** Split type of {@link Intracomm#splitType}: ranks that can share memory. */
    public static final int TYPE_SHARED = 0;

    private static final Attributes.Keyvals KEYVALS = new Attributes.Keyvals();

    private final Attributes attributes = new Attributes();
    private Communicator communicator;
    /** What requests keep in use after this handle was freed; null otherwise. */
    private Communicator kept;
    private int persistentRequests;
    /** Non-blocking collectives, those under way among them. */
    private final List<Completion> collectives = new ArrayList<>();
    private Errhandler errhandler = Errhandler.ARE_FATAL;
    private String name = "";
    private Info info;
    private Request request;

    /** @param communicator null for a null handle, or one that is opened by {@link MPI#Init} */
    Comm(Communicator communicator) {
        this.communicator = communicator;
    }

    /** Gives a predefined communicator its engine's side. */
    final void open(Communicator communicator, String name) {
        this.communicator = communicator;
        this.name = name;
    }

    /** The engine's side of this communicator. */
    final Communicator communicator() {
        Communicator c = communicator;
        if (c == null) {
            throw new CommException(ErrorClass.COMM, "the communicator is null or was freed");
        }
        return c;
    }

    /** As {@link #communicator}, for a persistent request: goes on after the handle was freed. */
    final Communicator keptCommunicator() {
        return kept != null ? kept : communicator();
    }

    /** A persistent request refers to this communicator; under the engine lock. */
    final void keep() {
        persistentRequests++;
    }

    /** One fewer does; under the engine lock. */
    final void unkeep(Engine engine) {
        persistentRequests--;
        freeKept(engine);
    }

    /** A collective has been started that goes on after the call; under the engine lock. */
    final void keepFor(Completion collective) {
        collectives.removeIf(Completion::isDone);
        collectives.add(collective);
    }

    /** Gives the context of a freed handle back unless a request needs it; 0 while a collective does, else negative. */
    private int freeKept(Engine engine) {
        collectives.removeIf(Completion::isDone);
        if (!collectives.isEmpty()) {
            return 0;
        }
        if (kept != null && persistentRequests == 0) {
            engine.communicators().free(kept);
            kept = null;
        }
        return -1;
    }

    /** The handler in charge of errors on this communicator; the world's for a null handle. */
    final Errhandler errhandler() {
        return communicator == null ? ((Comm) MPI.COMM_WORLD).errhandler : errhandler;
    }

    /** For messages. */
    final String describe() {
        return communicator == null ? "a null communicator"
                : !name.isEmpty() ? name : "a communicator of " + communicator.size() + " ranks";
    }

    /** At most {@code MPI.MAX_OBJECT_NAME - 1} characters of {@code name}. */
    static String cutName(String name) {
        return name == null ? "" : name.substring(0, Math.min(name.length(), Constant.MAX_OBJECT_NAME - 1));
    }

    /** As {@link #dup}; an error is a {@code RuntimeException}. */
    @Override
    public Comm clone() {
        try {
            return dup();
        } catch (MPIException e) {
            throw new RuntimeException(e.getMessage(), e);
        }
    }

    /** A communicator of the same group with a context of its own; copies the attributes. Collective. */
    public Comm dup() throws MPIException {
        return duplicate(info);
    }

    /** As {@link #dup} with other hints. */
    public Comm dupWithInfo(Info info) throws MPIException {
        return duplicate(info);
    }

    /** As {@link #dup}, without waiting: the result may be used once its {@link #getRequest} is complete. */
    public Comm iDup() throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            DupRequest started = engine.communicators().idup(communicator());
            Comm copy = inherit(like(started.result), info);
            copy.request = new Request(this, started, false, null, null);
            return copy;
        } catch (CommException e) {
            throw Errors.raise(this, e);
        } finally {
            engine.exit();
        }
    }

    private Comm duplicate(Info hints) throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            return inherit(like(engine.communicators().dup(communicator())), hints);
        } catch (CommException e) {
            throw Errors.raise(this, e);
        } finally {
            engine.exit();
        }
    }

    /** A communicator of this one's class and topology for a duplicate of its engine's side. */
    Comm like(Communicator duplicate) {
        return new Intracomm(duplicate);
    }

    private Comm inherit(Comm copy, Info hints) {
        attributes.copyTo(copy.attributes);
        copy.errhandler = errhandler;
        copy.info = Info.copyOf(hints);
        return copy;
    }

    /** A new communicator made of this one, with its error handler; a null handle for null. */
    final Intracomm child(Communicator made) {
        return adopt(new Intracomm(made));
    }

    /** {@code child} with this communicator's error handler. */
    final <C extends Comm> C adopt(C child) {
        ((Comm) child).errhandler = errhandler;
        return child;
    }

    /** The request of the {@link #iDup} that made this communicator, null if none did. */
    public final Request getRequest() {
        return request;
    }

    /** Members of this process's group. */
    public final int getSize() throws MPIException {
        return checked().localSize();
    }

    public final int getRank() throws MPIException {
        return checked().rank();
    }

    private Communicator checked() throws MPIException {
        Session.check();
        try {
            return communicator();
        } catch (CommException e) {
            throw Errors.raise(this, e);
        }
    }

    /** {@code MPI.IDENT}, {@code CONGRUENT} (same group), {@code SIMILAR} (same members) or {@code UNEQUAL}. */
    public static int compare(Comm comm1, Comm comm2) throws MPIException {
        Session.check();
        if (comm1 == null || comm2 == null) {
            throw Errors.raise(new CommException(ErrorClass.COMM, (comm1 == null ? "comm1" : "comm2") + " is null"));
        }
        Communicator a = comm1.checked();
        Communicator b = comm2.checked();
        if (a.contextId() == b.contextId()) {
            return Constant.IDENT;
        }
        if (a.isInter() || b.isInter()) {
            return InterCalls.compare(a, b);
        }
        int groups = Group.compare(a.worldRanks(), b.worldRanks());
        return groups == Constant.IDENT ? Constant.CONGRUENT : groups;
    }

    /**
     * Gives the communicator back; it is a null handle afterwards. Requests on it go on; persistent ones can be started
     * until they are freed. Collective.
     */
    @Override
    public final void free() throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            Communicator c = communicator();
            if (this == MPI.COMM_WORLD || this == MPI.COMM_SELF) {
                throw new CommException(ErrorClass.COMM, describe() + " is predefined: it cannot be freed");
            }
            kept = c;
            if (freeKept(engine) == 0) {
                engine.progress().register(() -> freeKept(engine));
            }
            communicator = null;
        } catch (CommException e) {
            throw Errors.raise(this, e);
        } finally {
            engine.exit();
        }
    }

    public final boolean isNull() {
        return communicator == null;
    }

    /** Sets hints; a copy is kept. */
    public final void setInfo(Info info) throws MPIException {
        checked();
        this.info = Info.copyOf(info);
    }

    /** A copy of the hints, to be freed by the caller. */
    public final Info getInfo() throws MPIException {
        checked();
        return Info.copyOf(info);
    }

    /** As {@link #free}, after all members' messages have arrived. Collective. */
    public final void disconnect() throws MPIException {
        if (this != MPI.COMM_WORLD && this != MPI.COMM_SELF) {
            barrier();
        }
        free();
    }

    /** This process's group. */
    public final Group getGroup() throws MPIException {
        return new Group(checked().localWorldRanks());
    }

    /** Whether this is an intercommunicator. */
    public final boolean isInter() throws MPIException {
        return checked().isInter();
    }

    /**
     * An intercommunicator between two groups, each of which calls this. Collective over both.
     *
     * <p>Called on the communicator in which the two leaders reach each other; it matters at the leaders only.
     *
     * @param localComm the communicator of this process's group
     * @param localLeader the rank in {@code localComm} of its leader
     * @param remoteLeader the rank in this communicator of the other group's leader; matters at the local leader only
     * @param tag equal at both leaders
     */
    public final Intercomm createIntercomm(Comm localComm, int localLeader, int remoteLeader, int tag)
            throws MPIException {
        return InterCalls.create(this, localComm, localLeader, remoteLeader, tag);
    }

    public static int createKeyval() throws MPIException {
        Session.check();
        return KEYVALS.create();
    }

    public static void freeKeyval(int keyval) throws MPIException {
        Session.check();
        try {
            KEYVALS.free(keyval);
        } catch (CommException e) {
            throw Errors.raise(e);
        }
    }

    /** Attaches a serialized copy of {@code value}, which a duplicate of the communicator inherits. */
    public final void setAttr(int keyval, Object value) throws MPIException {
        checked();
        try {
            KEYVALS.check(keyval);
            attributes.set(keyval, value);
        } catch (CommException e) {
            throw Errors.raise(this, e);
        }
    }

    /** A copy of the attribute's value, null when it is not set. Predefined attributes are Integer or Boolean. */
    public final Object getAttr(int keyval) throws MPIException {
        checked();
        try {
            return switch (keyval) {
                case Constant.TAG_UB -> Constant.MAX_TAG;
                case Constant.HOST -> Constant.PROC_NULL;
                case Constant.IO -> Constant.ANY_SOURCE;
                case Constant.WTIME_IS_GLOBAL -> Boolean.FALSE;
                case Constant.APPNUM -> Environment.applicationNumber(System.getenv());
                case Constant.LASTUSEDCODE -> ErrorClass.LASTCODE;
                case Constant.UNIVERSE_SIZE -> Math.max(Session.engine().world().size(),
                        Runtime.getRuntime().availableProcessors());
                default -> {
                    KEYVALS.checkUse(keyval, attributes);
                    yield attributes.get(keyval);
                }
            };
        } catch (CommException e) {
            throw Errors.raise(this, e);
        }
    }

    public final void deleteAttr(int keyval) throws MPIException {
        checked();
        try {
            KEYVALS.checkUse(keyval, attributes);
            attributes.delete(keyval);
        } catch (CommException e) {
            throw Errors.raise(this, e);
        }
    }

    /** {@code MPI.CART}, {@code GRAPH}, {@code DIST_GRAPH}, or {@code UNDEFINED} when there is no topology. */
    public final int getTopology() throws MPIException {
        checked();
        return switch (topology()) {
            case null -> Constant.UNDEFINED;
            case CartTopology grid -> MPI.CART;
            case GraphTopology graph -> MPI.GRAPH;
            case DistGraphTopology part -> MPI.DIST_GRAPH;
        };
    }

    /** Null when there is none. */
    Topology topology() {
        return null;
    }

    /** Ends the job, this process with exit code {@code errorcode}; does not return. */
    public final void abort(int errorcode) throws MPIException {
        Engine engine = Session.engine();
        String message = "rank " + engine.world().rank() + " called abort(" + errorcode + ") on " + describe();
        System.err.println(message);
        engine.abort(errorcode, message);
    }

    public final void setErrhandler(Errhandler errhandler) throws MPIException {
        checked();
        if (errhandler == null) {
            throw Errors.raise(this, Checks.arg("errhandler is null; use MPI.ERRORS_RETURN or MPI.ERRORS_ARE_FATAL"));
        }
        this.errhandler = errhandler;
    }

    public final Errhandler getErrhandler() throws MPIException {
        checked();
        return errhandler;
    }

    /** Does what the error handler does with {@code errorCode}; with {@code ERRORS_RETURN} that is nothing. */
    public final void callErrhandler(int errorCode) throws MPIException {
        checked();
        if (errhandler.function() != null) {
            errhandler.function().onError(this, errorCode, Errors.name(errorCode) + ": raised by the program");
        } else if (errhandler != Errhandler.RETURN) {
            Errors.endJob(errhandler, describe(), errorCode);
        }
    }

    /** Sets the name; beyond {@code MPI.MAX_OBJECT_NAME - 1} characters it is cut. */
    public final void setName(String name) throws MPIException {
        checked();
        this.name = cutName(name);
    }

    public final String getName() throws MPIException {
        checked();
        return name;
    }

    // Point-to-point: MPI 3.1, chapter 3. dest and source may be MPI.PROC_NULL, source and tag of a receive ANY.

    /** Sends; returns when the buffer may be used again. */
    public final void send(Object buf, int count, Datatype type, int dest, int tag) throws MPIException {
        Messaging.send(this, SendMode.STANDARD, buf, count, type, dest, tag);
    }

    /** Sends by way of the attached buffer, which small messages can do without; never waits for the receiver. */
    public final void bSend(Object buf, int count, Datatype type, int dest, int tag) throws MPIException {
        Messaging.send(this, SendMode.BUFFERED, buf, count, type, dest, tag);
    }

    /** Sends; returns only once the receive has begun. */
    public final void sSend(Object buf, int count, Datatype type, int dest, int tag) throws MPIException {
        Messaging.send(this, SendMode.SYNCHRONOUS, buf, count, type, dest, tag);
    }

    /** Sends to a receiver that has posted its receive already. */
    public final void rSend(Object buf, int count, Datatype type, int dest, int tag) throws MPIException {
        Messaging.send(this, SendMode.READY, buf, count, type, dest, tag);
    }

    /**
     * Receives up to {@code count} elements; the rest of the buffer is left alone. A longer message is an
     * ERR_TRUNCATE.
     */
    public final Status recv(Object buf, int count, Datatype type, int source, int tag) throws MPIException {
        return new Status(Messaging.recv(this, buf, count, type, source, tag));
    }

    /** Sends and receives at once; the buffers do not overlap. */
    public final Status sendRecv(Object sendbuf, int sendcount, Datatype sendtype, int dest, int sendtag,
            Object recvbuf, int recvcount, Datatype recvtype, int source, int recvtag) throws MPIException {
        return Messaging.sendRecv(this, sendbuf, sendcount, sendtype, dest, sendtag, recvbuf, recvcount, recvtype,
                source, recvtag);
    }

    /** As {@link #sendRecv} with one buffer, which is sent before it is overwritten. */
    public final Status sendRecvReplace(Object buf, int count, Datatype type, int dest, int sendtag, int source,
            int recvtag) throws MPIException {
        return Messaging.sendRecvReplace(this, buf, count, type, dest, sendtag, source, recvtag);
    }

    public final Request iSend(Buffer buf, int count, Datatype type, int dest, int tag) throws MPIException {
        return Messaging.isend(this, SendMode.STANDARD, buf, count, type, dest, tag);
    }

    public final Request ibSend(Buffer buf, int count, Datatype type, int dest, int tag) throws MPIException {
        return Messaging.isend(this, SendMode.BUFFERED, buf, count, type, dest, tag);
    }

    public final Request isSend(Buffer buf, int count, Datatype type, int dest, int tag) throws MPIException {
        return Messaging.isend(this, SendMode.SYNCHRONOUS, buf, count, type, dest, tag);
    }

    public final Request irSend(Buffer buf, int count, Datatype type, int dest, int tag) throws MPIException {
        return Messaging.isend(this, SendMode.READY, buf, count, type, dest, tag);
    }

    public final Request iRecv(Buffer buf, int count, Datatype type, int source, int tag) throws MPIException {
        return Messaging.irecv(this, buf, count, type, source, tag);
    }

    public final Prequest sendInit(Buffer buf, int count, Datatype type, int dest, int tag) throws MPIException {
        return Messaging.init(this, SendMode.STANDARD, buf, count, type, dest, tag);
    }

    public final Prequest bSendInit(Buffer buf, int count, Datatype type, int dest, int tag) throws MPIException {
        return Messaging.init(this, SendMode.BUFFERED, buf, count, type, dest, tag);
    }

    public final Prequest sSendInit(Buffer buf, int count, Datatype type, int dest, int tag) throws MPIException {
        return Messaging.init(this, SendMode.SYNCHRONOUS, buf, count, type, dest, tag);
    }

    public final Prequest rSendInit(Buffer buf, int count, Datatype type, int dest, int tag) throws MPIException {
        return Messaging.init(this, SendMode.READY, buf, count, type, dest, tag);
    }

    public final Prequest recvInit(Buffer buf, int count, Datatype type, int source, int tag) throws MPIException {
        return Messaging.init(this, null, buf, count, type, source, tag);
    }

    /** The status of a message that could be received now, null when there is none. */
    public final Status iProbe(int source, int tag) throws MPIException {
        return Messaging.iprobe(this, source, tag);
    }

    /** Waits for a message that could be received. */
    public final Status probe(int source, int tag) throws MPIException {
        return Messaging.probe(this, source, tag);
    }

    // Packing: MPI 3.1, section 4.2.

    /** Packs into {@code outbuf} from {@code position} on; returns the position after it. */
    public final int pack(Object inbuf, int incount, Datatype type, byte[] outbuf, int position) throws MPIException {
        return Messaging.pack(this, inbuf, incount, type, outbuf, position);
    }

    /** Unpacks from {@code position} on; returns the position after it. */
    public final int unpack(byte[] inbuf, int position, Object outbuf, int outcount,
            Datatype type) throws MPIException {
        return Messaging.unpack(this, inbuf, position, outbuf, outcount, type);
    }

    /** Bytes that {@link #pack} needs. */
    public final int packSize(int incount, Datatype type) throws MPIException {
        return Messaging.packSize(this, incount, type);
    }

    // Collectives: MPI 3.1, chapter 5. All members call the same ones in the same order.

    /** Waits until all members have called it. */
    public final void barrier() throws MPIException {
        CollectiveCalls.barrier(this, true);
    }

    public final Request iBarrier() throws MPIException {
        return CollectiveCalls.barrier(this, false);
    }

    /** Copies the root's buffer to all. */
    public final void bcast(Object buf, int count, Datatype type, int root) throws MPIException {
        CollectiveCalls.bcast(this, true, buf, count, type, root);
    }

    public final Request iBcast(Buffer buf, int count, Datatype type, int root) throws MPIException {
        return CollectiveCalls.bcast(this, false, buf, count, type, root);
    }

    /** Collects blocks at the root, in order of rank; the receive arguments matter at the root only. */
    public final void gather(Object sendbuf, int sendcount, Datatype sendtype, Object recvbuf, int recvcount,
            Datatype recvtype, int root) throws MPIException {
        CollectiveCalls.gather(this, true, false, sendbuf, sendcount, sendtype, recvbuf, recvcount, recvtype, root);
    }

    public final Request iGather(Buffer sendbuf, int sendcount, Datatype sendtype, Buffer recvbuf, int recvcount,
            Datatype recvtype, int root) throws MPIException {
        return CollectiveCalls.gather(this, false, false, sendbuf, sendcount, sendtype, recvbuf, recvcount, recvtype,
                root);
    }

    /** In place: the root's block lies in {@code buf} already, the others send theirs from it. */
    public final void gather(Object buf, int count, Datatype type, int root) throws MPIException {
        CollectiveCalls.gather(this, true, true, buf, count, type, buf, count, type, root);
    }

    public final Request iGather(Buffer buf, int count, Datatype type, int root) throws MPIException {
        return CollectiveCalls.gather(this, false, true, buf, count, type, buf, count, type, root);
    }

    /** As {@link #gather(Object, int, Datatype, Object, int, Datatype, int)} with sizes and places of one's own. */
    public final void gatherv(Object sendbuf, int sendcount, Datatype sendtype, Object recvbuf, int[] recvcount,
            int[] displs, Datatype recvtype, int root) throws MPIException {
        CollectiveCalls.gatherv(this, true, false, sendbuf, sendcount, sendtype, recvbuf, recvcount, displs, recvtype,
                root);
    }

    public final Request iGatherv(Buffer sendbuf, int sendcount, Datatype sendtype, Buffer recvbuf, int[] recvcount,
            int[] displs, Datatype recvtype, int root) throws MPIException {
        return CollectiveCalls.gatherv(this, false, false, sendbuf, sendcount, sendtype, recvbuf, recvcount, displs,
                recvtype, root);
    }

    /** In place, for the root only: its block lies in {@code recvbuf} already. */
    public final void gatherv(Object recvbuf, int[] recvcount, int[] displs, Datatype recvtype,
            int root) throws MPIException {
        CollectiveCalls.checkRole(this, root, true, "gatherv(sendbuf, sendcount, sendtype, root)");
        CollectiveCalls.gatherv(this, true, true, null, 0, null, recvbuf, recvcount, displs, recvtype, root);
    }

    public final Request iGatherv(Buffer recvbuf, int[] recvcount, int[] displs, Datatype recvtype,
            int root) throws MPIException {
        CollectiveCalls.checkRole(this, root, true, "iGatherv(sendbuf, sendcount, sendtype, root)");
        return CollectiveCalls.gatherv(this, false, true, null, 0, null, recvbuf, recvcount, displs, recvtype, root);
    }

    /** The others' part of a gatherv whose root works in place or not. */
    public final void gatherv(Object sendbuf, int sendcount, Datatype sendtype, int root) throws MPIException {
        CollectiveCalls.checkRole(this, root, false, "gatherv(recvbuf, recvcount, displs, recvtype, root)");
        CollectiveCalls.gatherv(this, true, false, sendbuf, sendcount, sendtype, null, null, null, null, root);
    }

    public final Request iGatherv(Buffer sendbuf, int sendcount, Datatype sendtype, int root) throws MPIException {
        CollectiveCalls.checkRole(this, root, false, "iGatherv(recvbuf, recvcount, displs, recvtype, root)");
        return CollectiveCalls.gatherv(this, false, false, sendbuf, sendcount, sendtype, null, null, null, null, root);
    }

    /** Deals out the root's blocks, in order of rank; the send arguments matter at the root only. */
    public final void scatter(Object sendbuf, int sendcount, Datatype sendtype, Object recvbuf, int recvcount,
            Datatype recvtype, int root) throws MPIException {
        CollectiveCalls.scatter(this, true, false, sendbuf, sendcount, sendtype, recvbuf, recvcount, recvtype, root);
    }

    public final Request iScatter(Buffer sendbuf, int sendcount, Datatype sendtype, Buffer recvbuf, int recvcount,
            Datatype recvtype, int root) throws MPIException {
        return CollectiveCalls.scatter(this, false, false, sendbuf, sendcount, sendtype, recvbuf, recvcount, recvtype,
                root);
    }

    /** In place: the root's block stays in {@code buf}, the others receive theirs into it. */
    public final void scatter(Object buf, int count, Datatype type, int root) throws MPIException {
        CollectiveCalls.scatter(this, true, true, buf, count, type, buf, count, type, root);
    }

    public final Request iScatter(Buffer buf, int count, Datatype type, int root) throws MPIException {
        return CollectiveCalls.scatter(this, false, true, buf, count, type, buf, count, type, root);
    }

    /**
     * As {@link #scatter(Object, int, Datatype, Object, int, Datatype, int)} with sizes and places of one's own.
     */
    public final void scatterv(Object sendbuf, int[] sendcount, int[] displs, Datatype sendtype, Object recvbuf,
            int recvcount, Datatype recvtype, int root) throws MPIException {
        CollectiveCalls.scatterv(this, true, false, sendbuf, sendcount, displs, sendtype, recvbuf, recvcount, recvtype,
                root);
    }

    public final Request iScatterv(Buffer sendbuf, int[] sendcount, int[] displs, Datatype sendtype, Buffer recvbuf,
            int recvcount, Datatype recvtype, int root) throws MPIException {
        return CollectiveCalls.scatterv(this, false, false, sendbuf, sendcount, displs, sendtype, recvbuf, recvcount,
                recvtype, root);
    }

    /** In place, for the root only: its block stays in {@code sendbuf}. */
    public final void scatterv(Object sendbuf, int[] sendcount, int[] displs, Datatype sendtype,
            int root) throws MPIException {
        CollectiveCalls.checkRole(this, root, true, "scatterv(recvbuf, recvcount, recvtype, root)");
        CollectiveCalls.scatterv(this, true, true, sendbuf, sendcount, displs, sendtype, null, 0, null, root);
    }

    public final Request iScatterv(Buffer sendbuf, int[] sendcount, int[] displs, Datatype sendtype,
            int root) throws MPIException {
        CollectiveCalls.checkRole(this, root, true, "iScatterv(recvbuf, recvcount, recvtype, root)");
        return CollectiveCalls.scatterv(this, false, true, sendbuf, sendcount, displs, sendtype, null, 0, null, root);
    }

    /** The others' part of a scatterv whose root works in place or not. */
    public final void scatterv(Object recvbuf, int recvcount, Datatype recvtype, int root) throws MPIException {
        CollectiveCalls.checkRole(this, root, false, "scatterv(sendbuf, sendcount, displs, sendtype, root)");
        CollectiveCalls.scatterv(this, true, false, null, null, null, null, recvbuf, recvcount, recvtype, root);
    }

    public final Request iScatterv(Buffer recvbuf, int recvcount, Datatype recvtype, int root) throws MPIException {
        CollectiveCalls.checkRole(this, root, false, "iScatterv(sendbuf, sendcount, displs, sendtype, root)");
        return CollectiveCalls.scatterv(this, false, false, null, null, null, null, recvbuf, recvcount, recvtype, root);
    }

    /** Collects blocks at all members. */
    public final void allGather(Object sendbuf, int sendcount, Datatype sendtype, Object recvbuf, int recvcount,
            Datatype recvtype) throws MPIException {
        CollectiveCalls.allGather(this, true, false, sendbuf, sendcount, sendtype, recvbuf, recvcount, recvtype);
    }

    public final Request iAllGather(Buffer sendbuf, int sendcount, Datatype sendtype, Buffer recvbuf, int recvcount,
            Datatype recvtype) throws MPIException {
        return CollectiveCalls.allGather(this, false, false, sendbuf, sendcount, sendtype, recvbuf, recvcount,
                recvtype);
    }

    /** In place: each one's block lies in {@code buf} already. */
    public final void allGather(Object buf, int count, Datatype type) throws MPIException {
        CollectiveCalls.allGather(this, true, true, null, 0, null, buf, count, type);
    }

    public final Request iAllGather(Buffer buf, int count, Datatype type) throws MPIException {
        return CollectiveCalls.allGather(this, false, true, null, 0, null, buf, count, type);
    }

    public final void allGatherv(Object sendbuf, int sendcount, Datatype sendtype, Object recvbuf, int[] recvcount,
            int[] displs, Datatype recvtype) throws MPIException {
        CollectiveCalls.allGatherv(this, true, false, sendbuf, sendcount, sendtype, recvbuf, recvcount, displs,
                recvtype);
    }

    public final Request iAllGatherv(Buffer sendbuf, int sendcount, Datatype sendtype, Buffer recvbuf, int[] recvcount,
            int[] displs, Datatype recvtype) throws MPIException {
        return CollectiveCalls.allGatherv(this, false, false, sendbuf, sendcount, sendtype, recvbuf, recvcount, displs,
                recvtype);
    }

    /** In place: each one's block lies in {@code recvbuf} already. */
    public final void allGatherv(Object recvbuf, int[] recvcount, int[] displs, Datatype recvtype) throws MPIException {
        CollectiveCalls.allGatherv(this, true, true, null, 0, null, recvbuf, recvcount, displs, recvtype);
    }

    public final Request iAllGatherv(Buffer buf, int[] count, int[] displs, Datatype type) throws MPIException {
        return CollectiveCalls.allGatherv(this, false, true, null, 0, null, buf, count, displs, type);
    }

    /** Block i of the send buffer goes to rank i; block i of the receive buffer comes from rank i. */
    public final void allToAll(Object sendbuf, int sendcount, Datatype sendtype, Object recvbuf, int recvcount,
            Datatype recvtype) throws MPIException {
        CollectiveCalls.allToAll(this, true, sendbuf, sendcount, sendtype, recvbuf, recvcount, recvtype);
    }

    public final Request iAllToAll(Buffer sendbuf, int sendcount, Datatype sendtype, Buffer recvbuf, int recvcount,
            Datatype recvtype) throws MPIException {
        return CollectiveCalls.allToAll(this, false, sendbuf, sendcount, sendtype, recvbuf, recvcount, recvtype);
    }

    /** As {@link #allToAll} with sizes and places (in extents) of one's own. */
    public final void allToAllv(Object sendbuf, int[] sendcount, int[] sdispls, Datatype sendtype, Object recvbuf,
            int[] recvcount, int[] rdispls, Datatype recvtype) throws MPIException {
        CollectiveCalls.allToAllv(this, true, sendbuf, sendcount, sdispls, sendtype, recvbuf, recvcount, rdispls,
                recvtype);
    }

    public final Request iAllToAllv(Buffer sendbuf, int[] sendcount, int[] sdispls, Datatype sendtype, Buffer recvbuf,
            int[] recvcount, int[] rdispls, Datatype recvtype) throws MPIException {
        return CollectiveCalls.allToAllv(this, false, sendbuf, sendcount, sdispls, sendtype, recvbuf, recvcount,
                rdispls, recvtype);
    }

    /** As {@link #allToAllv} with types of one's own; displacements are in bytes. */
    public final void allToAllw(Object sendBuf, int[] sendCount, int[] sDispls, Datatype[] sendTypes, Object recvBuf,
            int[] recvCount, int[] rDispls, Datatype[] recvTypes) throws MPIException {
        CollectiveCalls.allToAllw(this, true, sendBuf, sendCount, sDispls, sendTypes, recvBuf, recvCount, rDispls,
                recvTypes);
    }

    /** The same; Open MPI 4.1 has the method in this form, 5.0 in the other. */
    public final void allToAllw(Buffer sendBuf, int[] sendCount, int[] sDispls, Datatype[] sendTypes, Buffer recvBuf,
            int[] recvCount, int[] rDispls, Datatype[] recvTypes) throws MPIException {
        CollectiveCalls.allToAllw(this, true, sendBuf, sendCount, sDispls, sendTypes, recvBuf, recvCount, rDispls,
                recvTypes);
    }

    public final Request iAllToAllw(Buffer sendBuf, int[] sendCount, int[] sDispls, Datatype[] sendTypes,
            Buffer recvBuf, int[] recvCount, int[] rDispls, Datatype[] recvTypes) throws MPIException {
        return CollectiveCalls.allToAllw(this, false, sendBuf, sendCount, sDispls, sendTypes, recvBuf, recvCount,
                rDispls, recvTypes);
    }

    // Neighbourhood collectives: MPI 3.1, section 7.6. Block i is that of neighbour i of the topology.

    /** Sends one block to all destinations, receives one from each source. */
    public final void neighborAllGather(Object sendbuf, int sendcount, Datatype sendtype, Object recvbuf,
            int recvcount, Datatype recvtype) throws MPIException {
        NeighborCalls.allGather(this, true, sendbuf, sendcount, sendtype, recvbuf, recvcount, recvtype);
    }

    public final Request iNeighborAllGather(Buffer sendbuf, int sendcount, Datatype sendtype, Buffer recvbuf,
            int recvcount, Datatype recvtype) throws MPIException {
        return NeighborCalls.allGather(this, false, sendbuf, sendcount, sendtype, recvbuf, recvcount, recvtype);
    }

    public final void neighborAllGatherv(Object sendbuf, int sendcount, Datatype sendtype, Object recvbuf,
            int[] recvcount, int[] displs, Datatype recvtype) throws MPIException {
        NeighborCalls.allGatherv(this, true, sendbuf, sendcount, sendtype, recvbuf, recvcount, displs, recvtype);
    }

    public final Request iNeighborAllGatherv(Buffer sendbuf, int sendcount, Datatype sendtype, Buffer recvbuf,
            int[] recvcount, int[] displs, Datatype recvtype) throws MPIException {
        return NeighborCalls.allGatherv(this, false, sendbuf, sendcount, sendtype, recvbuf, recvcount, displs,
                recvtype);
    }

    /** Sends a block to each destination, receives one from each source. */
    public final void neighborAllToAll(Object sendbuf, int sendcount, Datatype sendtype, Object recvbuf, int recvcount,
            Datatype recvtype) throws MPIException {
        NeighborCalls.allToAll(this, true, sendbuf, sendcount, sendtype, recvbuf, recvcount, recvtype);
    }

    public final Request iNeighborAllToAll(Buffer sendbuf, int sendcount, Datatype sendtype, Buffer recvbuf,
            int recvcount, Datatype recvtype) throws MPIException {
        return NeighborCalls.allToAll(this, false, sendbuf, sendcount, sendtype, recvbuf, recvcount, recvtype);
    }

    public final void neighborAllToAllv(Object sendbuf, int[] sendcount, int[] sdispls, Datatype sendtype,
            Object recvbuf, int[] recvcount, int[] rdispls, Datatype recvtype) throws MPIException {
        NeighborCalls.allToAllv(this, true, sendbuf, sendcount, sdispls, sendtype, recvbuf, recvcount, rdispls,
                recvtype);
    }

    public final Request iNeighborAllToAllv(Buffer sendbuf, int[] sendcount, int[] sdispls, Datatype sendtype,
            Buffer recvbuf, int[] recvcount, int[] rdispls, Datatype recvtype) throws MPIException {
        return NeighborCalls.allToAllv(this, false, sendbuf, sendcount, sdispls, sendtype, recvbuf, recvcount, rdispls,
                recvtype);
    }

    // Reductions: MPI 3.1, sections 5.9 and 5.10. Forms without a send buffer take the input from the result's place.

    /** Combines all members' elements at the root; {@code recvbuf} matters at the root only. */
    public final void reduce(Object sendbuf, Object recvbuf, int count, Datatype type, Op op,
            int root) throws MPIException {
        ReductionCalls.reduce(this, true, false, sendbuf, recvbuf, count, type, op, root);
    }

    public final Request iReduce(Buffer sendbuf, Buffer recvbuf, int count, Datatype type, Op op,
            int root) throws MPIException {
        return ReductionCalls.reduce(this, false, false, sendbuf, recvbuf, count, type, op, root);
    }

    public final void reduce(Object buf, int count, Datatype type, Op op, int root) throws MPIException {
        ReductionCalls.reduce(this, true, true, buf, buf, count, type, op, root);
    }

    public final Request iReduce(Buffer buf, int count, Datatype type, Op op, int root) throws MPIException {
        return ReductionCalls.reduce(this, false, true, buf, buf, count, type, op, root);
    }

    /** Combines all members' elements at all. */
    public final void allReduce(Object sendbuf, Object recvbuf, int count, Datatype type, Op op) throws MPIException {
        ReductionCalls.allReduce(this, true, false, sendbuf, recvbuf, count, type, op);
    }

    public final Request iAllReduce(Buffer sendbuf, Buffer recvbuf, int count, Datatype type,
            Op op) throws MPIException {
        return ReductionCalls.allReduce(this, false, false, sendbuf, recvbuf, count, type, op);
    }

    public final void allReduce(Object buf, int count, Datatype type, Op op) throws MPIException {
        ReductionCalls.allReduce(this, true, true, buf, buf, count, type, op);
    }

    public final Request iAllReduce(Buffer buf, int count, Datatype type, Op op) throws MPIException {
        return ReductionCalls.allReduce(this, false, true, buf, buf, count, type, op);
    }

    /** Combines, then deals out {@code recvcounts[i]} elements to rank i. */
    public final void reduceScatter(Object sendbuf, Object recvbuf, int[] recvcounts, Datatype type,
            Op op) throws MPIException {
        ReductionCalls.reduceScatter(this, true, false, sendbuf, recvbuf, recvcounts, type, op);
    }

    public final Request iReduceScatter(Buffer sendbuf, Buffer recvbuf, int[] recvcounts, Datatype type,
            Op op) throws MPIException {
        return ReductionCalls.reduceScatter(this, false, false, sendbuf, recvbuf, recvcounts, type, op);
    }

    public final void reduceScatter(Object buf, int[] counts, Datatype type, Op op) throws MPIException {
        ReductionCalls.reduceScatter(this, true, true, buf, buf, counts, type, op);
    }

    public final Request iReduceScatter(Buffer buf, int[] counts, Datatype type, Op op) throws MPIException {
        return ReductionCalls.reduceScatter(this, false, true, buf, buf, counts, type, op);
    }

    /** Combines, then deals out {@code recvcount} elements to each. */
    public final void reduceScatterBlock(Object sendbuf, Object recvbuf, int recvcount, Datatype type,
            Op op) throws MPIException {
        ReductionCalls.reduceScatterBlock(this, true, false, sendbuf, recvbuf, recvcount, type, op);
    }

    public final Request iReduceScatterBlock(Buffer sendbuf, Buffer recvbuf, int recvcount, Datatype type,
            Op op) throws MPIException {
        return ReductionCalls.reduceScatterBlock(this, false, false, sendbuf, recvbuf, recvcount, type, op);
    }

    public final void reduceScatterBlock(Object buf, int count, Datatype type, Op op) throws MPIException {
        ReductionCalls.reduceScatterBlock(this, true, true, buf, buf, count, type, op);
    }

    public final Request iReduceScatterBlock(Buffer buf, int count, Datatype type, Op op) throws MPIException {
        return ReductionCalls.reduceScatterBlock(this, false, true, buf, buf, count, type, op);
    }

    /** {@code inOutBuf = inBuf op inOutBuf}, element by element; local. */
    public static void reduceLocal(Object inBuf, Object inOutBuf, int count, Datatype type, Op op)
            throws MPIException {
        ReductionCalls.reduceLocal(inBuf, inOutBuf, count, type, op);
    }
}
