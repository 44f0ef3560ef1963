package org.isthmus.node.bootstrap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.mux.JobFailure;
import org.isthmus.node.mux.MultiplexerProcess;

/** The session of a rank after wire-up. */
final class MemberSession implements NodeSession {
    private final JobIdentity identity;
    private final SegmentChannel segment;
    private final int processors;
    private final ControlLoop loop;
    private final FailureNotice notice;
    private final SeveralNodes nodes;
    private volatile MultiplexerProcess multiplexer;

    /**
     * @param loop the running control loop, null if there is neither another rank nor a launcher
     * @param nodes null for a job without multiplexers
     */
    MemberSession(JobIdentity identity, SegmentChannel segment, int processors, ControlLoop loop, FailureNotice notice,
            SeveralNodes nodes) {
        this.identity = identity;
        this.segment = segment;
        this.processors = processors;
        this.loop = loop;
        this.notice = notice;
        this.nodes = nodes;
    }

    @Override
    public JobIdentity identity() {
        return identity;
    }

    @Override
    public NodeRanks ranks() {
        return nodes == null ? NodeRanks.all(identity.size()) : nodes.ranksHere();
    }

    @Override
    public int nodeOf(int rank) {
        return nodes == null ? 0 : nodes.map().node(rank);
    }

    @Override
    public String[] joinNodes(boolean oversubscribed) {
        if (nodes == null) {
            return new String[0];
        }
        multiplexer = nodes.startMultiplexer(segment.name(), oversubscribed, this::onFailureElsewhere);
        String[] bells = nodes.bells();
        nodes.close();
        return bells;
    }

    /** Another node failed: tells the ranks of this one. */
    private void onFailureElsewhere(JobFailure failure) {
        Failure known = new Failure(failure.rank(), failure.exitCode(), failure.description());
        if (loop != null) {
            loop.report(known);
            loop.fail(known);
        } else {
            notice.raise(known);
        }
    }

    @Override
    public int processors() {
        return processors;
    }

    @Override
    public FileChannel segment() {
        return segment.channel();
    }

    @Override
    public void onFailure(Consumer<Failure> handler) {
        notice.onFailure(failure -> {
            tellNodes(failure);
            handler.accept(failure);
        });
    }

    @Override
    public void onLocalDeath(IntConsumer handler) {
        if (loop != null) {
            loop.deaths.onDeath(handler);
        }
    }

    @Override
    public void onTick(Runnable handler) {
        if (loop != null) {
            loop.onTick(handler);
        }
    }

    @Override
    public void onLoss(Consumer<Failure> handler) {
        notice.onLoss(handler);
    }

    @Override
    public void reportFailure(int exitCode, String description) {
        notice.silence();
        int code = exitCode == 0 ? ControlLoop.UNKNOWN_EXIT_CODE : exitCode;
        Failure failure = new Failure(identity.rank(), code, description);
        if (loop != null) {
            loop.report(failure);
        }
        tellNodes(failure);
    }

    private void tellNodes(Failure failure) {
        if (multiplexer != null) {
            multiplexer.fail(new JobFailure(failure.rank(), failure.exitCode(), failure.description()));
        }
    }

    @Override
    public void awaitOthers() {
        if (loop != null && identity.localSize() > 1) {
            loop.othersLeft.join();
        }
    }

    @Override
    public void close() {
        if (multiplexer != null) {
            awaitOthers();
            notice.silence();
            multiplexer.stop();
        }
        notice.silence();
        if (loop != null) {
            loop.sayGoodbye();
            loop.stop();
        }
        try {
            segment.channel().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
