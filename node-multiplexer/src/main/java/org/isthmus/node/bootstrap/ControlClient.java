package org.isthmus.node.bootstrap;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The control loop of a rank other than local rank 0: one connection, to local rank 0. */
final class ControlClient extends ControlLoop {
    private static final long WATCH_MILLIS = 20;

    private final JobDirectory directory;
    private final ControlConnection connection;
    private volatile FileChannel segment;
    private boolean centreLeft;
    /** Of a job that survives losses: its processes by rank; null for one known to have ended. */
    private final List<LauncherProcess> members = new ArrayList<>();
    private final int rank;
    private boolean watching;

    ControlClient(SocketChannel channel, JobDirectory directory, JobIdentity identity,
            Optional<LauncherProcess> launcher, FailureNotice notice, boolean survives) throws IOException {
        super(launcher, notice, survives);
        this.rank = identity.rank();
        this.directory = directory;
        channel.configureBlocking(false);
        connection = new ControlConnection(channel);
        connection.send(new ControlMessage.Hello(ControlMessage.MAGIC, ControlMessage.VERSION,
                JobDirectory.hash(identity.jobKey()), identity.rank(), identity.localRank(), identity.size(),
                LauncherProcess.currentPid(), ProcessorSet.ofThisProcess()));
        channel.register(selector, SelectionKey.OP_READ);
    }

    /** The node's segment, once {@link #wired} is complete. */
    FileChannel segment() {
        return segment;
    }

    @Override
    void ready(SelectionKey key) {
        boolean open;
        boolean gone = true;
        try {
            open = connection.fill();
            gone = !open;
            for (ControlMessage message = connection.next(); message != null; message = connection.next()) {
                receive(message);
            }
        } catch (IOException e) {
            open = false;
        }
        if (!open) {
            key.cancel();
            if (gone && !centreLeft) {
                deaths.raise(0);
            }
            if (!centreLeft) {
                String text = "rank 0 ended without leaving the job: it was killed or left without MPI.Finalize";
                if (survives && wired.isDone() && !launcherDied()) {
                    notice.raiseLoss(new NodeSession.Failure(0, UNKNOWN_EXIT_CODE, text));
                    watching = true;
                } else {
                    fail(lost(0, text));
                }
            }
        }
    }

    private void receive(ControlMessage message) throws IOException {
        if (message == ControlMessage.Signal.WELCOME) {
            segment = directory.openSegment();
            connection.send(ControlMessage.Signal.OPENED);
        } else if (message instanceof ControlMessage.Go go) {
            wired.complete(go.processors());
        } else if (message instanceof ControlMessage.Lost lost) {
            notice.raiseLoss(new NodeSession.Failure(lost.rank(), UNKNOWN_EXIT_CODE, lost.description()));
        } else if (message instanceof ControlMessage.Members all) {
            for (long pid : all.pids()) {
                members.add(LauncherProcess.of("rank " + members.size(), pid));
            }
        } else if (message == ControlMessage.Signal.GOODBYE) {
            centreLeft = true;
        } else if (message instanceof ControlMessage.Failed failed) {
            fail(new NodeSession.Failure(failed.rank(), failed.exitCode(), failed.description()));
        } else if (message instanceof ControlMessage.Dead dead) {
            deaths.raise(dead.localRank());
        } else if (message instanceof ControlMessage.Refused refused) {
            wired.completeExceptionally(
                    new BootstrapException("local rank 0 refused this process: " + refused.reason()));
        } else {
            throw new IOException("local rank 0 sent " + message + ", which only other ranks send");
        }
    }

    @Override
    long tickMillis() {
        return watching ? WATCH_MILLIS : TICK_MILLIS;
    }

    /** Without local rank 0 nobody tells of the loss of others. */
    @Override
    void tick() {
        for (int i = 1; watching && i < members.size(); i++) {
            LauncherProcess member = members.get(i);
            if (member != null && i != rank && !member.isAlive()) {
                members.set(i, null);
                notice.raiseLoss(new NodeSession.Failure(i, UNKNOWN_EXIT_CODE, member + " ended"));
            }
        }
    }

    @Override
    void report(NodeSession.Failure failure) {
        connection.send(new ControlMessage.Failed(failure.rank(), failure.exitCode(), failure.description()));
    }

    @Override
    void sayGoodbye() {
        connection.send(ControlMessage.Signal.GOODBYE);
    }

    @Override
    void closeChannels() throws IOException {
        connection.close();
    }
}
