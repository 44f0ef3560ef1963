package org.isthmus.comm;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.isthmus.allocator.UserMemory;
import org.isthmus.allocator.segment.SegmentFullException;
import org.isthmus.comm.coll.AlgorithmTable;
import org.isthmus.comm.coll.Collectives;
import org.isthmus.comm.coll.node.NodeCollectivesFactory;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.fault.Agreement;
import org.isthmus.comm.fault.Failures;
import org.isthmus.comm.group.AgreeingCommunicatorFactory;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.group.CommunicatorFactory;
import org.isthmus.comm.progress.EngineLock;
import org.isthmus.comm.progress.Progress;
import org.isthmus.comm.progress.ProgressLoop;
import org.isthmus.comm.pt2pt.NodePointToPoint;
import org.isthmus.comm.pt2pt.PointToPoint;
import org.isthmus.comm.pt2pt.PointToPointOptions;
import org.isthmus.node.bootstrap.NodeSession;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.shm.FailureBoard;

/** The engine of a rank: its node's segment, and through the node's multiplexer the other nodes of the job. */
final class NodeEngine implements Engine {
    private static final int WORLD_CONTEXT = 0;
    private static final int SELF_CONTEXT = 2;
    private static final int FLAG_LOOKS = 64;

    private final NodeSession session;
    private final EngineLock lock;
    private final ProgressLoop progress;
    private final NodePointToPoint pointToPoint;
    private final UserMemory userMemory;
    private final MemorySegment memory;
    private final Communicator world;
    private final Communicator self;
    private final CommunicatorFactory communicators;
    private final NodeCollectivesFactory collectives;
    private final Failures failures;
    private FailureHandler failureHandler;

    NodeEngine(NodeSession session, RankEndpoint endpoint, NodeRanks nodeRanks, PointToPointOptions options,
            boolean multiThreaded) {
        this.session = session;
        this.memory = endpoint.memory();
        this.userMemory = new UserMemory(endpoint.segment().pool());
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
        this.collectives = new NodeCollectivesFactory(endpoint, nodeRanks, AlgorithmTable.ofPointToPoint(), looks);
        FailureBoard board = endpoint.segment().failureBoard();
        this.failures = board == null ? null : new Failures(board, endpoint.waiter());
        if (failures != null) {
            pointToPoint.survive(failures);
            progress.survive(failures, this::onAbort);
            session.onLoss(loss -> failures.reportLost(loss.rank()));
        }
        this.communicators = new AgreeingCommunicatorFactory(collectives::free, WORLD_CONTEXT, SELF_CONTEXT);
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
        return session.nodeOf(worldRank);
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
        return collectives.of(communicator);
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

    /** Another rank ended the job, and maybe no control connection is left to say so. */
    private void onAbort() {
        String text = "a rank ended the job with code " + failures.aborted();
        progress.fail(text);
        Thread.ofPlatform().daemon().start(() -> failureHandler.onFailure(-1, failures.aborted(), text));
    }

    @Override
    public void onFailure(FailureHandler handler) {
        failureHandler = handler;
        session.onFailure(failure -> {
            progress.fail(failure.rank() < 0 ? failure.description()
                    : "rank " + failure.rank() + " failed: " + failure.description());
            handler.onFailure(failure.rank(), failure.exitCode(), failure.description());
        });
    }

    @Override
    public void reportFailure(int code, String message) {
        session.reportFailure(code, message);
    }

    @Override
    public void abort(int code, String message) {
        if (failures != null) {
            failures.reportAbort(code);
        }
        session.reportFailure(code, message);
        Runtime.getRuntime().halt(code);
    }

    @Override
    public void finish() {
        if (failures == null) {
            collectives(world).barrier();
        } else {
            Agreement last = Agreement.onFlags(failures, world, 0);
            progress.await(last);
            last.end();
        }
        session.close();
    }
}
