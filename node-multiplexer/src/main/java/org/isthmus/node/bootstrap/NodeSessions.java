package org.isthmus.node.bootstrap;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.isthmus.node.config.Settings;

/** Brings the ranks of a node together. A process calls {@link #join} once, on any thread. */
public final class NodeSessions {
    private static final long FIRST_RETRY_MILLIS = 2;
    private static final long LONGEST_RETRY_MILLIS = 50;
    /** Longer than rank 0's own deadline, so that its message, which names the missing ranks, comes first. */
    private static final Duration ANSWER_MARGIN = Duration.ofSeconds(5);

    private final JobIdentity identity;
    private final SeveralNodes nodes;
    private final Path sharedMemory;
    private final Duration timeout;
    private final boolean survives;
    private final Optional<LauncherProcess> launcher;
    private final FailureNotice notice = new FailureNotice();

    private NodeSessions(JobIdentity identity, Settings settings, Optional<LauncherProcess> launcher,
            SeveralNodes nodes) {
        this.identity = identity;
        this.nodes = nodes;
        this.sharedMemory = settings.get(Settings.SHM_DIRECTORY);
        this.timeout = settings.get(Settings.WIREUP_TIMEOUT);
        this.survives = settings.get(Settings.FAILURE).equals("survive");
        if (survives && nodes != null) {
            throw new BootstrapException(nodes.map().nodes() > 1
                    ? "isthmus.failure is survive, but a job can go on without a rank on one node only, and this one"
                            + " runs on " + nodes.map().nodes() + " nodes: unset " + Settings.FAILURE.environmentName()
                            + ", or run all ranks on one node"
                    : "isthmus.failure is survive, but with isthmus.mux.start=always a job ends with the rank that "
                            + "started the multiplexer: unset " + Settings.FAILURE.environmentName() + " or "
                            + Settings.MUX_START.environmentName());
        }
        this.launcher = launcher;
    }

    /**
     * {@link #join(JobIdentity, Settings)} with what {@link LauncherEnvironment#detect()} finds, or with what the
     * launcher's exchange says where the environment names no ranks.
     */
    public static NodeSession join(Settings settings) {
        JobWireUp wireUp = JobWireUp.ofThisProcess(settings);
        boolean byExchangeOnly = wireUp.namesRanksByExchangeOnly();
        JobIdentity told = byExchangeOnly ? null : LauncherEnvironment.detect();
        boolean always = settings.get(Settings.MUX_START).equals("always");
        if (!byExchangeOnly && told.localSize() == told.size() && (!always || told.launcher().equals("none"))) {
            return join(told, settings);
        }
        SeveralNodes nodes = SeveralNodes.meet(wireUp.open(), settings);
        boolean multiplexed = always || nodes.map().nodes() > 1;
        NodeSession session = join(nodes.identity(), settings, multiplexed ? nodes : null);
        if (!multiplexed) {
            nodes.close();
        }
        return session;
    }

    /**
     * Returns when all local ranks of the job have the segment file open; nothing in the file system is left of the
     * wire-up then.
     *
     * @throws BootstrapException if that does not come about within {@link Settings#WIREUP_TIMEOUT}, with the reason
     */
    public static NodeSession join(JobIdentity identity, Settings settings) {
        return join(identity, settings, null);
    }

    private static NodeSession join(JobIdentity identity, Settings settings, SeveralNodes nodes) {
        // Spawned ranks live as their parents do, by the connection to them, and then on their own.
        Optional<LauncherProcess> launcher = identity.launcher().equals("none")
                || LauncherEnvironment.parentPort(System.getenv()).isPresent() ? Optional.empty()
                : LauncherProcess.find(System.getenv());
        NodeSessions attempt = new NodeSessions(identity, settings, launcher, nodes);
        try {
            if (identity.localSize() == 1) {
                return attempt.joinAlone();
            }
            JobDirectory directory = new JobDirectory(attempt.sharedMemory, identity.jobKey());
            return identity.localRank() == 0 ? attempt.joinAsCentre(directory) : attempt.joinCentre(directory);
        } catch (IOException e) {
            throw new BootstrapException("rank " + identity.rank() + " of " + identity.size() + " could not join its"
                    + " job (" + identity.launcher() + ") in " + attempt.sharedMemory + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BootstrapException("interrupted while waiting for the other ranks", e);
        }
    }

    private NodeSession joinAlone() throws IOException {
        SegmentChannel segment = JobDirectory.unnamedSegment(sharedMemory);
        ControlLoop loop = null;
        if (launcher.isPresent()) {
            loop = new LauncherWatch(launcher.get(), notice);
            loop.start(identity.rank());
        }
        return new MemberSession(identity, segment, Runtime.getRuntime().availableProcessors(), loop, notice, nodes);
    }

    private NodeSession joinAsCentre(JobDirectory directory) throws IOException, InterruptedException {
        Thread removal = Thread.ofPlatform().unstarted(() -> removeAtExit(directory));
        Runtime.getRuntime().addShutdownHook(removal);
        try {
            long deadline = System.nanoTime() + timeout.toNanos();
            FileChannel segment = directory.create(deadline);
            directory.sweep();
            ControlHub hub = new ControlHub(directory, identity, deadline, launcher, notice, survives);
            hub.start(identity.rank());
            int processors = await(hub, timeout.plus(ANSWER_MARGIN));
            return new MemberSession(identity, new SegmentChannel(segment, directory.segment()),
                    processors, hub, notice, nodes);
        } finally {
            directory.remove();
            removeHook(removal);
        }
    }

    private NodeSession joinCentre(JobDirectory directory) throws IOException, InterruptedException {
        boolean joined = false;
        try {
            ControlClient client = new ControlClient(connect(directory), directory, identity, launcher, notice,
                    survives);
            client.start(identity.rank());
            int processors = await(client, timeout.plus(ANSWER_MARGIN));
            joined = true;
            return new MemberSession(identity, new SegmentChannel(client.segment(), directory.segment()), processors,
                    client, notice, nodes);
        } finally {
            if (!joined) {
                directory.sweep();
            }
        }
    }

    private SocketChannel connect(JobDirectory directory) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        long pause = FIRST_RETRY_MILLIS;
        while (true) {
            if (directory.verify()) {
                SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                try {
                    channel.connect(UnixDomainSocketAddress.of(directory.socket()));
                    return channel;
                } catch (IOException e) {
                    channel.close(); // not listening yet, or not any more: the deadline decides
                }
            }
            if (launcher.isPresent() && !launcher.get().isAlive()) {
                throw new BootstrapException("the launcher " + launcher.get() + " has ended");
            }
            if (System.nanoTime() - deadline > 0) {
                throw new BootstrapException("rank " + identity.rank() + " of " + identity.size() + " (started by "
                        + identity.launcher() + ") found no local rank 0 at " + directory.socket() + " within "
                        + timeout.toMillis() + " ms. Check that rank 0 calls MPI.Init, runs on this node, as this "
                        + "user, with the same isthmus.shm.dir (ISTHMUS_SHM_DIR), and did not end early; a slow start "
                        + "needs a longer isthmus.wireup.timeout (ISTHMUS_WIREUP_TIMEOUT)");
            }
            Thread.sleep(pause);
            pause = Math.min(2 * pause, LONGEST_RETRY_MILLIS);
        }
    }

    private int await(ControlLoop loop, Duration limit) throws InterruptedException {
        boolean wired = false;
        try {
            int processors = loop.wired.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            wired = true;
            return processors;
        } catch (ExecutionException e) {
            throw new BootstrapException(e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new BootstrapException("rank " + identity.rank() + ": local rank 0 gave no answer within "
                    + limit.toMillis() + " ms; is it stopped?", e);
        } finally {
            if (!wired) {
                loop.stop();
            }
        }
    }

    private static void removeAtExit(JobDirectory directory) {
        try {
            directory.remove();
        } catch (IOException e) {
            System.getLogger(NodeSessions.class.getName()).log(System.Logger.Level.WARNING,
                    "the files of the wire-up could not be removed", e);
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the process is ending and the hook runs anyway
        }
    }
}
