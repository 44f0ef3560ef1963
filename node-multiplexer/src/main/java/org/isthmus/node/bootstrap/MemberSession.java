package org.isthmus.node.bootstrap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.util.function.Consumer;

/** The session of a rank after wire-up. */
final class MemberSession implements NodeSession {
    private final JobIdentity identity;
    private final FileChannel segment;
    private final int processors;
    private final ControlLoop loop;
    private final FailureNotice notice;

    /**
     * @param loop the running control loop, null if there is neither another rank nor a launcher
     */
    MemberSession(JobIdentity identity, FileChannel segment, int processors, ControlLoop loop, FailureNotice notice) {
        this.identity = identity;
        this.segment = segment;
        this.processors = processors;
        this.loop = loop;
        this.notice = notice;
    }

    @Override
    public JobIdentity identity() {
        return identity;
    }

    @Override
    public int processors() {
        return processors;
    }

    @Override
    public FileChannel segment() {
        return segment;
    }

    @Override
    public void onFailure(Consumer<Failure> handler) {
        notice.onFailure(handler);
    }

    @Override
    public void reportFailure(int exitCode, String description) {
        notice.silence();
        if (loop != null) {
            int code = exitCode == 0 ? ControlLoop.UNKNOWN_EXIT_CODE : exitCode;
            loop.report(new Failure(identity.rank(), code, description));
        }
    }

    @Override
    public void close() {
        notice.silence();
        if (loop != null) {
            loop.sayGoodbye();
            loop.stop();
        }
        try {
            segment.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
