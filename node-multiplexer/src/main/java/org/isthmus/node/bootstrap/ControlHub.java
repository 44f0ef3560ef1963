package org.isthmus.node.bootstrap;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The control loop of local rank 0, the centre of the star: admits the other ranks, says go when all have the segment
 * open, and relays the first failure. A connection that says nothing or nonsense never holds up another one.
 */
final class ControlHub extends ControlLoop {
    private static final int BACKLOG = 4096;

    /** A connection; a member of the job once its hello has been accepted. */
    private static final class Member {
        final ControlConnection connection;
        ControlMessage.Hello hello;
        boolean opened;
        /** It needs nothing of this rank any more: it left in order, or has failed. */
        boolean left;
        boolean leftInOrder;

        Member(ControlConnection connection) {
            this.connection = connection;
        }
    }

    private final JobDirectory directory;
    private final JobIdentity identity;
    private final byte[] jobHash;
    private final long deadline;
    private final ServerSocketChannel server;
    /** By local rank; index 0, this rank itself, stays null. Guarded by itself: a reporting thread reads it too. */
    private final Member[] members;
    private final ProcessorSet ownProcessors = ProcessorSet.ofThisProcess();
    private ProcessorSet processors = ownProcessors;
    private int openedCount;
    private int leftCount;

    /**
     * @param deadline value of {@link System#nanoTime} at which the wire-up fails
     */
    ControlHub(JobDirectory directory, JobIdentity identity, long deadline, Optional<LauncherProcess> launcher,
            FailureNotice notice, boolean survives) throws IOException {
        super(launcher, notice, survives);
        this.directory = directory;
        this.identity = identity;
        this.deadline = deadline;
        jobHash = JobDirectory.hash(identity.jobKey());
        members = new Member[identity.localSize()];
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(directory.socket()), BACKLOG);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
    }

    @Override
    void ready(SelectionKey key) {
        if (key.channel() == server) {
            accept();
            return;
        }
        Member member = (Member) key.attachment();
        boolean open;
        boolean gone = true;
        try {
            open = member.connection.fill();
            gone = !open;
            for (ControlMessage message = member.connection.next(); message != null && key.isValid();
                    message = member.connection.next()) {
                receive(member, message);
            }
        } catch (IOException e) {
            open = false;
        }
        if (!open) {
            if (gone) {
                died(member);
            }
            ended(member);
        }
    }

    private void accept() {
        try {
            SocketChannel channel = server.accept();
            if (channel != null) {
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ, new Member(new ControlConnection(channel)));
            }
        } catch (IOException e) {
            failAll(new NodeSession.Failure(identity.rank(), UNKNOWN_EXIT_CODE,
                    "rank " + identity.rank() + " cannot accept connections on " + directory.socket() + ": " + e));
        }
    }

    private void receive(Member member, ControlMessage message) throws IOException {
        if (member.hello == null) {
            if (!(message instanceof ControlMessage.Hello hello) || hello.magic() != ControlMessage.MAGIC) {
                throw new IOException("no hello of a rank");
            }
            admit(member, hello);
            return;
        }
        if (message == ControlMessage.Signal.OPENED) {
            opened(member);
        } else if (message == ControlMessage.Signal.GOODBYE) {
            member.leftInOrder = true;
            left(member);
        } else if (message instanceof ControlMessage.Failed failed) {
            left(member);
            failAll(new NodeSession.Failure(failed.rank(), failed.exitCode(), failed.description()));
        } else {
            throw new IOException("unexpected " + message);
        }
    }

    private void admit(Member member, ControlMessage.Hello hello) throws IOException {
        String refusal = refusal(hello);
        if (refusal != null) {
            member.connection.send(new ControlMessage.Refused(refusal));
            member.connection.close();
            return;
        }
        member.hello = hello;
        processors = processors.union(hello.processors());
        synchronized (members) {
            members[hello.localRank()] = member;
        }
        member.connection.send(ControlMessage.Signal.WELCOME);
    }

    /** Why a hello is not accepted, or null. */
    private String refusal(ControlMessage.Hello hello) {
        if (hello.version() != ControlMessage.VERSION) {
            return "it speaks version " + hello.version() + " of the wire-up, this one speaks "
                    + ControlMessage.VERSION + "; give all ranks the same isthmus.jar";
        }
        if (!Arrays.equals(hello.jobHash(), jobHash)) {
            return "it belongs to another job";
        }
        if (hello.size() != identity.size()) {
            return "it says that the job has " + hello.size() + " ranks, rank " + identity.rank() + " says "
                    + identity.size();
        }
        if (hello.localRank() < 1 || hello.localRank() >= members.length || hello.rank() < 0
                || hello.rank() >= identity.size()) {
            return "rank " + hello.rank() + " with local rank " + hello.localRank() + " is not in 1 to "
                    + (members.length - 1);
        }
        Member other = members[hello.localRank()];
        if (other != null) {
            return "processes " + other.hello.pid() + " and " + hello.pid() + " both say that they are rank "
                    + hello.rank() + "; check that the launcher starts each rank once";
        }
        return null;
    }

    private void opened(Member member) throws IOException {
        if (!member.opened) {
            member.opened = true;
            openedCount++;
            completeIfAllOpened();
        }
    }

    private void completeIfAllOpened() throws IOException {
        if (openedCount == members.length - 1) {
            server.close();
            directory.remove();
            int count = processors.count(ownProcessors, Runtime.getRuntime().availableProcessors());
            if (survives) {
                long[] pids = new long[members.length];
                Arrays.setAll(pids, i -> i == 0 ? LauncherProcess.currentPid() : members[i].hello.pid());
                broadcast(new ControlMessage.Members(pids));
            }
            broadcast(new ControlMessage.Go(count));
            wired.complete(count);
        }
    }

    /** The kernel has closed the connection, as it does when a process ends however it ends. */
    private void died(Member member) {
        if (member.hello != null && !member.leftInOrder) {
            deaths.raise(member.hello.localRank());
            broadcast(new ControlMessage.Dead(member.hello.localRank()));
        }
    }

    private void ended(Member member) {
        try {
            member.connection.close();
        } catch (IOException e) {
            // nothing of it is used any more
        }
        if (member.hello != null && !member.left) {
            left(member);
            int rank = member.hello.rank();
            String text = "rank " + rank + " (pid " + member.hello.pid() + ") ended without leaving the job: it "
                    + "was killed or left without MPI.Finalize";
            if (survives && wired.isDone() && !launcherDied()) {
                broadcast(new ControlMessage.Lost(rank, text));
                notice.raiseLoss(new NodeSession.Failure(rank, UNKNOWN_EXIT_CODE, text));
            } else {
                failAll(lost(rank, text));
            }
        }
    }

    private void left(Member member) {
        if (!member.left) {
            member.left = true;
            leftCount++;
            if (leftCount == members.length - 1) {
                othersLeft.complete(null);
            }
        }
    }

    private void failAll(NodeSession.Failure failure) {
        report(failure);
        fail(failure);
    }

    @Override
    void report(NodeSession.Failure failure) {
        broadcast(new ControlMessage.Failed(failure.rank(), failure.exitCode(), failure.description()));
    }

    /** Sends to every member that is still there; one that cannot be reached ends by its closed connection. */
    private void broadcast(ControlMessage message) {
        synchronized (members) {
            for (Member member : members) {
                if (member != null && !member.left) {
                    member.connection.send(message);
                }
            }
        }
    }

    @Override
    void tick() {
        if (!wired.isDone() && System.nanoTime() - deadline > 0) {
            String text = missingText();
            failAll(new NodeSession.Failure(identity.rank(), UNKNOWN_EXIT_CODE, text));
        }
    }

    private String missingText() {
        List<String> missing = new ArrayList<>();
        IntStream.range(1, members.length).filter(i -> members[i] == null).forEach(i -> missing.add("" + i));
        String who = missing.isEmpty()
                ? "local ranks " + IntStream.range(1, members.length).filter(i -> !members[i].opened)
                        .mapToObj(Integer::toString).collect(Collectors.joining(", ")) + " did not open the segment"
                : "local ranks " + String.join(", ", missing) + " did not come";
        return "wire-up of " + identity.size() + " ranks started by " + identity.launcher() + " timed out: " + who
                + " in time. Check that every rank calls MPI.Init, runs on this node, as this user, with the same "
                + "isthmus.shm.dir (ISTHMUS_SHM_DIR), and that none ended early; a slow start needs a longer "
                + "isthmus.wireup.timeout (ISTHMUS_WIREUP_TIMEOUT)";
    }

    @Override
    void sayGoodbye() {
        broadcast(ControlMessage.Signal.GOODBYE);
    }

    @Override
    void closeChannels() throws IOException {
        server.close();
        synchronized (members) {
            for (Member member : members) {
                if (member != null) {
                    member.connection.close();
                }
            }
        }
    }
}
