package org.isthmus.node.bootstrap;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.isthmus.node.bootstrap.exchange.RendezvousServer;

/**
 * Tells the ranks of a job on one node that wait in {@code MPI.Init} which others have ended and will never come: the
 * launcher knows that at once, the ranks only when their wire-up times out.
 *
 * <p>As long as local rank 0 lives, it is told by the way that ranks report failures. In its place, once it has ended,
 * this answers the ranks that look for it. Ranks that have met, or never call {@code MPI.Init}, take no notice. Nothing
 * is done within a second of the first end, so that a job that ends in order is not troubled.
 *
 * <p>Any thread; the work is done on a thread of its own. {@link #close} leaves nothing in the file system.
 */
public final class EndedRanks implements AutoCloseable {
    private static final long FIRST_LOOK_MILLIS = 1000;
    private static final long LOOK_MILLIS = 200;
    private static final int BACKLOG = 1024;

    private final Path sharedMemory;
    private final String jobKey;
    private final int size;
    private final Set<Integer> ended = new TreeSet<>();
    private final List<ControlConnection> told = new ArrayList<>();
    private JobDirectory directory;
    private ServerSocketChannel server;
    private Thread worker;
    private boolean closed;

    /**
     * @param sharedMemory where the ranks look for each other
     * @param launcherKey the launcher's text for the job, as {@link RankPlace#tell} gave it to them
     * @param size ranks of the job
     */
    public EndedRanks(Path sharedMemory, String launcherKey, int size) {
        this.sharedMemory = sharedMemory;
        this.jobKey = LauncherScheme.ISTHMUS.name() + "|" + launcherKey;
        this.size = size;
    }

    /** The process of that rank has ended while others run. */
    public synchronized void ended(int rank) {
        ended.add(rank);
        if (worker == null && !closed) {
            worker = Thread.ofPlatform().daemon().name("isthmus-ended-ranks").start(this::run);
        }
    }

    private void run() {
        try {
            Thread.sleep(FIRST_LOOK_MILLIS);
            while (look()) {
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | BootstrapException e) {
            System.getLogger(EndedRanks.class.getName()).log(System.Logger.Level.WARNING,
                    "ranks that wait for one that has ended cannot be told", e);
        }
    }

    /** False when there is nothing to do any more. */
    private synchronized boolean look() throws IOException, InterruptedException {
        if (closed) {
            return false;
        }
        if (directory == null) {
            directory = new JobDirectory(sharedMemory, jobKey);
        }
        if (ended.contains(0)) {
            answerInPlaceOfRank0();
        } else if (told.isEmpty() && directory.verify()) {
            tellRank0();
        }
        return true;
    }

    private void answerInPlaceOfRank0() throws IOException, InterruptedException {
        if (server == null) {
            directory.create(System.nanoTime()).close();
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(directory.socket()), BACKLOG);
            server.configureBlocking(false);
        }
        for (SocketChannel waiting = server.accept(); waiting != null; waiting = server.accept()) {
            waiting.configureBlocking(false);
            tell(waiting, 0);
        }
    }

    private void tellRank0() throws IOException {
        int rank = ended.iterator().next();
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(directory.socket()));
        } catch (IOException e) {
            channel.close(); // not listening yet, or just wired up
            return;
        }
        channel.configureBlocking(false);
        new ControlConnection(channel).send(new ControlMessage.Hello(ControlMessage.MAGIC, ControlMessage.VERSION,
                JobDirectory.hash(jobKey), rank, rank, size, LauncherProcess.currentPid(),
                ProcessorSet.ofThisProcess()));
        tell(channel, rank);
    }

    private void tell(SocketChannel channel, int rank) {
        ControlConnection connection = new ControlConnection(channel);
        connection.send(new ControlMessage.Failed(rank, ControlLoop.UNKNOWN_EXIT_CODE,
                RendezvousServer.endedEarly(ended.stream().mapToInt(Integer::intValue), size)));
        told.add(connection); // open until the end: the other side reads before it sees it closed
    }

    @Override
    public synchronized void close() {
        closed = true;
        try {
            for (ControlConnection connection : told) {
                connection.close();
            }
            if (server != null) {
                server.close();
            }
            if (directory != null) {
                directory.remove();
            }
        } catch (IOException e) {
            System.getLogger(EndedRanks.class.getName()).log(System.Logger.Level.WARNING,
                    "the files of the job could not be removed", e);
        }
    }
}
