package org.isthmus.comm;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.isthmus.allocator.heap.UserMemory;
import org.isthmus.allocator.segment.SegmentFullException;
import org.isthmus.comm.buffer.DeviceMemory;
import org.isthmus.comm.buffer.UserBuffer;
import org.isthmus.comm.coll.AlgorithmTable;
import org.isthmus.comm.coll.Collectives;
import org.isthmus.comm.coll.DeviceReductions;
import org.isthmus.comm.coll.node.NodeCollectivesFactory;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.fault.Agreement;
import org.isthmus.comm.fault.Failures;
import org.isthmus.comm.group.AgreeingCommunicatorFactory;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.dynamic.DynamicProcesses;
import org.isthmus.comm.group.CommunicatorFactory;
import org.isthmus.comm.group.CommunicatorWatcher;
import org.isthmus.comm.progress.EngineLock;
import org.isthmus.comm.progress.Progress;
import org.isthmus.comm.progress.ProgressLoop;
import org.isthmus.comm.pt2pt.NodePointToPoint;
import org.isthmus.comm.pt2pt.PointToPoint;
import org.isthmus.comm.pt2pt.PointToPointOptions;
import org.isthmus.comm.rma.WindowFactory;
import org.isthmus.node.bootstrap.NodeSession;
import org.isthmus.node.config.Settings;
import org.isthmus.node.connect.ConnectedProcesses;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.shm.FailureBoard;
import org.isthmus.node.status.JobStatus;
import org.isthmus.node.status.RankStatus;
import org.isthmus.node.status.StatusReader;
import org.isthmus.node.status.StatusReport;

/** The engine of a rank: its node's segment, and through the node's multiplexer the other nodes of the job. */
final class NodeEngine implements Engine {
    private static final int WORLD_CONTEXT = 0;
    private static final int SELF_CONTEXT = 2;
    /** On it processes of several jobs agree on a context for their first communicator. */
    private static final int MEETING_CONTEXT = 4;
    private static final int FLAG_LOOKS = 64;

    private final NodeSession session;
    private final boolean reports;
    private final boolean stat;
    private volatile boolean printsCounters;
    private final RankEndpoint endpoint;
    private final EngineLock lock;
    private final ProgressLoop progress;
    private final NodePointToPoint pointToPoint;
    private final UserMemory userMemory;
    private final MemorySegment memory;
    private final Communicator world;
    private final Communicator self;
    private final CommunicatorFactory communicators;
    private final NodeCollectivesFactory collectives;
    private final WindowFactory windows;
    private final Failures failures;
    private final ConnectedProcesses connected;
    private final DynamicProcesses processes;
    /** Null unless message buffers may lie in memory of devices. */
    private final DeviceMemory devices;
    private volatile FailureHandler failureHandler;

    NodeEngine(NodeSession session, RankEndpoint endpoint, NodeRanks nodeRanks, PointToPointOptions options,
            Settings settings, boolean multiThreaded, boolean reports, DeviceMemory devices) {
        this.devices = devices;
        this.reports = reports;
        this.stat = settings.get(Settings.STAT);
        this.session = session;
        this.endpoint = endpoint;
        this.memory = endpoint.memory();
        this.userMemory = new UserMemory(endpoint.segment().heaps(),
                endpoint.segment().userHeap(endpoint.rank()), endpoint.options().heap());
        session.onTick(endpoint.counters()::publish);
        this.lock = new EngineLock(multiThreaded);
        this.progress = new ProgressLoop(endpoint, lock);
        this.pointToPoint = new NodePointToPoint(endpoint, nodeRanks, options, progress);
        progress.attach(pointToPoint);
        int rank = session.identity().rank();
        int size = session.identity().size();
        int[] ranks = new int[size];
        Arrays.setAll(ranks, i -> i);
        this.world = new Communicator(pointToPoint, progress, WORLD_CONTEXT, ranks, rank, size);
        this.self = new Communicator(pointToPoint, progress, SELF_CONTEXT, new int[] {rank}, rank, size);
        int looks = endpoint.waiter().spins() == 0 ? 1 : FLAG_LOOKS;
        this.collectives = new NodeCollectivesFactory(endpoint, nodeRanks, session::nodeOf,
                AlgorithmTable.ofPointToPoint(), looks);
        FailureBoard board = endpoint.segment().failureBoard();
        this.failures = board == null ? null : new Failures(board, endpoint.waiter(), size);
        if (failures != null) {
            pointToPoint.survive(failures);
            progress.survive(failures, this::onAbort, this::reaches);
            session.onLoss(loss -> failures.reportLost(loss.rank()));
        }
        this.communicators = new AgreeingCommunicatorFactory(new Watcher(), WORLD_CONTEXT, SELF_CONTEXT,
                MEETING_CONTEXT);
        this.connected = new ConnectedProcesses(endpoint, session.identity().universalKey(), rank, size,
                this::onConnectedFailure, this::pollConnected);
        pointToPoint.connect(connected);
        this.windows = new WindowFactory(endpoint, nodeRanks, userMemory, communicators, collectives, progress, lock,
                pointToPoint.oneSided());
        this.processes = new DynamicProcesses(connected, communicators, world, MEETING_CONTEXT, session::nodeOf,
                settings);
    }

    @Override
    public Communicator world() {
        return world;
    }

    @Override
    public Communicator self() {
        return self;
    }

    @Override
    public int nodeOf(int worldRank) {
        return connected.isForeign(worldRank) ? ELSEWHERE : session.nodeOf(worldRank);
    }

    @Override
    public DynamicProcesses processes() {
        return processes;
    }

    @Override
    public CommunicatorFactory communicators() {
        return communicators;
    }

    @Override
    public Collectives collectives(Communicator communicator) {
        CommException problem = failures == null ? null : failures.verdict(communicator.collective());
        if (problem != null) {
            throw problem;
        }
        Collectives calls = collectives.of(communicator);
        return devices == null ? calls
                : new DeviceReductions(calls, progress, communicator.rank(), communicator.localSize());
    }

    @Override
    public WindowFactory windows() {
        return windows;
    }

    @Override
    public Progress progress() {
        return progress;
    }

    @Override
    public PointToPoint pointToPoint() {
        return pointToPoint;
    }

    @Override
    public MemorySegment memory() {
        return memory;
    }

    @Override
    public ByteBuffer allocateMessageBuffer(int bytes) {
        try {
            return userMemory.allocate(bytes).asByteBuffer().order(ByteOrder.nativeOrder());
        } catch (SegmentFullException full) {
            return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
        }
    }

    /** For tests. */
    RankEndpoint endpoint() {
        return endpoint;
    }

    @Override
    public void enter() {
        lock.enter();
    }

    @Override
    public void exit() {
        lock.exit();
    }

    @Override
    public Failures failures() {
        return failures;
    }

    private boolean reaches(int lostRank) {
        return windows.reaches(lostRank);
    }

    /** Another rank ended the job, and maybe no control connection is left to say so. */
    private void onAbort() {
        String text = "a rank ended the job with code " + failures.aborted();
        progress.fail(text);
        Thread.ofPlatform().daemon().start(() -> failureHandler.onFailure(-1, failures.aborted(), text));
    }

    @Override
    public void onFailure(FailureHandler handler) {
        failureHandler = handler;
        if (failures == null && session.ranks().isWholeJob()) {
            // Who survives may still read what the dead have exposed: their heaps are taken back once all have said
            // that they do not (Failures). On several nodes the wire may still write into them.
            session.onLocalDeath(endpoint::markDead);
        }
        session.onFailure(failure -> {
            handler.beforeWaitsEnd();
            connected.tellFailure(failure.exitCode(), failure.description());
            progress.fail(failure.rank() < 0 ? failure.description()
                    : "rank " + failure.rank() + " failed: " + failure.description());
            handler.onFailure(failure.rank(), failure.exitCode(), failure.description());
        });
    }

    private void pollConnected() {
        progress.register(connected::poll);
    }

    private void onConnectedFailure(int exitCode, String description) {
        FailureHandler handler = failureHandler;
        if (handler != null) {
            handler.beforeWaitsEnd();
        }
        session.reportFailure(exitCode, description);
        connected.tellFailure(exitCode, description);
        progress.fail(description);
        if (handler != null) {
            handler.onFailure(-1, exitCode, description);
        }
    }

    @Override
    public void reportFailure(int code, String message) {
        session.reportFailure(code, message);
        connected.tellFailure(code, message);
        processes.close();
    }

    @Override
    public void abort(int code, String message) {
        if (failures != null) {
            failures.reportAbort(code);
        }
        reportFailure(code, message);
        Runtime.getRuntime().halt(code);
    }

    @Override
    public void finish() {
        endpoint.counters().publish();
        if (failures == null) {
            collectives(world).barrier();
        } else {
            Agreement last = Agreement.onFlags(failures, world, 0);
            progress.await(last);
            last.end();
        }
        windows.stop();
        processes.close();
        connected.close();
        if (devices != null) {
            UserBuffer.useDevices(null);
            devices.close();
        }
        userMemory.check();
        if (reports) {
            System.err.print("rank " + session.identity().rank() + " " + endpoint.heapReport());
        }
        printStatus();
        endpoint.close();
        session.close();
    }

    /** The others, whose counters rank 0 shows, have shown their last when they left. */
    private void printStatus() {
        boolean all = stat && session.identity().localRank() == 0;
        if (!all && !printsCounters) {
            return;
        }
        if (all && failures == null) { // the dead would never leave
            session.awaitOthers();
        }
        try (StatusReader reader = StatusReader.of(endpoint.segment())) {
            endpoint.counters().publish();
            JobStatus status = reader.read().orElseThrow();
            if (all) {
                System.err.print(StatusReport.of(status));
            }
            if (printsCounters) {
                RankStatus own = status.ranks().stream().filter(rank -> rank.place() == endpoint.rank()).findFirst()
                        .orElseThrow();
                System.err.print("rank " + own.rank() + ": counters\n" + StatusReport.of(own));
            }
        } catch (IOException e) {
            throw new CommException(ErrorClass.INTERN, e.getMessage(), e);
        }
    }

    @Override
    public void printCountersAtEnd() {
        printsCounters = true;
    }

    private final class Watcher implements CommunicatorWatcher {
        @Override
        public void onMade(Communicator communicator) {
            connected.hold(communicator.wholeGroup().worldRanks());
        }

        @Override
        public void onFreed(Communicator communicator) {
            collectives.free(communicator);
            connected.release(communicator.wholeGroup().worldRanks());
        }
    }
}
