package org.isthmus.comm.dynamic;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.group.CommunicatorFactory;
import org.isthmus.comm.group.GroupNames;
import org.isthmus.comm.group.InterCreation;
import org.isthmus.comm.group.RemoteGroup;
import org.isthmus.node.bootstrap.BootstrapException;
import org.isthmus.node.bootstrap.LauncherEnvironment;
import org.isthmus.node.bootstrap.PublishedNames;
import org.isthmus.node.config.Settings;
import org.isthmus.node.connect.ConnectedProcesses;
import org.isthmus.node.connect.Meeting;

/**
 * Groups of different jobs meet at ports, and a group starts another one, which meets it at a port too (MPI 3.1,
 * sections 10.3 and 10.4). Both groups then have an intercommunicator; its messages to the other job go through
 * sockets.
 *
 * <p>Used under the engine lock; waits make progress and end when the job fails. Errors are {@code CommException}s: on
 * all members of a group, whichever of them met the reason.
 */
public final class DynamicProcesses {
    private final ConnectedProcesses connected;
    private final CommunicatorFactory communicators;
    private final Communicator world;
    private final int meetingContext;
    private final IntUnaryOperator nodeOf;
    private final Settings settings;
    private final Background background;
    private final PublishedNames names;

    /**
     * @param meetingContext on which processes of several jobs agree on a context
     * @param nodeOf number of the node of a rank of this job
     */
    public DynamicProcesses(ConnectedProcesses connected, CommunicatorFactory communicators, Communicator world,
            int meetingContext, IntUnaryOperator nodeOf, Settings settings) {
        this.connected = connected;
        this.communicators = communicators;
        this.world = world;
        this.meetingContext = meetingContext;
        this.nodeOf = nodeOf;
        this.settings = settings;
        this.background = new Background(world.progress(), connected);
        this.names = new PublishedNames(settings.get(Settings.SHM_DIRECTORY));
    }

    /** Opens a port and returns its name. Local. */
    public String openPort() {
        try {
            return connected.openPort();
        } catch (UncheckedIOException e) {
            throw new CommException(ErrorClass.OTHER, e.getMessage(), e);
        }
    }

    /** Closes a port of this process. Local. */
    public void closePort(String port) {
        try {
            connected.closePort(port);
        } catch (IllegalArgumentException e) {
            throw new CommException(ErrorClass.PORT, e.getMessage(), e);
        }
    }

    /** This process leaves; its names are taken back. */
    public void close() {
        try {
            names.close();
        } catch (IOException e) {
            throw new CommException(ErrorClass.OTHER, "a published name could not be removed: " + e.getMessage(), e);
        }
    }

    /** Publishes a port for processes of this user on this machine. Local. */
    public void publish(String service, String port) {
        names(service, () -> {
            if (port == null) {
                throw new CommException(ErrorClass.ARG, "port is null; it must be a port's name");
            }
            if (!names.publish(service, port)) {
                throw new CommException(ErrorClass.SERVICE, "the name \"" + service + "\" is published already; "
                        + "unpublish it first, or take another");
            }
            return null;
        });
    }

    /** Takes back what this process published. Local. */
    public void unpublish(String service, String port) {
        names(service, () -> {
            if (!names.unpublish(service, port)) {
                throw new CommException(ErrorClass.SERVICE, "this process has not published that port under the name \""
                        + service + "\"; it must be called where, and with what, publishName was");
            }
            return null;
        });
    }

    /** The port published under a name. Local. */
    public String lookup(String service) {
        return names(service, () -> names.lookup(service).orElseThrow(() -> new CommException(ErrorClass.NAME,
                "no living process of this user on this machine has published the name \"" + service + "\"")));
    }

    /** What is done with the published names. */
    private interface NamesCall<T> {
        T run() throws IOException;
    }

    private static <T> T names(String service, NamesCall<T> call) {
        if (service == null || service.isEmpty()) {
            throw new CommException(ErrorClass.ARG, "service is " + (service == null ? "null" : "empty")
                    + "; it must be a name");
        }
        try {
            return call.run();
        } catch (IOException | BootstrapException e) {
            throw new CommException(ErrorClass.OTHER, "published names cannot be used: " + e.getMessage(), e);
        }
    }

    /**
     * Waits at a port for a group that comes there. Collective over {@code comm}.
     *
     * @param port matters at {@code root} only
     */
    public Communicator accept(String port, Communicator comm, int root) {
        return join(comm, new GroupNames(comm, root, connected).exchange(mine -> swapAtOwn(port, mine, null)));
    }

    /** @param children who are to come; null if anybody may */
    private byte[] swapAtOwn(String port, byte[] mine, Children children) {
        while (true) {
            Meeting[] meeting = new Meeting[1];
            try {
                world.progress().await(() -> {
                    if (meeting[0] == null) {
                        meeting[0] = connected.nextMeeting(port);
                    }
                    return meeting[0] != null || children != null && children.failure() != null;
                });
            } catch (IllegalArgumentException e) {
                throw new CommException(ErrorClass.PORT, e.getMessage(), e);
            }
            if (meeting[0] == null) {
                throw new CommException(ErrorClass.SPAWN, children.failure());
            }
            try {
                return swap(meeting[0], mine);
            } catch (IOException e) {
                // Who came has gone meanwhile: the next one.
                System.getLogger(DynamicProcesses.class.getName()).log(System.Logger.Level.DEBUG, "a visitor left", e);
            }
        }
    }

    /**
     * Goes to a port at which another group waits, or will. Collective over {@code comm}.
     *
     * @param port matters at {@code root} only
     */
    public Communicator connect(String port, Communicator comm, int root) {
        return join(comm, new GroupNames(comm, root, connected).exchange(mine -> swapAtOther(port, mine)));
    }

    /** In a process that was spawned, the intercommunicator to its parents; else null. Collective over the world. */
    public Communicator joinParents() {
        String port = LauncherEnvironment.parentPort(System.getenv()).orElse(null);
        return port == null ? null : connect(port, world, 0);
    }

    private byte[] swapAtOther(String port, byte[] mine) {
        try {
            ConnectedProcesses.checkPort(port);
            return swap(background.await(() -> connected.meet(port)), mine);
        } catch (IllegalArgumentException e) {
            throw new CommException(ErrorClass.PORT, e.getMessage(), e);
        } catch (IOException e) {
            throw new CommException(ErrorClass.PORT, "no connection came about: " + e.getMessage(), e);
        }
    }

    private byte[] swap(Meeting meeting, byte[] mine) throws IOException {
        try (meeting) {
            return background.await(() -> meeting.swap(mine));
        }
    }

    private Communicator join(Communicator comm, RemoteGroup remote) {
        return InterCreation.connect(communicators, world, comm, remote, meetingContext, connected);
    }

    /**
     * The intercommunicator between {@code local} and another group, whose leaders reach each other.
     *
     * @see InterCreation#exchangeGroups
     */
    public Communicator createIntercomm(Communicator local, int localLeader, Supplier<Communicator> bridge,
            int remoteLeader, int tag) {
        return join(local, InterCreation.exchangeGroups(local, localLeader, bridge, remoteLeader, tag, connected));
    }

    /**
     * Starts processes, which are a job of their own, on the hosts of {@code comm}'s members, and returns the
     * intercommunicator to them. Collective over {@code comm}. Either all are started or none is left.
     *
     * @param commands asked at {@code root} only; when it throws, all members throw
     * @param host name of this host
     * @param errorCodes gets an error class for each process, as far as it has room; may be null
     * @throws CommException {@code SPAWN} naming the command, the host and the reason
     */
    public Communicator spawn(Supplier<List<SpawnCommand>> commands, String host, Communicator comm, int root,
            int[] errorCodes) {
        SpawnCall call = new SpawnCall(comm, root, host, connected, nodeOf, settings);
        try (call) {
            call.start(commands, errorCodes);
            return join(comm, new GroupNames(comm, root, connected).exchange(
                    mine -> swapAtOwn(call.port(), mine, call.children())));
        } catch (CommException e) {
            call.end();
            throw e;
        }
    }
}
