package org.isthmus.comm;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.stream.IntStream;
import org.isthmus.comm.buffer.ConfinedMemory;
import org.isthmus.comm.buffer.DeviceMemory;
import org.isthmus.comm.buffer.UserBuffer;
import org.isthmus.comm.device.CudaDevices;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.pt2pt.PointToPointOptions;
import org.isthmus.node.bootstrap.BootstrapException;
import org.isthmus.node.bootstrap.JobIdentity;
import org.isthmus.node.bootstrap.NodeSession;
import org.isthmus.node.bootstrap.NodeSessions;
import org.isthmus.node.config.AllocatorOptions;
import org.isthmus.node.config.CudaSetting;
import org.isthmus.node.config.SettingException;
import org.isthmus.node.config.Settings;
import org.isthmus.node.endpoint.Bell;
import org.isthmus.node.endpoint.EndpointOptions;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.shm.NodeSegment;
import org.isthmus.node.status.NodeStatus;

/** Builds the engine of this process: joins the job, maps the segment, puts the parts together. */
final class EngineStarter {
    /** Digits of a job's key that tell it from others on sight. */
    private static final int JOB_NAME = 8;

    private EngineStarter() {}

    static Engine start(boolean multiThreaded) {
        try {
            Settings settings = Settings.load();
            UserBuffer.takeAnyArray(settings.get(Settings.ARRAY_TYPES).equals("any"));
            if (multiThreaded) {
                ConfinedMemory.refuse();
            }
            NodeSession session = NodeSessions.join(settings);
            JobIdentity job = session.identity();
            NodeRanks ranks = session.ranks();
            AllocatorOptions allocator = AllocatorOptions.of(settings);
            NodeSegment segment = segment(session, ranks, settings);
            boolean oversubscribed = isOversubscribed(settings, session);
            RankEndpoint endpoint = new RankEndpoint(segment, job.localRank(),
                    EndpointOptions.of(settings, settings.get(Settings.MAX_RINGS), allocator.heap()), oversubscribed);
            describe(segment, session);
            if (job.localRank() == 0) {
                allocator.learner().ifPresent(endpoint::learn);
            }
            String[] bells = session.joinNodes(oversubscribed);
            for (int shard = 0; shard < bells.length; shard++) {
                int place = ranks.multiplexer(shard);
                Bell.open(bells[shard]).ifPresent(bell -> endpoint.waiter().setBell(place, bell));
            }
            DeviceMemory devices = devices(settings, endpoint);
            UserBuffer.useDevices(devices);
            return new NodeEngine(session, endpoint, ranks, pointToPointOptions(settings), settings,
                    multiThreaded, allocator.report(), devices);
        } catch (BootstrapException | SettingException e) {
            throw new CommException(ErrorClass.OTHER, e.getMessage(), e);
        } catch (IOException e) {
            throw new CommException(ErrorClass.OTHER, "the node segment cannot be used: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommException(ErrorClass.OTHER, "interrupted while starting", e);
        }
    }

    /** Null if the program's message buffers are all in memory of the host. */
    private static DeviceMemory devices(Settings settings, RankEndpoint endpoint) {
        String library = settings.get(Settings.CUDA_LIBRARY);
        return switch (CudaSetting.of(settings)) {
            case ON -> CudaDevices.open(library, endpoint.memory());
            case IF_THERE -> CudaDevices.openIfThere(library, endpoint.memory());
            case OFF -> null;
        };
    }

    private static NodeSegment segment(NodeSession session, NodeRanks ranks, Settings settings)
            throws IOException, InterruptedException {
        if (session.identity().localRank() != 0) {
            Duration timeout = settings.get(Settings.WIREUP_TIMEOUT);
            return NodeSegment.attach(session.segment(), ranks.places(), timeout.toNanos());
        }
        long window = settings.get(Settings.SEGMENT_WINDOW);
        if (window == 0) {
            window = Files.getFileStore(settings.get(Settings.SHM_DIRECTORY)).getTotalSpace() / 3 * 4;
        }
        return NodeSegment.create(session.segment(), ranks.places(), window,
                settings.get(Settings.FAILURE).equals("survive"));
    }

    /** Lets others see who this is. */
    private static void describe(NodeSegment segment, NodeSession session) {
        NodeStatus status = new NodeStatus(segment);
        JobIdentity job = session.identity();
        status.joinAsRank(job.localRank(), job.rank());
        if (job.localRank() == 0) {
            String program = System.getProperty("sun.java.command", "").split(" ", 2)[0];
            int nodes = 1 + IntStream.range(0, job.size()).map(session::nodeOf).max().orElse(0);
            status.describe(job.universalKey().substring(0, JOB_NAME), job.launcher(), program, job.size(),
                    session.nodeOf(job.rank()), nodes);
        }
    }

    private static boolean isOversubscribed(Settings settings, NodeSession session) {
        String setting = settings.get(Settings.OVERSUBSCRIBED);
        return setting.equals("auto") ? session.ranks().places() > session.processors()
                : Boolean.parseBoolean(setting);
    }

    private static PointToPointOptions pointToPointOptions(Settings settings) {
        return new PointToPointOptions(settings.get(Settings.INLINE_LIMIT).intValue(),
                settings.get(Settings.EAGER_LIMIT).intValue(), settings.get(Settings.SHARED_LIMIT).intValue(),
                settings.get(Settings.FRAGMENT_BYTES).intValue(), settings.get(Settings.EAGER_WINDOW),
                settings.get(Settings.REMOTE_EAGER_LIMIT).intValue(), settings.get(Settings.PIECE_BYTES).intValue());
    }
}
