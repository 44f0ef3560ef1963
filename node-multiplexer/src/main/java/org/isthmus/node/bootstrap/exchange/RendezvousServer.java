package org.isthmus.node.bootstrap.exchange;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.isthmus.node.wire.SharedSecret;

/**
 * The meeting point of a job's ranks: keeps the values, counts fences, tells all when one is lost. Runs in the launcher
 * or in rank 0, on threads of its own; listens on the given addresses only. Who does not prove that it knows the job's
 * secret within {@link #HELLO_TIME} is shut out and holds up nobody.
 */
public final class RendezvousServer implements AutoCloseable {
    static final Duration HELLO_TIME = Duration.ofSeconds(5);
    private static final int MORE_HELLOS_THAN_RANKS = 64;
    private static final int BACKLOG = 4096;
    private static final long TICK_MILLIS = 50;

    private final JobSecret secret;
    private final byte[] job;
    private final int size;
    private final Duration timeout;
    private final List<ServerSocket> listeners = new ArrayList<>();
    /** Connections that have not said hello. */
    private final Set<RendezvousStream> strangers = ConcurrentHashMap.newKeySet();
    // the rest is guarded by this
    private final RendezvousStream[] members;
    private final RendezvousHello[] hellos;
    private final Map<String, byte[][]> values = new HashMap<>();
    private final BitSet arrived = new BitSet();
    private final BitSet left = new BitSet();
    /** Ranks that ended before they came. */
    private final BitSet absent = new BitSet();
    private Deadline fenceDeadline;
    private String failure;
    private volatile boolean closed;

    private RendezvousServer(JobSecret secret, String jobId, int size, Duration timeout) {
        this.secret = secret;
        this.job = RendezvousHello.jobHash(jobId);
        this.size = size;
        this.timeout = timeout;
        this.members = new RendezvousStream[size];
        this.hellos = new RendezvousHello[size];
    }

    /**
     * Starts to listen.
     *
     * @param addresses where; port 0 takes a free one
     * @param jobId text that all ranks of the job give
     * @param timeout how long the first rank at a fence waits for the last one
     */
    public static RendezvousServer open(List<InetSocketAddress> addresses, JobSecret secret, String jobId, int size,
            Duration timeout) {
        RendezvousServer server = new RendezvousServer(secret, jobId, size, timeout);
        for (InetSocketAddress address : addresses) {
            try {
                ServerSocket listener = new ServerSocket();
                server.listeners.add(listener);
                listener.bind(address, BACKLOG);
            } catch (IOException e) {
                server.close();
                throw new ExchangeException("cannot listen on " + address + " for the ranks of the job: "
                        + ExchangeException.reason(e) + "; choose another address or port, or end"
                        + " the process that has it", e);
            }
        }
        for (ServerSocket listener : server.listeners) {
            Thread.ofPlatform().daemon().name("isthmus-rendezvous").start(() -> server.accept(listener));
        }
        Thread.ofPlatform().daemon().name("isthmus-rendezvous-clock").start(server::watchDeadline);
        return server;
    }

    /** Where it listens, with the ports taken. */
    public List<InetSocketAddress> addresses() {
        return listeners.stream().map(listener -> (InetSocketAddress) listener.getLocalSocketAddress()).toList();
    }

    /** Ranks of the job. */
    public int size() {
        return size;
    }

    /** Whether the rank has been let in. */
    synchronized boolean isMember(int rank) {
        return members[rank] != null;
    }

    /** Returns when all ranks have left in order, one was lost, or the time is over. */
    public synchronized void awaitDepartures(Duration limit) throws InterruptedException {
        Deadline deadline = Deadline.in(limit);
        while (left.cardinality() < size && failure == null && !deadline.passed()) {
            wait(Math.max(1, deadline.millisLeft()));
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            for (ServerSocket listener : listeners) {
                listener.close();
            }
        } catch (IOException e) {
            throw new ExchangeException("the rendezvous cannot stop to listen: " + e, e);
        }
        strangers.forEach(RendezvousStream::close);
        synchronized (this) {
            for (RendezvousStream member : members) {
                if (member != null) {
                    member.close();
                }
            }
        }
    }

    private void accept(ServerSocket listener) {
        while (!closed) {
            try {
                Socket socket = listener.accept();
                if (strangers.size() >= size + MORE_HELLOS_THAN_RANKS) {
                    socket.close();
                    continue;
                }
                RendezvousStream stream = new RendezvousStream(socket, Deadline.in(HELLO_TIME));
                strangers.add(stream);
                Thread.ofVirtual().start(() -> serve(stream));
            } catch (IOException e) {
                if (!closed) {
                    fail("the rendezvous at " + addresses() + " cannot accept connections: "
                            + ExchangeException.reason(e));
                    return;
                }
            }
        }
    }

    /** Greets a connection and answers it until it ends; in a thread of its own. */
    void serve(RendezvousStream stream) {
        int rank = -1;
        try {
            rank = greet(stream);
            strangers.remove(stream);
            stream.waitUntil(null);
            while (handle(rank, stream, stream.readByte())) {
                continue;
            }
        } catch (IOException e) {
            if (rank >= 0 && !closed && isMember(rank, stream)) {
                fail("rank " + rank + " was lost while the job was starting ("
                        + (e instanceof EOFException ? "its connection ended" : ExchangeException.reason(e))
                        + "): see its own output for the reason");
            }
        } finally {
            strangers.remove(stream);
            stream.close();
        }
    }

    private synchronized boolean isMember(int rank, RendezvousStream stream) {
        return members[rank] == stream;
    }

    /** The rank of a caller that knows the secret; an exception for any other. */
    private int greet(RendezvousStream stream) throws IOException {
        byte[] serverNonce = SharedSecret.nonce();
        stream.writeLong(RendezvousStream.MAGIC).writeInt(RendezvousStream.VERSION).writeRaw(serverNonce).flush();
        if (stream.readLong() != RendezvousStream.MAGIC) {
            throw new IOException("no hello of a rank");
        }
        int version = stream.readInt();
        if (version != RendezvousStream.VERSION) {
            throw refuse(stream, "it speaks version " + version + " of the rendezvous, this side speaks "
                    + RendezvousStream.VERSION + "; give all processes the same isthmus.jar");
        }
        RendezvousHello hello = new RendezvousHello(stream.readExactly(RendezvousHello.JOB_BYTES), stream.readInt(),
                stream.readInt(), stream.readInt(), serverNonce, stream.readExactly(SharedSecret.NONCE_BYTES));
        byte[] proof = stream.readExactly(SharedSecret.PROOF_BYTES);
        if (!SharedSecret.same(proof, hello.clientProof(secret))) {
            throw refuse(stream, "its secret is not that of the job");
        }
        admit(hello, stream);
        return hello.rank();
    }

    /**
     * Lets a rank in. One that says hello again has had no answer in time: its new connection takes the old one's
     * place.
     */
    private void admit(RendezvousHello hello, RendezvousStream stream) throws IOException {
        String reason = null;
        synchronized (this) {
            if (!SharedSecret.same(hello.job(), job)) {
                reason = "it belongs to another job";
            } else if (hello.size() != size || hello.rank() < 0 || hello.rank() >= size) {
                reason = "it says that it is rank " + hello.rank() + " of " + hello.size() + ", but the job has " + size
                        + " ranks";
            } else if (members[hello.rank()] != null && !hello.isRepeatOf(hellos[hello.rank()])) {
                reason = "there is a rank " + hello.rank() + " already; check that the launcher starts each rank once";
            } else if (failure != null) {
                reason = failure;
            } else {
                RendezvousStream earlier = members[hello.rank()];
                members[hello.rank()] = stream;
                hellos[hello.rank()] = hello;
                if (earlier != null) {
                    earlier.close();
                }
                send(stream, RendezvousStream.WELCOME, hello.serverProof(secret));
            }
        }
        if (reason != null) {
            throw refuse(stream, reason);
        }
    }

    private static IOException refuse(RendezvousStream stream, String reason) throws IOException {
        stream.writeByte(RendezvousStream.REFUSED).writeText(reason).flush();
        return new IOException(reason);
    }

    /** False when the rank has left in order. */
    private boolean handle(int rank, RendezvousStream stream, byte type) throws IOException {
        switch (type) {
            case RendezvousStream.FENCE -> {
                Map<String, byte[]> pairs = readPairs(stream);
                arrive(rank, pairs);
            }
            case RendezvousStream.GET -> answer(stream, stream.readKey());
            case RendezvousStream.GOODBYE -> {
                depart(rank);
                return false;
            }
            default -> throw new IOException("it sent a message of unknown type " + type);
        }
        return true;
    }

    private static Map<String, byte[]> readPairs(RendezvousStream stream) throws IOException {
        int count = stream.readInt();
        if (count < 0 || count > RendezvousStream.MAX_PAIRS) {
            throw new IOException("it sent " + count + " values at once, at most " + RendezvousStream.MAX_PAIRS
                    + " are allowed");
        }
        Map<String, byte[]> pairs = new HashMap<>();
        for (int i = 0; i < count; i++) {
            pairs.put(stream.readKey(), stream.readBytes(Exchange.MAX_VALUE));
        }
        return pairs;
    }

    private synchronized void depart(int rank) {
        left.set(rank);
        notifyAll();
        failIfFenceCannotComplete();
    }

    /** The launcher says that the process of that rank has ended: if it has not come, it never will. */
    public synchronized void ended(int rank) {
        if (members[rank] == null) {
            absent.set(rank);
            failIfFenceCannotComplete();
        }
    }

    /** What ranks are told that wait for others that have ended. */
    public static String endedEarly(IntStream ranks, int size) {
        return "rank(s) " + ranks.mapToObj(Integer::toString).collect(Collectors.joining(", ")) + " of " + size
                + " ended without calling MPI.Init, which others have called and would wait in for ever: all ranks of "
                + "a job call MPI.Init, or none; see the output of those that ended";
    }

    private void failIfFenceCannotComplete() {
        if (!absent.isEmpty() && !arrived.isEmpty()) {
            fail(endedEarly(absent.stream(), size));
        }
        if (!left.isEmpty() && !arrived.isEmpty()) {
            fail("rank " + left.nextSetBit(0) + " has left the rendezvous and rank " + arrived.nextSetBit(0)
                    + " waits for it; do all ranks run the same isthmus.jar?");
        }
    }

    private synchronized void arrive(int rank, Map<String, byte[]> pairs) {
        pairs.forEach((key, value) -> values.computeIfAbsent(key, name -> new byte[size][])[rank] = value);
        if (arrived.isEmpty()) {
            fenceDeadline = Deadline.in(timeout);
        }
        arrived.set(rank);
        if (arrived.cardinality() == size) {
            arrived.clear();
            fenceDeadline = null;
            for (RendezvousStream member : members) {
                tellFenced(member);
            }
        } else {
            failIfFenceCannotComplete();
        }
    }

    private static void tellFenced(RendezvousStream member) {
        try {
            send(member, RendezvousStream.FENCED, new byte[0]);
        } catch (IOException e) {
            member.close(); // gone; its own thread reports it
        }
    }

    private void answer(RendezvousStream stream, String key) throws IOException {
        byte[][] row;
        synchronized (this) {
            byte[][] found = values.get(key);
            row = found == null ? new byte[size][] : found.clone();
        }
        synchronized (stream) {
            stream.writeByte(RendezvousStream.VALUES);
            for (byte[] value : row) {
                stream.writeByte(value == null ? 0 : 1);
                if (value != null) {
                    stream.writeBytes(value);
                }
            }
            stream.flush();
        }
    }

    private static void send(RendezvousStream stream, byte type, byte[] body) throws IOException {
        synchronized (stream) {
            stream.writeByte(type).writeRaw(body).flush();
        }
    }

    private void watchDeadline() {
        try {
            while (!closed) {
                Thread.sleep(TICK_MILLIS);
                String late = lateRanks();
                if (late != null) {
                    fail(late);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized String lateRanks() {
        if (fenceDeadline == null || !fenceDeadline.passed()) {
            return null;
        }
        fenceDeadline = null;
        return "rank(s) " + IntStream.range(0, size).filter(rank -> !arrived.get(rank)).mapToObj(Integer::toString)
                .collect(Collectors.joining(", ")) + " of " + size + " did not come to the rendezvous within "
                + timeout.toMillis() + " ms of the first one; check that each one calls MPI.Init and can reach "
                + addresses() + ", or set a longer isthmus.wireup.timeout (ISTHMUS_WIREUP_TIMEOUT)";
    }

    /** Tells every rank, now and later, why the job cannot start. Each is told on a thread of its own. */
    private synchronized void fail(String reason) {
        if (failure != null) {
            return;
        }
        failure = reason;
        fenceDeadline = null;
        notifyAll();
        for (RendezvousStream member : members) {
            if (member != null) {
                Thread.ofVirtual().start(() -> tell(member, reason));
            }
        }
    }

    private static void tell(RendezvousStream member, String reason) {
        try {
            synchronized (member) {
                member.writeByte(RendezvousStream.FAILED).writeText(reason).flush();
            }
        } catch (IOException e) {
            member.close(); // gone itself
        }
    }
}
