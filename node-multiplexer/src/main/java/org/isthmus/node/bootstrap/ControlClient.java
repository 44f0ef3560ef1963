package org.isthmus.node.bootstrap;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/** The control loop of a rank other than local rank 0: one connection, to local rank 0. */
final class ControlClient extends ControlLoop {
    private final JobDirectory directory;
    private final ControlConnection connection;
    private volatile FileChannel segment;
    private boolean centreLeft;

    ControlClient(SocketChannel channel, JobDirectory directory, JobIdentity identity,
            Optional<LauncherProcess> launcher, FailureNotice notice) throws IOException {
        super(launcher, notice);
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
                fail(lost(0, "rank 0 ended without leaving the job: it was killed or left without MPI.Finalize"));
            }
        }
    }

    private void receive(ControlMessage message) throws IOException {
        if (message == ControlMessage.Signal.WELCOME) {
            segment = directory.openSegment();
            connection.send(ControlMessage.Signal.OPENED);
        } else if (message instanceof ControlMessage.Go go) {
            wired.complete(go.processors());
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
    void tick() {}

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
