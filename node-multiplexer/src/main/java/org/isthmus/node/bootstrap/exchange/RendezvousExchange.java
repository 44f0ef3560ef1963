package org.isthmus.node.bootstrap.exchange;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A rank's side of a {@link RendezvousServer}. The values of all ranks for one key come in one answer. */
public final class RendezvousExchange extends CheckedExchange {
    private static final long FIRST_PAUSE_MILLIS = 5;
    private static final long LONGEST_PAUSE_MILLIS = 200;
    private static final Duration CONNECT_TIME = Duration.ofSeconds(3);
    /** Longer than the server's deadline, so that its message, which names the missing ranks, comes first. */
    private static final Duration ANSWER_MARGIN = Duration.ofSeconds(2);

    /** Longer than the server takes: who gives up after the server has let him in is lost for the job. */
    private static final Duration HELLO_TIME = RendezvousServer.HELLO_TIME.multipliedBy(3);

    private final RendezvousStream stream;
    private final String name;
    private final int rank;
    private final int size;
    private final Duration timeout;
    private final Map<String, byte[]> unsent = new LinkedHashMap<>();
    private final Map<String, byte[][]> fetched = new HashMap<>();

    /** @param stream that has been greeted */
    RendezvousExchange(RendezvousStream stream, String name, int rank, int size, Duration timeout) {
        this.stream = stream;
        this.name = name;
        this.rank = rank;
        this.size = size;
        this.timeout = timeout;
    }

    /**
     * Connects and proves, both ways, that the job's secret is known.
     *
     * @param addresses where the server may be, tried in turn until the time is over
     * @param jobId text that all ranks of the job give
     * @param timeout for the connection and, afterwards, for each call
     */
    public static RendezvousExchange connect(List<InetSocketAddress> addresses, JobSecret secret, String jobId,
            int rank, int size, Duration timeout) {
        try (RendezvousCaller caller = new RendezvousCaller(jobId, rank, size)) {
            return connect(addresses, secret, caller, timeout);
        }
    }

    /** The same for a caller that may have called before. */
    static RendezvousExchange connect(List<InetSocketAddress> addresses, JobSecret secret, RendezvousCaller caller,
            Duration timeout) {
        int rank = caller.rank();
        int size = caller.size();
        Deadline deadline = Deadline.in(timeout);
        long pause = FIRST_PAUSE_MILLIS;
        while (true) {
            List<String> failures = new ArrayList<>();
            for (int i = 0; i < addresses.size(); i++) {
                InetSocketAddress address = addresses.get(i);
                try {
                    // one that answers nothing must leave time for the others
                    RendezvousStream stream = open(address, deadline, deadline.millisLeft() / (addresses.size() - i));
                    caller.greet(stream, secret);
                    return new RendezvousExchange(stream, "rendezvous at " + address, rank, size, timeout);
                } catch (IOException e) {
                    failures.add(address + " (" + ExchangeException.reason(e) + ")");
                }
            }
            if (deadline.passed()) {
                throw new ExchangeException("rank " + rank + " of " + size + " cannot reach the rendezvous of its job "
                        + "within " + timeout.toMillis() + " ms: " + String.join(", ", failures) + "; check that the "
                        + "address is reachable from this node and that no firewall is between, or set a longer "
                        + "isthmus.wireup.timeout (ISTHMUS_WIREUP_TIMEOUT)");
            }
            sleep(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        }
    }

    private static RendezvousStream open(InetSocketAddress address, Deadline deadline, int millis) throws IOException {
        InetSocketAddress resolved = address.isUnresolved()
                ? new InetSocketAddress(address.getHostString(), address.getPort()) : address;
        if (resolved.isUnresolved()) {
            throw new IOException("no such host");
        }
        Socket socket = new Socket();
        try {
            socket.connect(resolved, Math.max(1, (int) Math.min(millis, CONNECT_TIME.toMillis())));
            Deadline hello = Deadline.in(HELLO_TIME);
            return new RendezvousStream(socket, hello.millisLeft() < deadline.millisLeft() ? hello : deadline);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** The same exchange with another time for each call. */
    RendezvousExchange within(Duration time) {
        return new RendezvousExchange(stream, name, rank, size, time);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    void send(String key, byte[] value) {
        if (unsent.size() == RendezvousStream.MAX_PAIRS) {
            throw new IllegalArgumentException("more than " + RendezvousStream.MAX_PAIRS
                    + " values were put without a fence between");
        }
        unsent.put(key, value);
    }

    @Override
    void awaitAll() {
        try {
            stream.waitUntil(Deadline.in(timeout.plus(ANSWER_MARGIN)));
            stream.writeByte(RendezvousStream.FENCE).writeInt(unsent.size());
            for (Map.Entry<String, byte[]> pair : unsent.entrySet()) {
                stream.writeText(pair.getKey()).writeBytes(pair.getValue());
            }
            stream.flush();
            unsent.clear();
            fetched.clear();
            expect(RendezvousStream.FENCED);
        } catch (IOException e) {
            throw failed("fence", e);
        }
    }

    @Override
    byte[] fetch(int from, String key) {
        byte[][] row = fetched.computeIfAbsent(key, this::fetchAll);
        return row[from] == null ? null : row[from].clone();
    }

    private byte[][] fetchAll(String key) {
        try {
            stream.waitUntil(Deadline.in(timeout));
            stream.writeByte(RendezvousStream.GET).writeText(key).flush();
            expect(RendezvousStream.VALUES);
            byte[][] row = new byte[size][];
            for (int i = 0; i < size; i++) {
                row[i] = stream.readByte() == 0 ? null : stream.readBytes(MAX_VALUE);
            }
            return row;
        } catch (IOException e) {
            throw failed("get of " + key, e);
        }
    }

    private void expect(byte type) throws IOException {
        byte answer = stream.readByte();
        if (answer == RendezvousStream.FAILED) {
            throw new ExchangeException("rank " + rank + ": " + stream.readReason());
        }
        if (answer != type) {
            throw new IOException("the rendezvous sent a message of type " + answer + " instead of " + type);
        }
    }

    private ExchangeException failed(String what, IOException e) {
        String cause = e instanceof EOFException ? "the process that holds it has ended"
                : e instanceof SocketTimeoutException ? "no answer within " + timeout.toMillis() + " ms"
                : ExchangeException.reason(e);
        return new ExchangeException("rank " + rank + ": " + what + " by the " + name + " failed: " + cause, e);
    }

    @Override
    void leave() {
        try {
            stream.writeByte(RendezvousStream.GOODBYE).flush();
        } catch (IOException e) {
            // the server has gone first
        }
        stream.close();
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExchangeException("interrupted while connecting to the rendezvous", e);
        }
    }
}
